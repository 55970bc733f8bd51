import type { InstantMs } from "../gate/period.ts";
import type { OccurrenceChange, Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import { type NextOptions, nextOccurrences, occurrencesAround } from "./find-occurrence.ts";

type Times = Pick<Occurrence, "start" | "end">;

/** What somebody has made of an occurrence; null: it is as the rule says. */
export type Alteration = "skipped" | "moved" | "ended early" | "shorter" | "longer" | null;

/** An occurrence that is not over, or would not be. */
export interface KnownOccurrence {
  /** By which it is known. */
  readonly wall: string;
  /** As the rule says. */
  readonly planned: Times;
  /** As it stands; null: it is skipped. */
  readonly current: Times | null;
  readonly alteration: Alteration;
}

/**
 * What runs and what comes next, in order, with what was changed in it: also what was skipped, and what somebody has
 * ended before its time. Throws LullError.
 */
export async function knownOccurrences(
  recurrence: Recurrence,
  changes: readonly OccurrenceChange[],
  { now, most }: NextOptions,
): Promise<readonly KnownOccurrence[]> {
  const planned = new Map((await nextOccurrences(recurrence, [], { now, most })).map((each) => [each.wall, each]));
  // Moved from where it would be over, or from far ahead.
  for (const { wall, skipped, end } of changes) {
    if (skipped || end === null || end <= now || planned.has(wall)) continue;
    const found = await plannedOccurrence(recurrence, wall);
    if (found !== null) planned.set(wall, found);
  }
  const changeOf = new Map(changes.map((change) => [change.wall, change]));
  return [...planned.values()]
    .map((each) => knownOccurrence(each, changeOf.get(each.wall), now))
    .sort((a, b) => startOf(a) - startOf(b))
    .slice(0, most);
}

/** The occurrence that is known by a wall time (`2026-11-22T02:00:00`), as the rule says; null: there is none. */
export async function plannedOccurrence(recurrence: Recurrence, wall: string): Promise<Occurrence | null> {
  const around = await occurrencesAround(recurrence, wall.slice(0, 10));
  return around.find((each) => each.wall === wall) ?? null;
}

function knownOccurrence(
  { wall, start, end }: Occurrence,
  change: OccurrenceChange | undefined,
  now: InstantMs,
): KnownOccurrence {
  const planned = { start, end };
  const current = change?.skipped === true ? null : { start: change?.start ?? start, end: change?.end ?? end };
  return { wall, planned, current, alteration: alterationOf(planned, current, now) };
}

/** What was made of `planned`. */
export function alterationOf(planned: Times, current: Times | null, now: InstantMs): Alteration {
  if (current === null) return "skipped";
  if (current.start !== planned.start) return "moved";
  if (current.end === planned.end) return null;
  if (current.end > planned.end) return "longer";
  return current.end <= now ? "ended early" : "shorter";
}

function startOf({ planned, current }: KnownOccurrence): InstantMs {
  return (current ?? planned).start;
}
