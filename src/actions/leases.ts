import type { InstantMs, Period } from "../gate/period.ts";
import { type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { updatePeriod, writeLeaseEnd } from "../store/periods.ts";
import { runningPeriods } from "./running-periods.ts";

export interface Renewal {
  /** When the first of the leases runs out now; null: none of them has one any more. */
  readonly leaseEnd: InstantMs | null;
  /** Those that were over, or gone: what they held may have been open. */
  readonly lost: readonly number[];
}

/** Renews the leases of running periods. Operational: raises no revision. Throws LullError. */
export async function renewLeases(
  database: Database,
  context: ChangeContext,
  ids: readonly number[],
): Promise<Renewal> {
  const { result } = await change(database, context, async (step) => {
    const running = new Map((await runningPeriods(step)).map((period) => [period.id, period]));
    let leaseEnd: InstantMs | null = null;
    for (const id of ids) {
      const period = running.get(id);
      if (period === undefined || period.leaseMs === null) continue;
      const end = Math.max(period.leaseEnd ?? 0, step.now + period.leaseMs);
      await writeLeaseEnd(step.queries, id, end);
      leaseEnd = Math.min(leaseEnd ?? end, end);
    }
    return { leaseEnd, lost: ids.filter((id) => !running.has(id)) };
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
