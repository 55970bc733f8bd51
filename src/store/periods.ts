import { and, eq, gt, inArray, isNotNull, isNull, or } from "drizzle-orm";
import { period } from "../../db/schema.ts";
import type { InstantMs, Period } from "../gate/period.ts";
import type { SiteNumbers } from "./audits.ts";
import type { Queries } from "./database.ts";

export interface PeriodFilter {
  /** Only periods on these sites and on all sites. */
  readonly sites?: SiteNumbers | undefined;
  /** Only periods that are not over at this instant. */
  readonly endsAfter?: InstantMs | undefined;
}

type PeriodRow = Omit<Period, "recurrenceId">;

/** The rows of periods in order of their starts. A query for a batch: `periodOf` makes periods of them. */
export function selectPeriods(queries: Queries, filter: PeriodFilter = {}) {
  const { sites, endsAfter } = filter;
  return queries
    .select()
    .from(period)
    .where(
      and(
        sites === undefined ? undefined : or(inArray(period.siteId, sites), isNull(period.siteId)),
        endsAfter === undefined ? undefined : or(isNull(period.end), gt(period.end, endsAfter)),
        endsAfter === undefined ? undefined : or(isNull(period.leaseEnd), gt(period.leaseEnd, endsAfter)),
      ),
    )
    .orderBy(period.start, period.id);
}

export function periodOf(row: PeriodRow): Period {
  return { ...row, recurrenceId: null };
}

/** Periods in order of their starts. */
export async function readPeriods(queries: Queries, filter: PeriodFilter = {}): Promise<readonly Period[]> {
  return (await selectPeriods(queries, filter)).map(periodOf);
}

/** One period by its number. */
export async function readPeriod(queries: Queries, id: number): Promise<Period | undefined> {
  const row = await queries.select().from(period).where(eq(period.id, id)).get();
  return row === undefined ? undefined : periodOf(row);
}

export async function insertPeriod(queries: Queries, added: Omit<Period, "id">): Promise<Period> {
  return periodOf(await queries.insert(period).values(columnsOf(added)).returning().get());
}

export async function updatePeriod(queries: Queries, changed: Period): Promise<void> {
  await queries.update(period).set(columnsOf(changed)).where(eq(period.id, changed.id)).run();
}

export async function deletePeriod(queries: Queries, id: number): Promise<void> {
  await queries.delete(period).where(eq(period.id, id)).run();
}

/** Operational: raises no revision and leaves no audit. */
export async function writeLeaseEnd(queries: Queries, id: number, leaseEnd: InstantMs): Promise<void> {
  await queries.update(period).set({ leaseEnd }).where(eq(period.id, id)).run();
}

/** The ends of leases that are not over at this instant, by the numbers of their periods. */
export async function readLeaseEnds(queries: Queries, endsAfter: InstantMs): Promise<ReadonlyMap<number, InstantMs>> {
  const rows = await queries
    .select({ id: period.id, leaseEnd: period.leaseEnd })
    .from(period)
    .where(and(isNotNull(period.leaseEnd), gt(period.leaseEnd, endsAfter)));
  return new Map(rows.flatMap(({ id, leaseEnd }) => (leaseEnd === null ? [] : [[id, leaseEnd] as const])));
}

/** Everything but the number, and what no row has. */
function columnsOf({ siteId, name, start, end, ...rest }: Omit<Period, "id">) {
  const { enabled, mode, reason, message, owner, expectedEnd, leaseMs, leaseEnd } = rest;
  return { siteId, name, start, end, enabled, mode, reason, message, owner, expectedEnd, leaseMs, leaseEnd };
}
