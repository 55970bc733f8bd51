import { stat } from "node:fs/promises";
import { join } from "node:path";
import { LullError } from "../gate/error.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import {
  type FlagKind,
  type Flags,
  flagSource,
  flagSteps,
  flagsOf,
  isSameFlags,
  lowerFlag,
  makeFlagSource,
  raiseFlag,
  readFlags,
  syncFlags,
} from "./flags.ts";
import { hostsMap, type MapName, mapNames, statesMap, wildcardsMap } from "./host-maps.ts";
import { makeFolders } from "./make-folders.ts";
import { type Attempt, commonPage, createMirrorPages, type Extent, type RenderPage } from "./mirror-pages.ts";
import type { Outlook } from "./outlook.ts";
import { placeFile, syncFolder } from "./place-file.ts";
import { recordName, recordWritten, type Written } from "./scribe.ts";

export interface FolderOptions {
  readonly root: string;
  readonly renderPage: RenderPage;
  readonly isAlive: (processId: number) => boolean;
  /** Whether somebody has written something newer meanwhile: then nothing is lowered, and nothing more written. */
  readonly isSuperseded?: () => Promise<boolean>;
}

export type FolderExtent = "written" | "superseded";

/** The folder of a mirror, and what of it is known to be there. */
export interface MirrorFolder {
  /** All by which a proxy lets in or holds, and the common page. What fails does not hinder the rest. Throws LullError with the first failure. */
  writeStates(snapshot: Snapshot, outlook: Outlook, written: Written): Promise<FolderExtent>;
  /** The pages of single sites. `isOutdated`: there is something newer to write, for which they can wait. The same. */
  writePages(outlook: Outlook, isOutdated: () => boolean): Promise<Extent>;
  /** Whether everything is as it was written last. Throws nothing. */
  isUntouched(): Promise<boolean>;
  /** What is there is no longer known: the next write looks at everything. */
  forget(): void;
  /** Pages may be others now. */
  renderAgain(): void;
}

type MapKey = readonly unknown[];

/** So many flags are raised at the same time. */
const flagsPerTurn = 64;

export function createMirrorFolder({ root, renderPage, isAlive, isSuperseded }: FolderOptions): MirrorFolder {
  const pages = createMirrorPages(root, renderPage);
  /** null: not known. */
  let flags: Flags | null = null;
  let marks: ReadonlyMap<string, string> = new Map();
  const texts = new Map<MapName, string>();
  /** From what the maps of hosts were made. */
  let hostsFrom: MapKey = [];

  function forget(): void {
    flags = null;
    texts.clear();
    hostsFrom = [];
    pages.forget();
  }

  async function moveFlags(from: Flags, to: Flags, attempt: Attempt): Promise<FolderExtent> {
    const steps = flagSteps(from, to);
    for (const { kind, change, names } of steps) {
      if (change === "lower" && (await isSuperseded?.()) === true) return "superseded";
      for (let first = 0; first < names.length; first += flagsPerTurn) {
        const moving = names.slice(first, first + flagsPerTurn).map((name) => {
          const path = join(root, kind, name);
          return attempt(join(kind, name), () => (change === "raise" ? raiseFlag(root, path) : lowerFlag(path)));
        });
        await Promise.all(moving);
      }
    }
    const kinds = new Set<FlagKind>(steps.map(({ kind }) => kind));
    if (kinds.size > 0) await attempt([...kinds].join(", "), () => syncFlags(root, kinds));
    return "written";
  }

  async function placeMap(name: MapName, text: string, attempt: Attempt): Promise<void> {
    if (texts.get(name) === text) return;
    await attempt(name, async () => {
      await placeFile(join(root, name), text);
      texts.set(name, text);
    });
  }

  async function placeMaps(snapshot: Snapshot, { held }: Outlook, attempt: Attempt): Promise<void> {
    const { exactHosts, wildcardHosts, anyHost, policy, sites } = snapshot;
    const key = [exactHosts, wildcardHosts, anyHost, policy, sites.has(policy.defaultSite)];
    if (!key.every((each, index) => each === hostsFrom[index])) {
      await placeMap("hosts.map", hostsMap(snapshot), attempt);
      await placeMap("wildcards.map", wildcardsMap(snapshot), attempt);
      hostsFrom = key;
    }
    await placeMap("states.map", statesMap(held), attempt);
  }

  /** Does all that can be done. Throws the first failure afterwards. */
  async function gathering<Result>(
    work: (attempt: Attempt, hasFailed: () => boolean) => Promise<Result>,
  ): Promise<Result> {
    const failures: LullError[] = [];
    const attempt: Attempt = async (name, each) => {
      try {
        await each();
      } catch (error) {
        failures.push(failureOf(join(root, name), error));
      }
    };
    const result = await work(attempt, () => failures.length > 0);
    const [failure] = failures;
    if (failure === undefined) return result;
    forget();
    throw failure;
  }

  return {
    forget,
    renderAgain: pages.renderAgain,
    writeStates(snapshot, outlook, written) {
      return gathering(async (attempt, hasFailed) => {
        const wanted = flagsOf(outlook.held);
        if (flags === null) {
          await attempt("", () => makeFolders(root, isAlive));
          await attempt(flagSource, () => makeFlagSource(root));
          await attempt("", async () => {
            flags = await readFlags(root);
          });
        }
        if (flags !== null && (await moveFlags(flags, wanted, attempt)) === "superseded") {
          forget();
          return "superseded";
        }
        flags = wanted;
        await placeMaps(snapshot, outlook, attempt);
        await pages.writeCommon(outlook, attempt);
        // Whoever reads it relies on the flags.
        if (!hasFailed()) await attempt(recordName, () => recordWritten(root, written));
        await attempt("", () => syncFolder(root));
        await attempt("", async () => {
          marks = await marksOf(root);
        });
        return "written";
      });
    },
    writePages(outlook, isOutdated) {
      return gathering((attempt) => pages.write(outlook, { attempt, isOutdated }));
    },
    async isUntouched() {
      try {
        if (flags === null || !isSameFlags(flags, await readFlags(root))) return false;
        const found = await marksOf(root);
        return found.size === marks.size && [...found].every(([name, mark]) => marks.get(name) === mark);
      } catch {
        return false;
      }
    },
  };
}

/** By which it shows that somebody else has changed one of the files that are always there. Throws the system's error. */
async function marksOf(root: string): Promise<ReadonlyMap<string, string>> {
  const names = [...mapNames, commonPage, recordName];
  const marks = names.map(async (name): Promise<[string, string]> => {
    const { ino, size, mtimeMs, mode } = await stat(join(root, name));
    return [name, `${ino} ${size} ${mtimeMs} ${mode}`];
  });
  return new Map(await Promise.all(marks));
}

function failureOf(path: string, error: unknown): LullError {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return new LullError("unreachable", `${path} cannot be written: ${advice(code, error)}`, { cause: error });
}

function advice(code: string, error: unknown): string {
  switch (code) {
    case "EACCES":
    case "EPERM":
      return "no access; give the folder of the setting mirror to the sidecar's user (chown)";
    case "ENOENT":
      return "its folder does not exist; make it, or change the setting mirror";
    case "ENOSPC":
    case "EDQUOT":
      return "no space is left; make room";
    case "EROFS":
      return "it lies on a file system that is read-only; change the setting mirror";
    case "EEXIST":
    case "EISDIR":
    case "ENOTDIR":
      return "something else has this name; move it away";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
