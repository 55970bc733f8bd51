import { accessSync, constants, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { LullError } from "../gate/error.ts";

/**
 * What stands in the way of a database, as an error of kind `unreachable` in one line: what, where, what to do.
 * What is neither libSQL's nor the system's is a bug, and stays as it is.
 */
export function databaseFault(error: unknown, path: string): Error {
  if (error instanceof LullError) return error;
  const code = codeOf(error);
  if (!code.startsWith("SQLITE_") && !/^E[A-Z0-9]+$/.test(code))
    return error instanceof Error ? error : new Error(String(error));
  return new LullError("unreachable", `database ${path}: ${sentence(code, path, error)}`, { cause: error });
}

/** The first `code` in an error and its causes: libSQL's (`SQLITE_BUSY`) or the system's (`EACCES`); "" when there is none. */
export function codeOf(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    if ("code" in cause && typeof cause.code === "string" && cause.code !== "") return cause.code;
    // libSQL gives an empty code when it cannot open a file.
    if (cause.message.startsWith("ConnectionFailed(")) return "SQLITE_CANTOPEN";
  }
  return "";
}

/** The error's own code, as the system's calls give it. */
export function systemCodeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

const full = "the disk is full; make room and try again (nothing was changed)";
const readOnly = "it is read-only; mount the file system writable, or move the database (setting database)";

function sentence(code: string, path: string, error: unknown): string {
  switch (code) {
    case "ENOENT":
      return 'does not exist yet; "lull migrate" makes it, and so does the first command that changes something';
    case "ENOTDIR":
      return "a part of the path is not a folder; correct the setting database";
    case "SQLITE_BUSY":
    case "SQLITE_LOCKED":
      return "another process holds it locked; wait until it has ended, then try again (nothing was changed)";
    case "EROFS":
      return readOnly;
    case "SQLITE_READONLY":
      return obstacle(path) ?? readOnly;
    case "SQLITE_FULL":
    case "ENOSPC":
    case "EDQUOT":
      return full;
    case "SQLITE_CORRUPT":
      return `it is damaged; put a copy made by "lull backup" in its place, and take ${path}-wal away if it is there`;
    case "SQLITE_NOTADB":
      return "the file is not a database; correct the setting database, or move the file away";
    case "EACCES":
    case "EPERM":
    case "SQLITE_PERM":
      return noAccess(path);
    case "SQLITE_CANTOPEN":
      return obstacle(path) ?? "it cannot be opened; see that its folder can be written (WAL needs it)";
    case "SQLITE_IOERR":
      return isFull(path) ? full : `reading or writing failed (${firstLine(error)}); see the disk`;
    default:
      return firstLine(error);
  }
}

function noAccess(path: string): string {
  const folder = dirname(path);
  if (!isOpenTo(folder))
    return `this user has no access to ${folder}; join group lull (usermod -aG lull NAME), or run as root`;
  return "this user has no access to it; run as its owner or root, or let a group use it (setting database_group, then a start as its owner)";
}

function isOpenTo(folder: string): boolean {
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Why file or folder cannot be used, for faults of which SQLite says too little; null: they can. */
function obstacle(path: string): string | null {
  try {
    if (statSync(path).isDirectory()) return "it is a folder; correct the setting database";
    accessSync(path, constants.R_OK | constants.W_OK);
    accessSync(dirname(path), constants.R_OK | constants.W_OK | constants.X_OK);
    return isFull(path) ? full : null;
  } catch (error) {
    return systemCodeOf(error) === "EROFS" ? readOnly : noAccess(path);
  }
}

function isFull(path: string): boolean {
  try {
    return statfsSync(dirname(path)).bavail === 0;
  } catch {
    return false;
  }
}

function firstLine(error: unknown): string {
  let innermost = error;
  while (innermost instanceof Error && innermost.cause instanceof Error) innermost = innermost.cause;
  const text = innermost instanceof Error ? innermost.message : String(innermost);
  return text.split("\n", 1)[0] ?? "";
}
