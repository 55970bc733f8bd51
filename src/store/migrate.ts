import { closeSync, constants, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import initial from "../../db/migrations/0000_initial.sql" with { type: "text" };
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import { type Database, syncFile, syncFolder } from "./database.ts";
import { databaseFault } from "./fault.ts";

export interface Migration {
  /** Counts up from 1 without gaps. */
  readonly version: number;
  readonly sql: string;
  /** The oldest version that a program must know to read a database that this migration has changed. */
  readonly readableFrom: number;
}

/** In order. A migration that is released is never changed. */
export const migrations: readonly Migration[] = [{ version: 1, sql: initial, readableFrom: 1 }];

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
    if (
      !tables.rows.some((row) => row["name"] === "meta") ||
      !tables.rows.some((row) => row["name"] === "site_alias")
    ) {
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
 * A database that holds data is copied beside itself first. Throws LullError.
 */
export async function migrate(
  database: Database,
  now: InstantMs,
  known: readonly Migration[] = migrations,
): Promise<MigrateResult> {
  const before = await schemaState(database, known);
  if (before.kind === "current") return { from: before.version, to: before.version, copy: null };
  if (before.kind === "newer-readable") throw refuseToWrite(database, before.version, known.length);
  const from = before.kind === "older" ? before.version : 0;
  try {
    // The journal's mode is kept in the file; it cannot be changed inside a transaction.
    await database.client.execute("PRAGMA journal_mode = WAL");
    const copy =
      from === 0
        ? null
        : `${database.path}.schema-${from}.${new Date(now).toISOString().replace(/[-:.]/g, "")}.${process.pid}`;
    if (copy !== null) await copyTo(database, copy);
    const transaction = await database.client.transaction("write");
    try {
      const tables = await transaction.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'meta'");
      const row =
        tables.rows.length === 0
          ? undefined
          : (await transaction.execute("SELECT schema_version FROM meta WHERE id = 1")).rows[0];
      for (const migration of known.slice(Number(row?.["schema_version"] ?? 0))) {
        await transaction.executeMultiple(migration.sql.replaceAll("--> statement-breakpoint", ""));
        await transaction.execute({
          sql: "UPDATE meta SET schema_version = ?, readable_from = ? WHERE id = 1",
          args: [migration.version, migration.readableFrom],
        });
      }
      await transaction.commit();
    } finally {
      transaction.close();
    }
    syncFolder(dirname(database.path));
    return { from, to: known.length, copy };
  } catch (error) {
    throw databaseFault(error, database.path);
  }
}

export function refuseToWrite(database: Database, version: number, newest: number = migrations.length): LullError {
  return new LullError(
    "unreachable",
    `database ${database.path}: its schema ${version} was made by a newer lull, and this one, which knows ${newest}, only reads it; install the newer lull to change something`,
  );
}

/**
 * Writes a consistent copy while others use the database. Refuses (LullError) to overwrite.
 * The copy is on the disk when this returns.
 */
export async function copyTo(database: Database, target: string): Promise<void> {
  try {
    // Made empty first, so that nobody else can read it at any time and nothing is overwritten.
    closeSync(openSync(target, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") {
      throw new LullError("refused", `${target} exists already, and a backup never overwrites; name another file`);
    }
    throw databaseFault(error, target);
  }
  try {
    await database.client.execute({ sql: "VACUUM INTO ?", args: [target] });
    syncFile(target);
    syncFolder(dirname(target));
  } catch (error) {
    rmSync(target, { force: true });
    throw databaseFault(error, target);
  }
}
