import { rmSync } from "node:fs";
import type { Transaction } from "@libsql/client/sqlite3";
import initial from "../../db/migrations/0000_initial.sql" with { type: "text" };
import time from "../../db/migrations/0001_time.sql" with { type: "text" };
import answer from "../../db/migrations/0002_answer.sql" with { type: "text" };
import bypass from "../../db/migrations/0003_bypass.sql" with { type: "text" };
import staff from "../../db/migrations/0004_staff.sql" with { type: "text" };
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import { copyTo } from "./copy.ts";
import type { Database } from "./database.ts";
import { codeOf, databaseFault } from "./fault.ts";

const walTimeoutMs = 5_000;

export interface Migration {
  /** Counts up from 1 without gaps. */
  readonly version: number;
  readonly sql: string;
  /** The oldest version that a program must know to read a database that this migration has changed. */
  readonly readableFrom: number;
}

/** In order. A migration that is released is never changed. */
export const migrations: readonly Migration[] = [
  { version: 1, sql: initial, readableFrom: 1 },
  // Who does not know leases and recurrences would hold what is over, and leave open what is closed.
  { version: 2, sql: time, readableFrom: 2 },
  // Who does not know redirects and origins holds and opens as rightly, and answers with the page.
  { version: 3, sql: answer, readableFrom: 2 },
  // Who does not know bypasses lets nobody in by them.
  { version: 4, sql: bypass, readableFrom: 2 },
  // Who does not know staff cannot be told to keep them outside, and lets them in by their bypass.
  { version: 5, sql: staff, readableFrom: 2 },
];

/** What can be done with a database. `empty` is a file without tables. */
export type SchemaState =
  | { readonly kind: "empty" }
  | { readonly kind: "current"; readonly version: number }
  | { readonly kind: "older"; readonly version: number }
  /** Made by a newer program, which says that this one can still read it. */
  | { readonly kind: "newer-readable"; readonly version: number };

export interface MigrateResult {
  readonly from: number;
  readonly to: number;
  /** Where the database was copied before it was changed; null: it held no data, or nothing was changed. */
  readonly copy: string | null;
}

/** Looks at a database without changing it. Throws LullError when it is not ours, or too new to be read. */
export async function schemaState(database: Database, known: readonly Migration[] = migrations): Promise<SchemaState> {
  const newest = known.length;
  try {
    const tables = await database.client.execute(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    );
    if (tables.rows.length === 0) return { kind: "empty" };
    const names = new Set(tables.rows.map((row) => row["name"]));
    if (!names.has("meta") || !names.has("site_alias")) {
      throw new LullError(
        "unreachable",
        `database ${database.path}: it belongs to another program; name another file in the setting database`,
      );
    }
    const result = await database.client.execute("SELECT schema_version, readable_from FROM meta WHERE id = 1");
    const version = Number(result.rows[0]?.["schema_version"] ?? 0);
    const readableFrom = Number(result.rows[0]?.["readable_from"] ?? 0);
    if (version === newest) return { kind: "current", version };
    if (version < newest) return { kind: "older", version };
    if (newest >= readableFrom) return { kind: "newer-readable", version };
    throw new LullError(
      "unreachable",
      `database ${database.path}: its schema ${version} can be read from version ${readableFrom} on, and this program knows ${newest}; install the newer lull`,
    );
  } catch (error) {
    throw databaseFault(error, database.path);
  }
}

/**
 * Brings a database up to date. Safe when two processes do it at once: what one has done the other leaves.
 * A database that holds data is copied beside itself first. Throws LullError, and then the database is as it was.
 */
export async function migrate(
  database: Database,
  now: InstantMs,
  known: readonly Migration[] = migrations,
): Promise<MigrateResult> {
  const before = await schemaState(database, known);
  if (before.kind === "newer-readable") throw refuseToWrite(database.path, before.version, known.length);
  let copy: string | null = null;
  try {
    await useWal(database);
    if (before.kind === "current") return { from: before.version, to: before.version, copy };
    if (before.kind === "older") {
      const at = new Date(now).toISOString().replace(/[-:.]/g, "");
      copy = `${database.path}.schema-${before.version}.${at}.${process.pid}`;
      await copyTo(database, copy);
    }
    const from = await runMigrations(database, known);
    // Another process was faster.
    if (from === known.length) copy = takeAway(copy);
    return { from, to: known.length, copy };
  } catch (error) {
    takeAway(copy);
    throw databaseFault(error, database.path);
  }
}

export function refuseToWrite(path: string, version: number, newest: number = migrations.length): LullError {
  return new LullError(
    "unreachable",
    `database ${path}: its schema ${version} was made by a newer lull, and this one, which knows ${newest}, only reads it; install the newer lull to change something`,
  );
}

/** Gives the version from which it started. */
async function runMigrations(database: Database, known: readonly Migration[]): Promise<number> {
  const { client, path } = database;
  // A migration that builds a table anew must not empty those that refer to it. It cannot be changed in a transaction.
  await client.execute("PRAGMA foreign_keys = OFF");
  try {
    const transaction = await client.transaction("write");
    try {
      const from = await versionIn(transaction);
      if (from > known.length) throw refuseToWrite(path, from, known.length);
      for (const migration of known.slice(from)) await runOne(transaction, migration, path);
      await transaction.commit();
      return from;
    } finally {
      transaction.close();
    }
  } finally {
    await client.execute("PRAGMA foreign_keys = ON");
  }
}

async function runOne(transaction: Transaction, migration: Migration, path: string): Promise<void> {
  const { version, sql, readableFrom } = migration;
  const failed = (why: string, cause?: unknown) =>
    new LullError("unreachable", `database ${path}: migration to schema ${version} failed (${why}); it is as it was`, {
      cause,
    });
  try {
    await transaction.executeMultiple(sql.replaceAll("--> statement-breakpoint", ""));
  } catch (error) {
    if (!["SQLITE_ERROR", "SQLITE_CONSTRAINT"].includes(codeOf(error))) throw error;
    throw failed(error instanceof Error ? error.message : String(error), error);
  }
  const orphans = await transaction.execute("PRAGMA foreign_key_check");
  if (orphans.rows.length > 0) throw failed(`rows of ${String(orphans.rows[0]?.["table"])} would refer to nothing`);
  await transaction.execute({
    sql: "UPDATE meta SET schema_version = ?, readable_from = ? WHERE id = 1",
    args: [version, readableFrom],
  });
}

/** 0: there is nothing yet. */
async function versionIn(transaction: Transaction): Promise<number> {
  const tables = await transaction.execute("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'meta'");
  if (tables.rows.length === 0) return 0;
  const result = await transaction.execute("SELECT schema_version FROM meta WHERE id = 1");
  return Number(result.rows[0]?.["schema_version"] ?? 0);
}

/** The mode is kept in the file; a copy that was put back has another. It cannot be changed in a transaction. */
async function useWal({ client }: Database): Promise<void> {
  const deadline = performance.now() + walTimeoutMs;
  for (;;) {
    try {
      await client.execute("PRAGMA journal_mode = WAL");
      return;
    } catch (error) {
      // SQLite does not wait for others here.
      if (codeOf(error) !== "SQLITE_BUSY" || performance.now() > deadline) throw error;
      await Bun.sleep(10);
    }
  }
}

function takeAway(copy: string | null): null {
  if (copy !== null) rmSync(copy, { force: true });
  return null;
}
