import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, createClient } from "@libsql/client/sqlite3";
import type { LibSQLDatabase } from "drizzle-orm/libsql";
import { drizzle } from "drizzle-orm/libsql/sqlite3";
import * as schema from "../../db/schema.ts";
import { LullError } from "../gate/error.ts";
import { databaseFault } from "./fault.ts";

type Orm = LibSQLDatabase<typeof schema>;

/** What queries run on: the database itself, or a transaction of it. */
export type Queries = Pick<Orm, "select" | "selectDistinct" | "insert" | "update" | "delete">;

/** An open database. One connection: its settings hold for all that is asked of it. */
export interface Database {
  readonly orm: Orm;
  readonly client: Client;
  /** The file's absolute path, as messages name it. */
  readonly path: string;
  close(): void;
}

export interface OpenOptions {
  /** `file:/absolute/path`. */
  readonly url: string;
  /** How long a statement waits for another process's lock. */
  readonly busyTimeoutMs: number;
  /** Group id that may use the database too; null: the owner alone. */
  readonly groupId: number | null;
}

/** The path of a `file:` URL. Throws LullError when the URL is of another kind. */
export function databasePath(url: string): string {
  if (!url.startsWith("file:"))
    throw new LullError("usage", `database "${url}" is not a file: URL; write file:/path/to/lull.db`);
  return fileURLToPath(url.startsWith("file://") ? url : `file://${url.slice("file:".length)}`);
}

/** Opens a database that is there. Throws LullError when it is missing or cannot be used. */
export async function openDatabase(options: OpenOptions): Promise<Database> {
  const path = databasePath(options.url);
  try {
    statSync(path);
  } catch (error) {
    throw databaseFault(error, path);
  }
  return connect(path, options);
}

/** Opens a database, and makes folder and file where they are missing. Throws LullError. */
export async function openOrCreateDatabase(options: OpenOptions): Promise<Database> {
  const path = databasePath(options.url);
  try {
    if (!existsSync(path)) create(path, options.groupId);
  } catch (error) {
    throw databaseFault(error, path);
  }
  return connect(path, options);
}

/**
 * Makes an empty file that only its owner (and the group, if given) may use. What root makes is given to the owner
 * of the folder, so that a sidecar that runs as that owner can open it. SQLite copies mode and owner to its -wal and -shm.
 */
export function create(path: string, groupId: number | null): void {
  const folder = dirname(path);
  if (!existsSync(folder)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (groupId !== null) {
      chownSync(folder, statSync(dirname(folder)).uid, groupId);
      chmodSync(folder, 0o2770);
    }
  }
  const file = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
  try {
    const owner = statSync(folder).uid;
    if (process.geteuid?.() === 0) chownSync(path, owner, groupId ?? statSync(folder).gid);
    else if (groupId !== null) chownSync(path, process.geteuid?.() ?? owner, groupId);
    if (groupId !== null) chmodSync(path, 0o660);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  syncFolder(folder);
}

/** Makes the names in a folder survive a power cut. */
export function syncFolder(folder: string): void {
  // Windows has no such call for folders.
  if (process.platform !== "win32") syncFile(folder);
}

/** Makes what a file holds survive a power cut. */
export function syncFile(path: string): void {
  const handle = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

async function connect(path: string, options: OpenOptions): Promise<Database> {
  let client: Client | null = null;
  try {
    // One connection, because PRAGMAs belong to connections.
    client = createClient({ url: `file:${encodeURI(path)}`, concurrency: 1 });
    await client.execute(`PRAGMA busy_timeout = ${options.busyTimeoutMs}`);
    await client.execute("PRAGMA foreign_keys = ON");
    // FULL: with WAL, a change that was committed is still there after a power cut.
    await client.execute("PRAGMA synchronous = FULL");
    await client.execute("SELECT 1 FROM sqlite_schema LIMIT 1");
    const opened = client;
    return {
      orm: drizzle(opened, { schema }),
      client: opened,
      path,
      close: () => opened.close(),
    };
  } catch (error) {
    client?.close();
    throw databaseFault(error, path);
  }
}
