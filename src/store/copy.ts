import { existsSync, linkSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { createClient } from "@libsql/client/sqlite3";
import { LullError } from "../gate/error.ts";
import { type Database, databaseUrl } from "./database.ts";
import { codeOf, databaseFault, systemCodeOf } from "./fault.ts";
import { createPrivateFile, syncFile, syncFolder } from "./private-file.ts";

/**
 * Writes a consistent copy while others use the database, for its owner alone. Refuses (LullError) to overwrite.
 * The copy is whole from the moment that it has its name, and on the disk when this returns.
 */
export async function copyTo(database: Database, target: string): Promise<void> {
  if (existsSync(target)) throw refuseToOverwrite(target);
  const partial = `${target}.${process.pid}.partial`;
  try {
    createPrivateFile(partial, null);
  } catch (error) {
    throw targetFault(error, target);
  }
  try {
    await database.client.execute({ sql: "VACUUM INTO ?", args: [partial] });
    await forgetSidecars(partial);
    syncFile(partial);
    publish(partial, target);
    syncFolder(dirname(target));
  } catch (error) {
    throw isOfTarget(codeOf(error)) ? targetFault(error, target) : databaseFault(error, database.path);
  } finally {
    rmSync(partial, { force: true });
  }
}

/** Where the copy is put to use other sidecars run, and commands must not wait for these. */
async function forgetSidecars(path: string): Promise<void> {
  const client = createClient({ url: databaseUrl(path), concurrency: 1 });
  try {
    const tables = await client.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'sidecar'");
    if (tables.rows.length > 0) await client.execute("DELETE FROM sidecar");
  } finally {
    client.close();
  }
}

/** A link never overwrites, a rename does; not every file system has links. */
function publish(partial: string, target: string): void {
  try {
    linkSync(partial, target);
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") throw refuseToOverwrite(target);
    if (existsSync(target)) throw refuseToOverwrite(target);
    renameSync(partial, target);
  }
}

function isOfTarget(code: string): boolean {
  return !code.startsWith("SQLITE_") || code === "SQLITE_FULL" || code === "SQLITE_IOERR";
}

function targetFault(error: unknown, target: string): Error {
  const code = codeOf(error);
  switch (code) {
    case "ENOENT":
      return new LullError(
        "refused",
        `${target}: there is no folder ${dirname(target)}; make it, or name another file`,
      );
    case "SQLITE_FULL":
    case "SQLITE_IOERR":
    case "ENOSPC":
    case "EDQUOT":
      return new LullError("refused", `${target}: the disk is full; make room, or name another file`, { cause: error });
    default:
      if (error instanceof LullError || !/^E[A-Z0-9]+$/.test(code)) return databaseFault(error, target);
      return new LullError("refused", `${target}: cannot be written (${code}); name another file`, { cause: error });
  }
}

function refuseToOverwrite(target: string): LullError {
  return new LullError("refused", `${target} exists already, and a backup never overwrites; name another file`);
}
