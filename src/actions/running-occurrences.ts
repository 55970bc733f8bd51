import { LullError } from "../gate/error.ts";
import type { Period } from "../gate/period.ts";
import { type OccurrenceChange, occurrencePeriod, type Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import type { Change } from "../store/change.ts";
import { selectOccurrenceChanges, selectRecurrences, writeOccurrenceChange } from "../store/recurrences.ts";
import { occurrencesIn } from "./find-occurrence.ts";

/** An occurrence that closes something when the change happens. */
export interface RunningOccurrence {
  readonly recurrence: Recurrence;
  readonly occurrence: Occurrence;
  /** What was changed in it before. */
  readonly change: OccurrenceChange | undefined;
}

/** When, and in what. */
type Moment = Pick<Change, "queries" | "now">;

/** What runs of the recurrences that are wanted. One that cannot be unrolled closes nothing, and is passed over. */
export async function runningOccurrences(
  step: Moment,
  isWanted: (recurrence: Recurrence) => boolean,
): Promise<readonly RunningOccurrence[]> {
  const wanted = (await selectRecurrences(step.queries)).filter((each) => each.enabled && isWanted(each));
  const running: RunningOccurrence[] = [];
  for (const recurrence of wanted) {
    try {
      running.push(...(await runningOf(step, recurrence)));
    } catch (error) {
      if (!(error instanceof LullError)) throw error;
    }
  }
  return running;
}

/** What runs of one recurrence, were it enabled. Throws LullError when it cannot be unrolled. */
export async function runningOf(
  { queries, now }: Moment,
  recurrence: Recurrence,
): Promise<readonly RunningOccurrence[]> {
  const changes = await selectOccurrenceChanges(queries, recurrence.id);
  const occurrences = await occurrencesIn(recurrence, changes, { from: now, to: now + 1 });
  return occurrences.map((occurrence) => ({
    recurrence,
    occurrence,
    change: changes.find(({ wall }) => wall === occurrence.wall),
  }));
}

/** Ends a running occurrence now, and no other of its recurrence. Gives it as the period that it was. */
export async function endRunning(step: Change, { recurrence, occurrence, change }: RunningOccurrence): Promise<Period> {
  const { wall, start, end } = occurrence;
  const after: OccurrenceChange = {
    recurrenceId: recurrence.id,
    wall,
    skipped: false,
    start: change?.start ?? null,
    // A period is never empty: one that began in this very millisecond lasts for it.
    end: Math.max(step.now, start + 1),
  };
  await writeOccurrenceChange(step.queries, after);
  await step.record({ action: "occurrence.end", siteId: recurrence.siteId, before: change, after });
  return occurrencePeriod({ recurrence, starts: Float64Array.of(start), ends: Float64Array.of(end) }, 0);
}
