import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isFlagName } from "./flags.ts";
import type { HeldSite } from "./held-site.ts";
import { pagesFolder } from "./make-folders.ts";
import { othersTurn } from "./others-turn.ts";
import type { Outlook } from "./outlook.ts";
import { placeFile, syncFolder } from "./place-file.ts";

/** A page that can stand for days: nothing in it counts. null: nothing is known of the site. Throws nothing. */
export type RenderPage = (held: HeldSite | null) => string | Uint8Array;

export const commonPage = "503.html";

/** Runs one piece of work, and keeps what goes wrong with it for later. */
export type Attempt = (name: string, work: () => Promise<void>) => Promise<void>;

/** `cut-short`: there is something newer; what was done need not be done again. */
export type Extent = "whole" | "cut-short";

export interface PageWork {
  readonly attempt: Attempt;
  readonly isOutdated: () => boolean;
}

/** The pages of a mirror. */
export interface MirrorPages {
  /** The page of whatever site has none of its own. */
  writeCommon(outlook: Outlook, attempt: Attempt): Promise<void>;
  /** Writes what differs from what is there, and takes away what no site needs any more. To be called after `writeCommon`. */
  write(outlook: Outlook, work: PageWork): Promise<Extent>;
  /** Pages may be others now. */
  renderAgain(): void;
  /** What is there is no longer known. */
  forget(): void;
}

const pageSuffix = ".html";
/** So many pages take about a millisecond, in which no check is answered, and are written at the same time. */
const pagesPerTurn = 16;

/** A site has a page of its own only while it is held and its page is not the common one. */
export function createMirrorPages(root: string, render: RenderPage): MirrorPages {
  const folder = join(root, pagesFolder);
  /** Of the files that are known to be there, by their paths in the mirror. */
  const contents = new Map<string, bigint>();
  /** For what their pages are in place, by the names of flags: to render thousands again would be dear. */
  const rendered = new Map<string, HeldSite>();
  let commonHash: bigint | null = null;
  let mustLook = true;
  let mustSync = false;

  async function place(path: string, content: string | Uint8Array): Promise<"placed" | "same"> {
    const hash = hashOf(content);
    if (!contents.has(path)) {
      const found = await readFile(join(root, path)).catch(() => null);
      if (found !== null) contents.set(path, hashOf(found));
    }
    if (contents.get(path) === hash) return "same";
    await placeFile(join(root, path), content);
    contents.set(path, hash);
    return "placed";
  }

  return {
    forget() {
      contents.clear();
      rendered.clear();
      mustLook = true;
    },
    renderAgain: () => rendered.clear(),
    async writeCommon({ everywhere }, attempt) {
      const common = render(everywhere);
      if (hashOf(common) !== commonHash) rendered.clear();
      commonHash = hashOf(common);
      await attempt(commonPage, async () => void (await place(commonPage, common)));
    },
    async write({ held }, { attempt, isOutdated }) {
      const stale = new Set(await stalePages(attempt));
      const isDone = ([name, site]: readonly [string, HeldSite]) => rendered.get(name) === site;
      for (const name of rendered.keys()) if (!held.has(name)) rendered.delete(name);
      for (const each of held) {
        const path = pagePath(each[0]);
        if (isDone(each) && contents.has(path)) stale.delete(path);
      }
      const sites = [...held].filter((each) => !isDone(each));
      for (let from = 0; from < sites.length; from += pagesPerTurn) {
        if (from > 0) await othersTurn();
        if (from > 0 && isOutdated()) return "cut-short";
        const placing = sites.slice(from, from + pagesPerTurn).map(async ([name, site]) => {
          const page = render(site);
          const path = pagePath(name);
          if (hashOf(page) !== commonHash) {
            stale.delete(path);
            await attempt(path, async () => {
              if ((await place(path, page)) === "placed") mustSync = true;
            });
          }
          rendered.set(name, site);
        });
        await Promise.all(placing);
      }
      for (const path of stale) {
        await attempt(path, async () => {
          await rm(join(root, path), { force: true });
          contents.delete(path);
          mustSync = true;
        });
      }
      if (mustSync) await attempt(pagesFolder, () => syncFolder(folder));
      mustSync = false;
      return "whole";
    },
  };

  /** All that are there, until a site turns out to need them. */
  async function stalePages(attempt: Attempt): Promise<readonly string[]> {
    if (!mustLook) return [...contents.keys()].filter((path) => path !== commonPage);
    const found: string[] = [];
    await attempt(pagesFolder, async () => {
      for (const file of await readdir(folder)) if (isPageName(file)) found.push(join(pagesFolder, file));
      mustLook = false;
    });
    return found;
  }
}

function pagePath(name: string): string {
  return join(pagesFolder, `${name}${pageSuffix}`);
}

/** Whether a file in the folder of pages is ours to take away. */
function isPageName(file: string): boolean {
  return file.endsWith(pageSuffix) && isFlagName(file.slice(0, -pageSuffix.length));
}

/** Strings and their bytes in UTF-8 have the same. */
function hashOf(content: string | Uint8Array): bigint {
  return Bun.hash.xxHash64(content);
}
