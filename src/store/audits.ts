import { desc, eq, gt, max } from "drizzle-orm";
import { audit } from "../../db/schema.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Queries } from "./database.ts";

/** One row of the audit: one thing that one change did. */
export interface AuditRow {
  readonly id: number;
  readonly revision: number;
  readonly at: InstantMs;
  /** `user@host`. */
  readonly actor: string;
  /** `period.start`, `site.add`, ... */
  readonly action: string;
  /** null: all sites. */
  readonly siteId: number | null;
  /** JSON of the row before and after; null: there was none. */
  readonly before: string | null;
  readonly after: string | null;
  readonly reason: string;
}

export async function insertAudit(queries: Queries, row: Omit<AuditRow, "id">): Promise<void> {
  await queries.insert(audit).values(row).run();
}

export interface AuditFilter {
  readonly siteId?: number;
  /** The newest rows, this many. */
  readonly limit: number;
}

/** The newest rows, the newest first. */
export async function readAudit(queries: Queries, filter: AuditFilter): Promise<readonly AuditRow[]> {
  return queries
    .select()
    .from(audit)
    .where(filter.siteId === undefined ? undefined : eq(audit.siteId, filter.siteId))
    .orderBy(desc(audit.id))
    .limit(filter.limit);
}

/** Which sites have changed after a revision; null stands for what holds on all sites. A query, also for use inside another. */
export function selectChangedSites(queries: Queries, revision: number) {
  return queries.selectDistinct({ siteId: audit.siteId }).from(audit).where(gt(audit.revision, revision));
}

/** The latest instant at which something was changed after a revision; null: nothing was. A query for a batch. */
export function selectNewestAt(queries: Queries, revision: number) {
  return queries
    .select({ at: max(audit.at) })
    .from(audit)
    .where(gt(audit.revision, revision));
}

/** Numbers of sites, given or still to be asked for. */
export type SiteNumbers = number[] | ReturnType<typeof selectChangedSites>;
