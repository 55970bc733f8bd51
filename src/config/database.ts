import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Machine } from "./machine.ts";
import { type Rule, read, refuse, text } from "./rules.ts";

export const SYSTEM_CONFIG_FILE = "/etc/lull/lull.toml";
const SYSTEM_DATA_FOLDER = "/var/lib/lull";
const DATABASE_FILE = "lull.db";

const ALLOWED = '"file:" and an absolute path, such as "file:/var/lib/lull/lull.db"';

/**
 * The place of the database. It must never depend on the current folder, so only a flag, which is written where the
 * command is run, may be a plain or relative path; it is resolved against `workingFolder`.
 */
export function databaseRule(workingFolder: string): Rule<string> {
  return (given) =>
    text(ALLOWED, (value) => {
      const isFlag = given.origin.kind === "flag";
      // One letter is a Windows drive.
      const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(value)?.[1]?.toLowerCase();
      if (value === "" || value.includes("\0") || value.includes(":memory:")) return refuse(value, ALLOWED);
      if (scheme !== undefined && scheme !== "file")
        return refuse(value, `${ALLOWED}; other databases are not supported`);
      const path = scheme === "file" ? pathOf(value) : isFlag ? value : null;
      if (path === null || path === "") return refuse(value, ALLOWED);
      if (path.startsWith("~")) return refuse(value, "the whole path; the shell has not replaced the ~");
      if (!isAbsolute(path) && !isFlag) return refuse(value, `${ALLOWED}; it must not depend on the current folder`);
      if (/[/\\]$/.test(path)) return refuse(value, `the file, such as ${JSON.stringify(`${value}${DATABASE_FILE}`)}`);
      return read(databaseUrl(resolve(workingFolder, path)));
    })(given);
}

/** `file:/absolute/path` for a path; the inverse of what the store reads from it. */
export function databaseUrl(path: string): string {
  return `file:${pathToFileURL(path).pathname}`;
}

/**
 * null: not a file's URL. A query or fragment is refused, because whoever opens the file would drop it in silence;
 * NUL and slashes in disguise, because readers differ on them.
 */
function pathOf(url: string): string | null {
  const rest = url.slice("file:".length);
  if (/[?#]|%(?:00|2f|5c)/i.test(rest)) return null;
  try {
    // Not every fileURLToPath throws on broken escapes.
    const decoded = decodeURIComponent(rest);
    if (!rest.startsWith("/")) return decoded;
    return fileURLToPath(rest.startsWith("//") ? url : `file://${rest}`);
  } catch {
    return null;
  }
}

/**
 * Where the database is when nobody says so: the system's place for root and where lull is installed for the system,
 * else the user's. null: the user has no home folder.
 */
export function defaultDatabase(
  environment: Readonly<Record<string, string | undefined>>,
  machine: Machine,
): string | null {
  if (machine.isRoot || machine.exists(SYSTEM_DATA_FOLDER) || machine.exists(SYSTEM_CONFIG_FILE)) {
    return databaseUrl(join(SYSTEM_DATA_FOLDER, DATABASE_FILE));
  }
  const folder = userFolder(environment["XDG_DATA_HOME"], { machine, below: ".local/share" });
  return folder === null ? null : databaseUrl(join(folder, "lull", DATABASE_FILE));
}

/** XDG base directories: an empty or relative variable counts as unset. null: no home folder either. */
export function userFolder(
  variable: string | undefined,
  otherwise: { readonly machine: Machine; readonly below: string },
): string | null {
  if (variable !== undefined && isAbsolute(variable)) return variable;
  const home = otherwise.machine.homeFolder;
  return isAbsolute(home) ? join(home, otherwise.below) : null;
}
