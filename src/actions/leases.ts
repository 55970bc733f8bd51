import { type InstantMs, isRunning, type Period } from "../gate/period.ts";
import { type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { readPeriod, updatePeriod, writeLeaseEnd } from "../store/periods.ts";
import { runningPeriods } from "./running-periods.ts";

export interface Renewal {
  /** When the first of the leases runs out now; null: none of them has one any more. */
  readonly leaseEnd: InstantMs | null;
  /** Those that were ended, disabled or removed. */
  readonly lost: readonly number[];
  /** Those whose leases had run out: what they hold may have been open for a while. */
  readonly revived: readonly number[];
}

/**
 * Renews the leases of periods that nobody has ended, also of one that has run out: whoever renews it still needs it, and
 * the clock may have been set. Operational: raises no revision. Throws LullError.
 */
export async function renewLeases(
  database: Database,
  context: ChangeContext,
  ids: readonly number[],
): Promise<Renewal> {
  const { result } = await change(database, context, async (step) => {
    let leaseEnd: InstantMs | null = null;
    const lost: number[] = [];
    const revived: number[] = [];
    for (const id of ids) {
      const period = await readPeriod(step.queries, id);
      if (period === undefined || !isRunning({ ...period, leaseEnd: null }, step.now)) {
        lost.push(id);
        continue;
      }
      if (period.leaseMs === null) continue;
      if (!isRunning(period, step.now)) revived.push(id);
      const end = Math.max(period.leaseEnd ?? 0, step.now + period.leaseMs);
      await writeLeaseEnd(step.queries, id, end);
      leaseEnd = Math.min(leaseEnd ?? end, end);
    }
    return { leaseEnd, lost, revived };
  });
  return result;
}

/** Takes the leases of running periods away: they stay until somebody ends them. Gives them as they are then. */
export async function freeHolds(
  database: Database,
  context: ChangeContext,
  ids: readonly number[],
): Promise<Changed<readonly Period[]>> {
  return change(database, context, async (step) => {
    const leased = (await runningPeriods(step)).filter((period) => ids.includes(period.id) && period.leaseMs !== null);
    const freed: Period[] = [];
    for (const before of leased) {
      const after = { ...before, leaseMs: null, leaseEnd: null };
      await updatePeriod(step.queries, after);
      await step.record({ action: "period.keep", siteId: before.siteId, before, after });
      freed.push(after);
    }
    return freed;
  });
}
