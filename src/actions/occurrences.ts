import { LullError } from "../gate/error.ts";
import type { InstantMs, Period } from "../gate/period.ts";
import type { OccurrenceChange, Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import { type Change, type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { deleteOccurrenceChange, selectOccurrenceChanges, writeOccurrenceChange } from "../store/recurrences.ts";
import { nextOccurrences, occurrenceLabel, occurrencesIn, requireOccurrence, severalNamed } from "./find-occurrence.ts";
import { refuseTooLong, refuseUselessEnd, utc } from "./period-refusals.ts";
import { requireRecurrence } from "./recurrences.ts";
import { endRunning, runningOf } from "./running-occurrences.ts";

export interface OccurrenceRequest {
  readonly recurrenceId: number;
  /** See `parseOccurrenceName`. */
  readonly name: string;
}

/** One occurrence after a change. */
export interface ChangedOccurrence {
  readonly recurrence: Recurrence;
  /** By which it is known. */
  readonly wall: string;
  /** As it stands now; null: it is skipped. */
  readonly occurrence: Occurrence | null;
}

/** Leaves an occurrence out that has not begun. */
export async function skipOccurrence(
  database: Database,
  context: ChangeContext,
  request: OccurrenceRequest,
): Promise<Changed<ChangedOccurrence>> {
  return change(database, context, async (step) => {
    const found = await findOccurrence(step, request);
    if (found.current === null) return asItStands(found);
    refuseOver(found, step.now);
    const { recurrence, planned, current, row } = found;
    if (recurrence.enabled && current.start <= step.now) {
      throw new LullError(
        "refused",
        `${callIt(found)} has begun (at ${utc(current.start)}); "lull recurrence end ${recurrence.id}" ends it now`,
      );
    }
    const { start = null, end = null } = row ?? {};
    const after = { recurrenceId: recurrence.id, wall: planned.wall, skipped: true, start, end };
    return write(step, found, { action: "occurrence.skip", after });
  });
}

export interface MoveRequest extends OccurrenceRequest {
  /** null: it keeps the one that it has. */
  readonly start: InstantMs | null;
  /** When it ends, or how long it lasts in milliseconds; null: as long as it would have lasted. */
  readonly end: { readonly at: InstantMs } | { readonly afterMs: number } | null;
  /** Longer ones are refused, in milliseconds; null: none are. */
  readonly longestMs: number | null;
}

/** Gives an occurrence that is not over another start, end or length. */
export async function moveOccurrence(
  database: Database,
  context: ChangeContext,
  request: MoveRequest,
): Promise<Changed<ChangedOccurrence>> {
  return change(database, context, async (step) => {
    const found = await findOccurrence(step, request);
    refuseSkipped(found);
    refuseOver(found, step.now);
    const { recurrence, planned, current } = found;
    const times = movedTimes(current ?? planned, request);
    if (times.start === current?.start && times.end === current.end) return asItStands(found);
    refuseUselessEnd(times, step.now);
    refuseTooLong(times, request.longestMs);
    const after = { recurrenceId: recurrence.id, wall: planned.wall, skipped: false, ...times };
    return write(step, found, { action: "occurrence.move", after });
  });
}

function movedTimes(current: Occurrence, { start: wanted, end }: MoveRequest): Pick<Occurrence, "start" | "end"> {
  const start = wanted ?? current.start;
  if (end === null) return { start, end: start + (current.end - current.start) };
  return { start, end: "at" in end ? end.at : start + end.afterMs };
}

export interface EndOccurrenceRequest extends Omit<OccurrenceRequest, "name"> {
  /** See `parseOccurrenceName`; null: the one that runs. */
  readonly name: string | null;
}

/** Ends a running occurrence now. Gives it as the period that it was. */
export async function endOccurrence(
  database: Database,
  context: ChangeContext,
  { recurrenceId, name }: EndOccurrenceRequest,
): Promise<Changed<Period>> {
  return change(database, context, async (step) => {
    const recurrence = await requireRecurrence(step.queries, recurrenceId);
    if (!recurrence.enabled) {
      throw new LullError("refused", `recurrence ${recurrenceId} is disabled, so nothing of it runs`);
    }
    const running = await runningOf(step, recurrence);
    if (name === null) {
      const [first, ...more] = running;
      if (first === undefined) throw await nothingRuns(step, recurrence);
      if (more.length === 0) return endRunning(step, first);
      throw severalNamed(
        recurrence,
        running.map(({ occurrence }) => occurrence),
        "run now",
      );
    }
    const found = await findOccurrence(step, { recurrenceId, name });
    const one = running.find(({ occurrence }) => occurrence.wall === found.planned.wall);
    if (one !== undefined) return endRunning(step, one);
    refuseSkipped(found);
    refuseOver(found, step.now);
    const begins = found.current === null ? "" : ` (it starts at ${utc(found.current.start)})`;
    const advice = `"lull recurrence skip ${recurrenceId} ${occurrenceLabel(found.planned.wall)}" leaves it out`;
    throw new LullError("refused", `${callIt(found)} has not begun${begins}; ${advice}`);
  });
}

/** Undoes what was changed in an occurrence: it is as the rule says. */
export async function restoreOccurrence(
  database: Database,
  context: ChangeContext,
  request: OccurrenceRequest,
): Promise<Changed<ChangedOccurrence>> {
  return change(database, context, async (step) => {
    const found = await findOccurrence(step, request);
    const { recurrence, planned, row } = found;
    if (row === undefined) return asItStands(found);
    // It would rewrite what has happened.
    if (planned.end <= step.now) {
      throw new LullError("refused", `${callIt(found)} would be over since ${utc(planned.end)}; nothing was changed`);
    }
    await deleteOccurrenceChange(step.queries, row);
    await step.record({ action: "occurrence.restore", siteId: recurrence.siteId, before: row });
    return { recurrence, wall: planned.wall, occurrence: planned };
  });
}

interface FoundOccurrence {
  readonly recurrence: Recurrence;
  /** As the rule says. */
  readonly planned: Occurrence;
  /** What was changed in it. */
  readonly row: OccurrenceChange | undefined;
  /** As it stands; null: it is skipped. */
  readonly current: Occurrence | null;
}

async function findOccurrence(step: Change, { recurrenceId, name }: OccurrenceRequest): Promise<FoundOccurrence> {
  const recurrence = await requireRecurrence(step.queries, recurrenceId);
  const planned = await requireOccurrence(recurrence, name);
  const rows = await selectOccurrenceChanges(step.queries, recurrenceId);
  const row = rows.find(({ wall }) => wall === planned.wall);
  const current = row === undefined ? planned : await changedOccurrence(recurrence, planned, row);
  return { recurrence, planned, row, current };
}

async function changedOccurrence(
  recurrence: Recurrence,
  planned: Occurrence,
  row: OccurrenceChange,
): Promise<Occurrence | null> {
  const start = row.start ?? planned.start;
  const occurrences = await occurrencesIn(recurrence, [row], { from: start, to: start + 1 });
  return occurrences.find(({ wall }) => wall === planned.wall) ?? null;
}

async function write(
  step: Change,
  { recurrence, planned, row }: FoundOccurrence,
  { action, after }: { readonly action: string; readonly after: OccurrenceChange },
): Promise<ChangedOccurrence> {
  await writeOccurrenceChange(step.queries, after);
  await step.record({ action, siteId: recurrence.siteId, before: row, after });
  return { recurrence, wall: planned.wall, occurrence: await changedOccurrence(recurrence, planned, after) };
}

function asItStands({ recurrence, planned, current }: FoundOccurrence): ChangedOccurrence {
  return { recurrence, wall: planned.wall, occurrence: current };
}

function callIt({ recurrence, planned }: FoundOccurrence): string {
  return `occurrence ${occurrenceLabel(planned.wall)} of recurrence ${recurrence.id}`;
}

function refuseSkipped(found: FoundOccurrence): void {
  if (found.current !== null) return;
  const advice = `"lull recurrence restore ${found.recurrence.id} ${occurrenceLabel(found.planned.wall)}" brings it back`;
  throw new LullError("refused", `${callIt(found)} is skipped; ${advice}`);
}

function refuseOver(found: FoundOccurrence, now: InstantMs): void {
  if (found.current === null || found.current.end > now) return;
  throw new LullError("refused", `${callIt(found)} is over since ${utc(found.current.end)}; nothing was changed`);
}

async function nothingRuns({ queries, now }: Change, recurrence: Recurrence): Promise<LullError> {
  const changes = await selectOccurrenceChanges(queries, recurrence.id);
  const [next] = await nextOccurrences(recurrence, changes, { now, most: 1 });
  const begins = next === undefined ? "" : `; the next occurrence begins at ${utc(next.start)}`;
  return new LullError("refused", `nothing of recurrence ${recurrence.id} runs now${begins}`);
}
