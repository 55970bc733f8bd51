import type { InstantMs } from "../gate/period.ts";
import { insertAudit } from "./audits.ts";
import type { Database, Queries } from "./database.ts";
import { codeOf, databaseFault } from "./fault.ts";
import { readMeta, writeRevision } from "./meta.ts";
import { migrations, refuseToWrite } from "./migrate.ts";

/** Who changes something, when and why. */
export interface ChangeContext {
  /** `user@host`. */
  readonly actor: string;
  /** What the command line was read against: taken before another process's lock was waited for. */
  readonly now: InstantMs;
  readonly clock: () => InstantMs;
  readonly reason: string;
  /** Do everything, say what it would be, and leave the database as it was. */
  readonly dryRun: boolean;
}

/** One thing that a change does, for the audit. */
export interface ChangeRecord {
  readonly action: string;
  /** null: all sites. */
  readonly siteId: number | null;
  readonly before?: object | undefined;
  readonly after?: object | undefined;
}

/** The one transaction of a change. */
export interface Change {
  readonly queries: Queries;
  /** When it happens: read when nobody else can change anything any more, so what runs now is what was left running. */
  readonly now: InstantMs;
  /** Writes the audit row. A change that records nothing has changed nothing, and raises no revision. */
  record(entry: ChangeRecord): Promise<void>;
}

export interface Changed<T> {
  readonly result: T;
  /** The revision that holds the result. */
  readonly revision: number;
  readonly changed: boolean;
}

/**
 * Runs `work` in one transaction that also raises the revision and writes the audit; when it throws, nothing is changed.
 * When this returns, the change survives a power cut. Throws LullError.
 */
export async function change<T>(
  database: Database,
  context: ChangeContext,
  work: (change: Change) => Promise<T>,
): Promise<Changed<T>> {
  let rehearsed: Changed<T> | undefined;
  try {
    // drizzle begins libSQL transactions with BEGIN IMMEDIATE: two changes never run at once.
    return await database.orm.transaction(async (queries) => {
      const { revision: before, schemaVersion } = await readMeta(queries);
      // A newer program may have migrated it since it was opened.
      if (schemaVersion > migrations.length) throw refuseToWrite(database.path, schemaVersion);
      const revision = before + 1;
      const now = context.clock();
      let records = 0;
      const record = async (entry: ChangeRecord): Promise<void> => {
        records++;
        await insertAudit(queries, {
          revision,
          at: now,
          actor: context.actor,
          action: entry.action,
          siteId: entry.siteId,
          before: entry.before === undefined ? null : JSON.stringify(entry.before),
          after: entry.after === undefined ? null : JSON.stringify(entry.after),
          reason: context.reason,
        });
      };
      const result = await work({ queries, now, record });
      if (records > 0) await writeRevision(queries, revision);
      const changed = {
        result,
        revision: records > 0 ? revision : before,
        changed: records > 0,
      };
      if (context.dryRun) {
        rehearsed = changed;
        throw new Error("roll back the dry run");
      }
      return changed;
    });
  } catch (error) {
    if (rehearsed !== undefined) return rehearsed;
    if (codeOf(error) === "SQLITE_BUSY") await database.reconnect();
    throw databaseFault(error, database.path);
  }
}
