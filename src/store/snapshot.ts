import type { InstantMs } from "../gate/period.ts";
import { buildSnapshot, type EverywhereRecord, type SiteRecord, type Snapshot } from "../gate/snapshot.ts";
import { selectChangedSites, selectNewestAt } from "./audits.ts";
import type { Database } from "./database.ts";
import { selectExemptions } from "./exemptions.ts";
import { databaseFault } from "./fault.ts";
import { metaOf, selectMeta } from "./meta.ts";
import { selectPeriods } from "./periods.ts";
import { type SnapshotSettings, withSettings } from "./settings.ts";
import { selectAliases, selectSites, withAliases } from "./sites.ts";

/** Rows of one revision, from which a snapshot is built. */
export interface Records {
  readonly revision: number;
  /** All sites, or those that have changed. */
  readonly sites: readonly SiteRecord[];
  /** Numbers of sites that have changed by being removed. */
  readonly removed: readonly number[];
  readonly everywhere: EverywhereRecord;
  /** The latest instant at which any of it was changed, by the clock of who changed it; null: never. */
  readonly changedAt: InstantMs | null;
}

export interface RecordsFilter {
  /** Leaves out periods that were over at this instant; without it, past ones come too. */
  readonly endsAfter?: InstantMs;
  /** Only the sites that have changed after this revision. */
  readonly changedAfter?: number;
}

/** Reads the rows of one revision, in one transaction that takes no lock. Throws LullError. */
export async function readRecords(database: Database, filter: RecordsFilter = {}): Promise<Records> {
  const { orm } = database;
  const sites = filter.changedAfter === undefined ? undefined : selectChangedSites(orm, filter.changedAfter);
  try {
    const [meta, changed, siteRows, aliasRows, periodRows, exemptionRows, newest] = await orm.batch([
      selectMeta(orm),
      selectChangedSites(orm, filter.changedAfter ?? Number.MAX_SAFE_INTEGER),
      selectSites(orm, sites),
      selectAliases(orm, sites),
      selectPeriods(orm, { sites, endsAfter: filter.endsAfter }),
      selectExemptions(orm, sites),
      selectNewestAt(orm, filter.changedAfter ?? 0),
    ]);
    const periods = Map.groupBy(periodRows, (period) => period.siteId);
    const exemptions = Map.groupBy(exemptionRows, (exemption) => exemption.siteId);
    const present = new Set(siteRows.map((row) => row.id));
    return {
      revision: metaOf(meta).revision,
      sites: withAliases(siteRows, aliasRows).map((site) => ({
        site,
        periods: periods.get(site.id) ?? [],
        exemptions: exemptions.get(site.id) ?? [],
      })),
      removed: changed.flatMap(({ siteId }) => (siteId === null || present.has(siteId) ? [] : [siteId])),
      everywhere: {
        periods: periods.get(null) ?? [],
        exemptions: exemptions.get(null) ?? [],
      },
      changedAt: newest[0]?.at ?? null,
    };
  } catch (error) {
    throw databaseFault(error, database.path);
  }
}

/** The snapshot of the database as it is now, past periods included. Throws LullError. */
export async function readSnapshot(database: Database, settings: SnapshotSettings): Promise<Snapshot> {
  const { revision, sites, everywhere } = await readRecords(database);
  return buildSnapshot({ revision, sites, everywhere: withSettings(everywhere, settings), policy: settings.policy });
}
