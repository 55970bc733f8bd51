import { accessSync, constants } from "node:fs";
import { dirname } from "node:path";
import { LullError } from "../gate/error.ts";

/** What stands in the way of a database, as an error of kind `unreachable` in one line: what, where, what to do. */
export function databaseFault(error: unknown, path: string): LullError {
  if (error instanceof LullError) return error;
  return new LullError("unreachable", `database ${path}: ${sentence(codeOf(error), path, error)}`, { cause: error });
}

/** The first `code` in an error and its causes: libSQL's (`SQLITE_BUSY`) or the system's (`EACCES`); "" when there is none. */
export function codeOf(error: unknown): string {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    if ("code" in cause && typeof cause.code === "string") return cause.code;
  }
  return "";
}

function sentence(code: string, path: string, error: unknown): string {
  switch (code) {
    case "ENOENT":
      return 'does not exist yet; "lull migrate" makes it, and so does the first command that changes something';
    case "ENOTDIR":
      return "a part of the path is not a folder; correct the setting database";
    case "SQLITE_BUSY":
    case "SQLITE_LOCKED":
      return "another process holds it locked; wait until it has ended, then try again (nothing was changed)";
    case "SQLITE_READONLY":
    case "EROFS":
      return "it is read-only; mount the file system writable, or move the database (setting database)";
    case "SQLITE_FULL":
    case "ENOSPC":
    case "EDQUOT":
      return "the disk is full; make room and try again (nothing was changed)";
    case "SQLITE_CORRUPT":
      return 'it is damaged; put a copy made by "lull backup" in its place';
    case "SQLITE_NOTADB":
      return "the file is not a database; correct the setting database, or move the file away";
    case "EACCES":
    case "EPERM":
    case "SQLITE_PERM":
      return noAccess(path);
    case "SQLITE_CANTOPEN":
      return readable(path) ? "it cannot be opened; see that its folder can be written (WAL needs it)" : noAccess(path);
    case "SQLITE_IOERR":
      return `reading or writing failed (${firstLine(error)}); see the disk`;
    default:
      return firstLine(error);
  }
}

function noAccess(path: string): string {
  return `this user has no access to ${dirname(path)}; join group lull (usermod -aG lull NAME), or run as root`;
}

function readable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    accessSync(dirname(path), constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
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
