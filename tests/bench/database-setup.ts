import { beginHold, maintenanceName } from "../../src/actions/hold.ts";
import type { Site } from "../../src/gate/site.ts";
import type { ChangeContext, Changed } from "../../src/store/change.ts";
import { type Database, openOrCreateDatabase } from "../../src/store/database.ts";
import { migrate } from "../../src/store/migrate.ts";
import { readSites } from "../../src/store/sites.ts";

/** A new database, or one that is there, up to date. */
export async function openBenchDatabase(url: string): Promise<Database> {
  const database = await openOrCreateDatabase({ url, busyTimeoutMs: 5_000, groupId: null });
  await migrate(database, Date.now());
  return database;
}

export function contextNow(): ChangeContext {
  return { actor: "bench", now: Date.now(), clock: Date.now, reason: "", dryRun: false };
}

export async function firstSite(database: Database): Promise<Site> {
  const site = (await readSites(database.orm))[0];
  if (site === undefined) throw new Error("the database has no site");
  return site;
}

/** As `setmaintenance on` does. */
export function close(database: Database, site: Site): Promise<Changed<unknown>> {
  return beginHold(database, contextNow(), {
    sites: [site],
    name: maintenanceName,
    end: null,
    mode: "full",
    whenShorter: "keep",
  });
}
