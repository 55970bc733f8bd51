import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { english } from "../../src/answer/language.ts";
import { createTimeWriter } from "../../src/answer/time-writer.ts";
import { type CheckMeans, checkPage } from "../../src/page/check-page.ts";
import { sampleSite } from "../../src/page/samples.ts";
import { tryTemplateApart } from "../../src/template-trials.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** What pages are checked with. */
export const checkMeans: CheckMeans = {
  writeTime: createTimeWriter("UTC"),
  staffUrl: "",
  tryTemplate: tryTemplateApart({ timezone: "UTC", staffUrl: "" }),
  samples: { now: Date.UTC(2026, 10, 20, 12), language: english, site: sampleSite, publicReason: true },
};

/** What every page should have. */
export const goodHead =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>x</title>';

export interface CheckedFolder {
  readonly folder: string;
  put(name: string, content: string | Uint8Array): Promise<string>;
  /** `line severity what; advice`; of other files these before it. */
  check(name: string, content: string | Uint8Array): Promise<readonly string[]>;
  empty(): Promise<void>;
  remove(): Promise<void>;
}

export function checkedFolder(): CheckedFolder {
  const outer = temporaryFolder();
  const folder = outer.file("pages");
  return {
    folder,
    put,
    async check(name, content) {
      const path = await put(name, content);
      return (await checkPage(path, checkMeans)).map(({ file, line, severity, what, advice }) => {
        const other = file === path ? "" : `${file?.slice(folder.length + 1) ?? "-"}:`;
        return `${other}${line ?? "-"} ${severity} ${what}; ${advice}`;
      });
    },
    async empty() {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder);
    },
    remove: () => outer.remove(),
  };

  async function put(name: string, content: string | Uint8Array): Promise<string> {
    const path = `${folder}/${name}`;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return path;
  }
}
