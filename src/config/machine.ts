import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname } from "node:path";

/** What the configuration looks up on the machine, so that tests can vary it. */
export interface Machine {
  readonly isRoot: boolean;
  /** Absolute. Only paths that are given as flags are resolved against it. */
  readonly workingFolder: string;
  /** Absolute; empty: the user has none. */
  readonly homeFolder: string;
  /** The system's IANA time zone; empty: unknown. */
  readonly timezone: string;
  readonly exists: (path: string) => boolean;
  /** Whether this user can make files in the folder, or can make the folder where it is missing. */
  readonly canHold: (folder: string) => boolean;
  /** Throws when the file cannot be read or is not UTF-8. */
  readonly readText: (path: string) => string;
}

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  return {
    isRoot: process.geteuid?.() === 0,
    workingFolder: process.cwd(),
    homeFolder: homedir(),
    get timezone() {
      return Temporal.Now.timeZoneId();
    },
    exists: existsSync,
    canHold: (folder) => canWrite(existsSync(folder) ? folder : dirname(folder)),
    readText: (path) => new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path)),
  };
}

function canWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
