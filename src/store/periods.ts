import { and, eq, gt, inArray, isNull, or } from "drizzle-orm";
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

/** Periods in order of their starts. A query: await it, or put it into a batch. */
export function selectPeriods(queries: Queries, filter: PeriodFilter = {}) {
  const { sites, endsAfter } = filter;
  return queries
    .select()
    .from(period)
    .where(
      and(
        sites === undefined ? undefined : or(inArray(period.siteId, sites), isNull(period.siteId)),
        endsAfter === undefined ? undefined : or(isNull(period.end), gt(period.end, endsAfter)),
      ),
    )
    .orderBy(period.start, period.id);
}

/** One period by its number. */
export async function readPeriod(queries: Queries, id: number): Promise<Period | undefined> {
  return queries.select().from(period).where(eq(period.id, id)).get();
}

export async function insertPeriod(queries: Queries, added: Omit<Period, "id">): Promise<Period> {
  return queries.insert(period).values(added).returning().get();
}

export async function updatePeriod(queries: Queries, changed: Period): Promise<void> {
  const { id, ...columns } = changed;
  await queries.update(period).set(columns).where(eq(period.id, id)).run();
}

export async function deletePeriod(queries: Queries, id: number): Promise<void> {
  await queries.delete(period).where(eq(period.id, id)).run();
}
