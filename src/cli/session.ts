import { groupId } from "../accounts.ts";
import type { Config } from "../config/keys.ts";
import { LullError } from "../gate/error.ts";
import type { ChangeContext } from "../store/change.ts";
import { type Database, type OpenOptions, openDatabase, openOrCreateDatabase } from "../store/database.ts";
import { codeOf, databaseFault } from "../store/fault.ts";
import { migrate, schemaState } from "../store/migrate.ts";
import { type ReadSnapshot, readSnapshot, type SnapshotTime } from "../store/snapshot.ts";
import type { Given } from "./arguments.ts";
import { settingsOf } from "./config-for.ts";
import { nameDatabase, type Opened } from "./opened.ts";
import type { Shell } from "./shell.ts";

/** How long a command waits for another process's lock. */
const busyTimeoutMs = 5_000;
/** The same for one that does something else meanwhile: the wait blocks its thread. */
const shortTimeoutMs = 250;

/** Opens the database for a command that only looks, and closes it afterwards. Throws LullError when there is none. */
export async function reading<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  return using(await openDatabase(openOptions(config)), async (database) => {
    const state = await schemaState(database);
    if (state.kind === "empty" || state.kind === "older") {
      const what = state.kind === "empty" ? "holds nothing yet" : `has the older schema ${state.version}`;
      throw new LullError("unreachable", `database ${database.path}: ${what}; "lull migrate" brings it up to date`);
    }
    return work(database);
  });
}

/** Opens the database, makes the file where it is missing, and closes it afterwards. Throws LullError. */
export async function creating<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  return using(await openOrCreateDatabase(openOptions(config)), work);
}

/** The same for a command that changes something: the schema is up to date. A dry run makes and migrates nothing. */
export function writing<T>(config: Config, context: ChangeContext, work: (opened: Opened) => Promise<T>): Promise<T> {
  if (context.dryRun) return reading(config, (database) => work({ database, created: false }));
  return creating(config, async (database) => {
    const { from } = await migrate(database, context.now);
    const opened = { database, created: from === 0 };
    try {
      return await work(opened);
    } catch (error) {
      // What was refused may well be there, in the database that was meant.
      if (!opened.created || !(error instanceof LullError)) throw error;
      throw new LullError(error.kind, `${error.message}\n${nameDatabase(opened)}`, { cause: error });
    }
  });
}

/**
 * Opens a database that was written before, and makes and migrates nothing. `renewing`: gives up soon, because the wait
 * for a lock blocks the thread. Throws LullError.
 */
export async function returning<T>(
  config: Config,
  what: "renewing" | "ending",
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const patience = what === "renewing" ? { busyTimeoutMs: shortTimeoutMs } : {};
  return using(await openDatabase({ ...openOptions(config), ...patience }), work);
}

export function contextOf(shell: Shell, given: Given): ChangeContext {
  return {
    actor: shell.actor,
    now: shell.now(),
    clock: () => shell.now(),
    reason: given.text("reason") ?? "",
    dryRun: given.flag("dry-run"),
  };
}

/** What a sidecar with this configuration would decide by, at `at` as well. Throws LullError. */
export function snapshotOf(database: Database, config: Config, when: SnapshotTime): Promise<ReadSnapshot> {
  return readSnapshot(database, settingsOf(config), when);
}

function openOptions(config: Config): OpenOptions {
  return {
    url: config.database,
    busyTimeoutMs,
    groupId: config.databaseGroup === "" ? null : groupId(config.databaseGroup),
  };
}

async function using<T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> {
  try {
    return await work(database);
  } catch (error) {
    throw codeOf(error).startsWith("SQLITE_") ? databaseFault(error, database.path) : error;
  } finally {
    await database.close();
  }
}
