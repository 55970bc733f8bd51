import type { InstantMs, Period } from "../gate/period.ts";
import type { Queries } from "../store/database.ts";
import { selectOccurrenceChanges, selectRecurrences } from "../store/recurrences.ts";
import { occurrencesIn } from "./find-occurrence.ts";
import { type Alteration, alterationOf, plannedOccurrence } from "./known-occurrences.ts";

/** By what the occurrence that a period is one of is known, and what somebody has made of it. */
export interface PeriodOccurrence {
  /** null: no rule yields it. */
  readonly wall: string | null;
  readonly alteration: Alteration;
}

const none: PeriodOccurrence = { wall: null, alteration: null };

/** Of each of the periods, in their order. Throws LullError when a recurrence cannot be unrolled. */
export async function periodOccurrences(
  queries: Queries,
  periods: readonly Period[],
  now: InstantMs,
): Promise<readonly PeriodOccurrence[]> {
  const ids = new Set(periods.flatMap(({ recurrenceId }) => recurrenceId ?? []));
  const found = new Map<string, PeriodOccurrence>();
  for (const recurrence of await selectRecurrences(queries)) {
    if (!ids.has(recurrence.id)) continue;
    const own = periods.filter(({ recurrenceId }) => recurrenceId === recurrence.id);
    const from = Math.min(...own.map(({ start }) => start));
    const to = Math.max(...own.map(({ start }) => start)) + 1;
    const changes = await selectOccurrenceChanges(queries, recurrence.id);
    for (const occurrence of await occurrencesIn(recurrence, changes, { from, to })) {
      const { wall, start, end, changed } = occurrence;
      const planned = changed ? await plannedOccurrence(recurrence, wall) : occurrence;
      const alteration = planned === null ? null : alterationOf(planned, occurrence, now);
      found.set(keyOf({ recurrenceId: recurrence.id, start, end }), { wall, alteration });
    }
  }
  return periods.map((period) => found.get(keyOf(period)) ?? none);
}

function keyOf({ recurrenceId, start, end }: Pick<Period, "recurrenceId" | "start" | "end">): string {
  return `${recurrenceId} ${start} ${end}`;
}
