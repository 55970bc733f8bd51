import type { InstantMs } from "../gate/period.ts";
import { occurrencePeriod, type Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import type { Site } from "../gate/site.ts";
import type { ChangeContext } from "../store/change.ts";
import { describeStart } from "./describe-plan.ts";

export type Times = Pick<Occurrence, "start" | "end">;

export interface Circumstances {
  readonly context: ChangeContext;
  readonly sites: ReadonlyMap<number, Site>;
  readonly timezone: string;
}

/**
 * That an occurrence of an enabled recurrence, which a command has just made, closes its site at this very moment: a
 * line, or none. What begins while the command waits for sidecars is none: nobody has waited for that.
 */
export function closedNow(
  recurrence: Recurrence,
  occurrence: Times,
  { context, sites, timezone }: Circumstances,
): readonly string[] {
  if (!recurrence.enabled || !isRunningAt(occurrence, context.now)) return [];
  const { start, end } = occurrence;
  const period = occurrencePeriod({ recurrence, starts: Float64Array.of(start), ends: Float64Array.of(end) }, 0);
  return [describeStart(period, { sites, timezone, isDry: context.dryRun })];
}

export function isRunningAt({ start, end }: Times, now: InstantMs): boolean {
  return start <= now && now < end;
}
