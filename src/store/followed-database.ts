import { type BigIntStats, statSync } from "node:fs";
import { LullError } from "../gate/error.ts";
import { type Database, databasePath, databaseUrl, openDatabase, openOrCreateDatabase } from "./database.ts";
import { databaseFault, systemCodeOf } from "./fault.ts";
import { type FileWatch, watchFile } from "./file-watch.ts";
import { letGo } from "./let-go.ts";
import { readMeta } from "./meta.ts";
import { migrate, schemaState } from "./migrate.ts";
import { createRegistration, type Registration } from "./registration.ts";
import type { FollowRequest } from "./thread-messages.ts";

const startTimeoutMs = 5_000;
const runningTimeoutMs = 250;
/** At the most once in this time the file is read anew, or its -wal made empty. */
const inspectEveryMs = 1_000;
const tidyEveryMs = 100;

/** The path leads to another file now, or the schema is another: open it anew. */
export class DatabaseReplaced extends Error {}

/** The database that the sidecar follows, as one open file. */
export interface FollowedDatabase {
  readonly database: Database;
  readonly databaseId: string;
  readonly schemaVersion: number;
  /** null: the database is of a newer program, and is only read. */
  readonly registration: Registration | null;
  /** Of the file, its -wal and its -shm. */
  readonly watch: FileWatch;
  /** Grows when another connection changes something. */
  readDataVersion(): Promise<number>;
  /** Throws when the path leads to another file or to none. To be asked before anything is written. */
  verifyPath(): Promise<void>;
  /** Throws LullError when the file was damaged under the open connection, which would not notice. */
  inspect(): Promise<void>;
  /** Empties the -wal: what is in it would mix with another file that is put in this one's place. */
  tidy(): Promise<void>;
  close(): Promise<void>;
  /** Lets go of the file without writing to it. */
  abandon(): Promise<void>;
}

/** Opens a database for following, and brings its schema up to date. Throws LullError. */
export async function openFollowed(request: FollowRequest): Promise<FollowedDatabase> {
  const path = databasePath(request.url);
  const options = { url: request.url, groupId: request.groupId, busyTimeoutMs: startTimeoutMs };
  if (request.databaseId !== null) requireFile(path);
  const database = await (request.databaseId === null ? openOrCreateDatabase(options) : openDatabase(options));
  try {
    const { schemaVersion, databaseId, writable } = await prepare(database, request);
    await database.setBusyTimeout(runningTimeoutMs);
    const registration = writable ? createRegistration(database, request.identity) : null;
    return follow(database, { databaseId, schemaVersion, registration });
  } catch (error) {
    await letGo(database, null);
    throw error;
  }
}

/** Refuses what must not take the place of the database whose snapshot answers, before anything is written to it. */
async function prepare(database: Database, { databaseId: expected }: FollowRequest) {
  const state = await schemaState(database);
  if (expected !== null) {
    if (state.kind === "empty") throw becameEmpty(database.path);
    if ((await readMeta(database.orm)).databaseId !== expected) throw isAnother(database.path);
  }
  const writable = state.kind !== "newer-readable";
  if (writable) await migrate(database, Date.now());
  const { schemaVersion, databaseId } = await readMeta(database.orm);
  return { schemaVersion, databaseId, writable };
}

function follow(
  database: Database,
  facts: Pick<FollowedDatabase, "databaseId" | "schemaVersion" | "registration">,
): FollowedDatabase {
  const { path, client } = database;
  const opened = requireFile(path);
  const watch = watchFile(path);
  let inspected = opened;
  let inspectedAtMs = performance.now();
  let tidyAtMs = 0;
  let seenVersion = -1;

  async function dataVersion(): Promise<number> {
    return Number((await client.execute("PRAGMA data_version")).rows[0]?.[0]);
  }

  /** The file's facts. */
  async function verify(): Promise<BigIntStats> {
    try {
      const found = requireFile(path);
      if (found.ino === opened.ino && found.dev === opened.dev) return found;
      throw new DatabaseReplaced();
    } catch (error) {
      // The -wal has kept its name, so whoever opens the file that is there now would take what it holds for changes of
      // that one. It goes into the old file, unless somebody may have written to the -wal since.
      if ((await dataVersion()) === seenVersion) await database.emptyWal();
      throw error;
    }
  }

  return {
    ...facts,
    database,
    watch,
    async readDataVersion() {
      seenVersion = await dataVersion();
      return seenVersion;
    },
    async verifyPath() {
      await verify();
    },
    async inspect() {
      const found = await verify();
      const nowMs = performance.now();
      if (nowMs - inspectedAtMs < inspectEveryMs) return;
      inspectedAtMs = nowMs;
      if (isSameContent(found, inspected)) return;
      inspected = found;
      if (found.size === 0n) throw becameEmpty(path);
      await readAnew(database, facts.databaseId);
    },
    async tidy() {
      const nowMs = performance.now();
      if (nowMs < tidyAtMs) return;
      tidyAtMs = nowMs + tidyEveryMs;
      if ((statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
      const isAsInspected = isSameContent(await verify(), inspected);
      if (!(await database.emptyWal())) tidyAtMs = nowMs + inspectEveryMs;
      // What this very call has written needs no inspection.
      if (isAsInspected) inspected = await verify();
    },
    async close() {
      watch.close();
      await database.close();
    },
    async abandon() {
      watch.close();
      await letGo(database, opened);
    },
  };
}

function isSameContent(a: BigIntStats, b: BigIntStats): boolean {
  return a.mtimeNs === b.mtimeNs && a.size === b.size;
}

function requireFile(path: string): BigIntStats {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    if (systemCodeOf(error) !== "ENOENT") throw databaseFault(error, path);
    throw new LullError(
      "unreachable",
      `database ${path}: it is gone; put it back, or put a copy made by "lull backup" in its place`,
    );
  }
}

function becameEmpty(path: string): LullError {
  return new LullError(
    "unreachable",
    `database ${path}: it has become empty; put a copy made by "lull backup" in its place`,
  );
}

function isAnother(path: string): LullError {
  return new LullError(
    "unreachable",
    `database ${path}: another database has taken its place, and the last snapshot keeps answering; put the old one or a copy of it there, or restart the sidecar if the new one is meant`,
  );
}

/** The open connection keeps pages that it has read; a new one sees what is in the file. */
async function readAnew({ path }: Database, databaseId: string): Promise<void> {
  const fresh = await openDatabase({ url: databaseUrl(path), groupId: null, busyTimeoutMs: runningTimeoutMs });
  try {
    if ((await schemaState(fresh)).kind === "empty") throw new DatabaseReplaced();
    if ((await readMeta(fresh.orm)).databaseId !== databaseId) throw new DatabaseReplaced();
  } finally {
    await letGo(fresh, null);
  }
}
