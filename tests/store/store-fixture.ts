import type { Exemption } from "../../src/gate/exemption.ts";
import type { Site } from "../../src/gate/site.ts";
import { type AuditRow, readAudit } from "../../src/store/audits.ts";
import { type ChangeContext, type Changed, change } from "../../src/store/change.ts";
import { type Database, type OpenOptions, openDatabase, openOrCreateDatabase } from "../../src/store/database.ts";
import { readMeta } from "../../src/store/meta.ts";
import { type Migration, migrate, migrations } from "../../src/store/migrate.ts";
import { insertSite, readSites } from "../../src/store/sites.ts";
import { type TemporaryFolder, temporaryFolder } from "../support/temporary-folder.ts";

export const now = Date.UTC(2026, 10, 20, 9);
export const hour = 3_600_000;

export function context(change: Partial<ChangeContext> = {}): ChangeContext {
  const at = change.now ?? now;
  return { actor: "ada@desk", now: at, clock: () => at, reason: "", dryRun: false, ...change };
}

export function optionsFor(path: string): OpenOptions {
  return { url: `file:${path}`, busyTimeoutMs: 5_000, groupId: null };
}

/** A database of the test's own, up to date, in a folder of its own. */
export interface TestDatabase extends AsyncDisposable {
  readonly database: Database;
  readonly folder: TemporaryFolder;
  /** One more connection to the same file. */
  another(): Promise<Database>;
}

export async function testDatabase(): Promise<TestDatabase> {
  const folder = temporaryFolder();
  const options = optionsFor(folder.file("lull.db"));
  const database = await openOrCreateDatabase(options);
  await migrate(database, now);
  return {
    database,
    folder,
    another: () => openDatabase(options),
    async [Symbol.asyncDispose]() {
      await database.close();
      await folder.remove();
    },
  };
}

/** Adds sites without the checks of the action. The first new one has the number 2. */
export async function withSites(database: Database, domains: readonly string[]): Promise<readonly Site[]> {
  await change(database, context(), async (step) => {
    for (const domain of domains) {
      const site = await insertSite(step.queries, { domain, name: "", message: "", redirectUrl: "", origins: [] });
      await step.record({ action: "site.add", siteId: site.id, after: site });
    }
  });
  return readSites(database.orm);
}

export async function revisionOf(database: Database): Promise<number> {
  return (await readMeta(database.orm)).revision;
}

/** An audit row as tests compare it: what was recorded as JSON, read. */
export interface ReadAuditRow extends Omit<AuditRow, "id" | "before" | "after"> {
  readonly before: unknown;
  readonly after: unknown;
}

/** The rows of one change, in order. */
export async function auditOf(database: Database, { revision }: Changed<unknown>): Promise<readonly ReadAuditRow[]> {
  const rows = (await readAudit(database.orm, { limit: 1_000 })).filter((row) => row.revision === revision);
  return rows
    .toReversed()
    .map(({ id: _, before, after, ...row }) => ({ ...row, before: read(before), after: read(after) }));
}

function read(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}

/** The values of a column of all rows that a query gives. */
export async function columnOf(database: Database, sql: string): Promise<readonly unknown[]> {
  return (await database.client.execute(sql)).rows.map((row) => row[0]);
}

/** What this program makes of a database. */
export const newest = migrations.length;

/** A made-up migration after all that there are: a new table with a row. */
const oneMore: Migration = {
  version: newest + 1,
  sql: "CREATE TABLE note (text TEXT NOT NULL);--> statement-breakpoint\nINSERT INTO note VALUES ('from one migration more');",
  readableFrom: 1,
};

export function withOneMore(change: Partial<Migration> = {}): readonly Migration[] {
  return [...migrations, { ...oneMore, ...change }];
}

/** The message of what a promise rejects with; fails when it does not. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return `${"kind" in error ? error.kind : error.name}: ${error.message}`;
    throw error;
  }
  throw new Error("it was not refused");
}

export function exemption(change: Partial<Exemption> = {}): Exemption {
  return { id: null, siteId: null, kind: "path", value: "/a", description: "", expires: null, ...change };
}
