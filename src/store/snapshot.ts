import type { Bypass, BypassKey } from "../gate/bypass.ts";
import type { InstantMs } from "../gate/period.ts";
import { buildSnapshot, type EverywhereRecord, type SiteRecord, type Snapshot } from "../gate/snapshot.ts";
import { type UnrollWindow, windowAround } from "../gate/unroll-window.ts";
import { selectChangedSites, selectNewestAt } from "./audits.ts";
import { selectBypasses, selectBypassKeys } from "./bypasses.ts";
import type { Database } from "./database.ts";
import { selectExemptions } from "./exemptions.ts";
import { databaseFault } from "./fault.ts";
import { metaOf, selectMeta } from "./meta.ts";
import { periodOf, selectPeriods } from "./periods.ts";
import { selectReadonlyRules } from "./readonly-rules.ts";
import { selectOccurrenceChanges, selectRecurrences } from "./recurrences.ts";
import { type SnapshotSettings, withSettings } from "./settings.ts";
import { selectAliases, selectSites, withAliases } from "./sites.ts";
import { createUnroller, type RecurrenceFault, type Unroller } from "./unroller.ts";

/** Rows of one revision, from which a snapshot is built. */
export interface Records {
  readonly databaseId: string;
  readonly revision: number;
  /** All sites, or those that have changed. */
  readonly sites: readonly SiteRecord[];
  /** Numbers of sites that have changed by being removed. */
  readonly removed: readonly number[];
  readonly everywhere: EverywhereRecord;
  /** All of them, whatever has changed: they are few. */
  readonly bypasses: readonly Bypass[];
  readonly bypassKeys: readonly BypassKey[];
  /** The latest instant at which any of it was changed, by the clock of who changed it; null: never. */
  readonly changedAt: InstantMs | null;
  /** What of it cannot be used. */
  readonly faults: readonly RecurrenceFault[];
}

export interface RecordsRequest {
  /** For what recurrences yield. */
  readonly window: UnrollWindow;
  readonly unroller: Unroller;
  /** Leaves out periods and bypasses that were over at this instant; without it, past ones come too. */
  readonly endsAfter?: InstantMs;
  /** Only the sites that have changed after this revision. */
  readonly changedAfter?: number;
}

/** Reads the rows of one revision, in one transaction that takes no lock. Throws LullError. */
export async function readRecords(database: Database, request: RecordsRequest): Promise<Records> {
  const { orm } = database;
  const { changedAfter, endsAfter } = request;
  const sites = changedAfter === undefined ? undefined : selectChangedSites(orm, changedAfter);
  try {
    const [
      meta,
      changed,
      siteRows,
      aliasRows,
      periodRows,
      exemptionRows,
      readonlyRows,
      recurrences,
      changes,
      bypasses,
      bypassKeys,
      newest,
    ] = await orm.batch([
      selectMeta(orm),
      selectChangedSites(orm, changedAfter ?? Number.MAX_SAFE_INTEGER),
      selectSites(orm, sites),
      selectAliases(orm, sites),
      selectPeriods(orm, { sites, endsAfter }),
      selectExemptions(orm, sites),
      selectReadonlyRules(orm, sites),
      selectRecurrences(orm, sites),
      selectOccurrenceChanges(orm),
      selectBypasses(orm, { expiresAfter: endsAfter }),
      selectBypassKeys(orm),
      selectNewestAt(orm, changedAfter ?? 0),
    ]);
    const { recurring, faults } = await request.unroller.unroll(recurrences, changes, request.window);
    const rows = {
      periods: Map.groupBy(periodRows.map(periodOf), (period) => period.siteId),
      recurring: Map.groupBy(recurring, ({ recurrence }) => recurrence.siteId),
      exemptions: Map.groupBy(exemptionRows, (exemption) => exemption.siteId),
      readonlyRules: Map.groupBy(readonlyRows, (rule) => rule.siteId),
    };
    const recordOf = (siteId: number | null): EverywhereRecord => ({
      periods: rows.periods.get(siteId) ?? [],
      recurring: rows.recurring.get(siteId) ?? [],
      exemptions: rows.exemptions.get(siteId) ?? [],
      readonlyRules: rows.readonlyRules.get(siteId) ?? [],
    });
    const { databaseId, revision } = metaOf(meta);
    const present = new Set(siteRows.map((row) => row.id));
    return {
      databaseId,
      revision,
      sites: withAliases(siteRows, aliasRows).map((site) => ({ site, ...recordOf(site.id) })),
      removed: changed.flatMap(({ siteId }) => (siteId === null || present.has(siteId) ? [] : [siteId])),
      everywhere: recordOf(null),
      bypasses,
      bypassKeys,
      changedAt: newest[0]?.at ?? null,
      faults,
    };
  } catch (error) {
    throw databaseFault(error, database.path);
  }
}

export interface SnapshotTime {
  readonly now: InstantMs;
  /** Around which recurrences are unrolled; `now` unless given. */
  readonly at?: InstantMs;
}

export interface ReadSnapshot {
  readonly snapshot: Snapshot;
  /** What of the database it leaves out, because it cannot be used. */
  readonly faults: readonly RecurrenceFault[];
}

/** The snapshot of the database as it is at `now`, past periods included, for verdicts at and after `at`. Throws LullError. */
export async function readSnapshot(
  database: Database,
  settings: SnapshotSettings,
  { now, at = now }: SnapshotTime,
): Promise<ReadSnapshot> {
  const request = { window: windowAround(at), unroller: createUnroller() };
  const { everywhere, faults, removed: _, changedAt: __, ...rows } = await readRecords(database, request);
  const { policy } = settings;
  // Whoever has just read the database has heard of all renewals that there are.
  const snapshot = buildSnapshot({ ...rows, everywhere: withSettings(everywhere, settings), policy, heardAt: now });
  return { snapshot, faults };
}
