import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Client, createClient } from "@libsql/client/sqlite3";
import type { LibSQLDatabase } from "drizzle-orm/libsql";
import { drizzle } from "drizzle-orm/libsql/sqlite3";
import * as schema from "../../db/schema.ts";
import { LullError } from "../gate/error.ts";
import { databaseFault, systemCodeOf } from "./fault.ts";
import { createPrivateFile, createPrivateFolder, shareWithGroup } from "./private-file.ts";

type Orm = LibSQLDatabase<typeof schema>;

/** What queries run on: the database itself, or a transaction of it. */
export type Queries = Pick<Orm, "select" | "selectDistinct" | "insert" | "update" | "delete">;

/** An open database. One connection: its settings hold for all that is asked of it. */
export interface Database {
  readonly orm: Orm;
  readonly client: Client;
  /** The file's absolute path, as messages name it. */
  readonly path: string;
  /** How long statements wait for another process's lock from now on. */
  setBusyTimeout(timeoutMs: number): Promise<void>;
  /** Begins a new connection. Must follow every SQLITE_BUSY of something that writes. */
  reconnect(): Promise<void>;
  /**
   * Puts what the -wal holds into the file and makes the -wal empty. Does not wait for others: gives false when they
   * hinder it. Throws libSQL's error.
   */
  emptyWal(): Promise<boolean>;
  /** Puts what this connection has written into the file itself, unless others hinder it, and closes. Never throws. */
  close(): Promise<void>;
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

/** The `file:` URL of a path, whatever characters it holds. */
export function databaseUrl(path: string): string {
  return `file:${pathToFileURL(path).pathname}`;
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
    else if (options.groupId !== null) shareWithGroup(path, options.groupId);
  } catch (error) {
    throw databaseFault(error, path);
  }
  return connect(path, options);
}

/** SQLite gives mode and owner of the file to its -wal and -shm. */
function create(path: string, groupId: number | null): void {
  const folder = dirname(path);
  if (!existsSync(folder)) createPrivateFolder(folder, groupId);
  try {
    createPrivateFile(path, groupId);
  } catch (error) {
    // Another process was faster.
    if (systemCodeOf(error) !== "EEXIST") throw error;
  }
}

async function connect(path: string, options: OpenOptions): Promise<Database> {
  let client: Client | null = null;
  try {
    // One connection, because PRAGMAs belong to connections.
    client = createClient({ url: databaseUrl(path), concurrency: 1 });
    const database = databaseOn(client, path, options.busyTimeoutMs);
    await setUp(client, options.busyTimeoutMs);
    await client.execute("SELECT 1 FROM sqlite_schema LIMIT 1");
    return database;
  } catch (error) {
    client?.close();
    throw databaseFault(error, path);
  }
}

async function setUp(client: Client, busyTimeoutMs: number): Promise<void> {
  await client.execute(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
  await client.execute("PRAGMA foreign_keys = ON");
  // FULL: with WAL, a change that was committed is still there after a power cut.
  await client.execute("PRAGMA synchronous = FULL");
}

function databaseOn(client: Client, path: string, firstTimeoutMs: number): Database {
  let busyTimeoutMs = firstTimeoutMs;

  async function emptyWal(): Promise<boolean> {
    await client.execute("PRAGMA busy_timeout = 0");
    try {
      const result = await client.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      return Number(result.rows[0]?.["busy"]) === 0;
    } finally {
      await client.execute(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
    }
  }

  return {
    orm: drizzle(client, { schema }),
    client,
    path,
    async setBusyTimeout(timeoutMs) {
      busyTimeoutMs = timeoutMs;
      await client.execute(`PRAGMA busy_timeout = ${timeoutMs}`);
    },
    async reconnect() {
      // A statement that waited in vain counts as running until it is collected, and while one that writes is running
      // SQLite commits nothing: the next change would keep the database locked.
      client.reconnect();
      await setUp(client, busyTimeoutMs);
    },
    emptyWal,
    async close() {
      try {
        const written = await client.execute("SELECT total_changes()");
        // libSQL lets go of the file only when its statements are collected, and the process ends before: without this,
        // the last changes would stay in the -wal, and would mix with another file that is put in this one's place.
        if (Number(written.rows[0]?.[0]) > 0) await emptyWal();
      } catch {
        // The change is in the -wal, where it is just as safe.
      }
      client.close();
    },
  };
}
