import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import { parseRule } from "../gate/rule-text.ts";
import type { Site } from "../gate/site.ts";
import { parseWall } from "../gate/wall.ts";
import { type Change, type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database, Queries } from "../store/database.ts";
import {
  deleteRecurrence,
  insertRecurrence,
  readRecurrence,
  selectRecurrences,
  updateRecurrence,
} from "../store/recurrences.ts";
import { nextOccurrences } from "./find-occurrence.ts";
import { requirePresent } from "./find-sites.ts";
import { firstDay } from "./first-day.ts";
import { refuseEndlessChain } from "./occurrence-chain.ts";
import { clockLengthMs } from "./occurrence-length.ts";
import { refuseLongTexts, refuseTooLong, refuseUnusableName } from "./period-refusals.ts";

/** How many occurrences that end at a time of day are measured. */
const measured = 100;

export interface RecurrenceRequest extends Omit<Recurrence, "id" | "siteId" | "enabled" | "reason" | "owner" | "from"> {
  /** null: today in the zone of the rule, or tomorrow when all that it starts today is over. */
  readonly from: string | null;
  /** The line of crontab(5) that was translated into the rules: refusals quote it. */
  readonly cron?: string | undefined;
  /** null: one recurrence on all sites. */
  readonly sites: readonly Site[] | null;
  /** Who is shown as holding what it yields; the actor unless given. */
  readonly owner?: string | undefined;
  /** Longer occurrences are refused, in milliseconds; null: none are. */
  readonly longestMs: number | null;
}

/**
 * Adds a recurrence to each site. Refuses (LullError) one that cannot be read, that yields nothing, or more than anybody
 * should unroll; occurrences that are too long; and a second one of the same site and name.
 */
export async function addRecurrence(
  database: Database,
  context: ChangeContext,
  request: RecurrenceRequest,
): Promise<Changed<readonly Recurrence[]>> {
  const { sites, longestMs, cron, owner = context.actor, ...rest } = request;
  refuseUnusableName(request.name);
  refuseLongTexts({ reason: context.reason, message: request.message });
  const written = {
    ...rest,
    rules: rest.rules.split("\n").map(parseRule).join("\n"),
    ...{ enabled: true, reason: context.reason, owner },
  };
  const planned = { ...written, from: rest.from ?? (await firstDay(written, context.now)) };
  const { checkRecurrence } = await import("../gate/unroll.ts");
  const unsaved = { ...planned, id: 0, siteId: null };
  checkRecurrence(unsaved, context.now, cron === undefined ? undefined : `the cron ${JSON.stringify(cron)}`);
  for (const end of await lengthsOf(unsaved, context.now)) refuseTooLong({ start: 0, end }, longestMs);
  await refuseEndlessChain(unsaved, { now: context.now, longestMs });
  return change(database, context, async (step) => {
    const siteIds = await requirePresent(step.queries, sites);
    const others = await selectRecurrences(step.queries);
    const added: Recurrence[] = [];
    for (const siteId of siteIds) {
      refuseTaken(others, { name: request.name, siteId });
      const recurrence = await insertRecurrence(step.queries, { ...planned, siteId });
      await step.record({ action: "recurrence.add", siteId, after: recurrence });
      added.push(recurrence);
    }
    return added;
  });
}

/** Makes a recurrence count again. Refuses (LullError) a second one of the same site and name. */
export async function enableRecurrence(
  database: Database,
  context: ChangeContext,
  id: number,
): Promise<Changed<Recurrence>> {
  return change(database, context, async (step) => {
    const before = await requireRecurrence(step.queries, id);
    if (before.enabled) return before;
    refuseTaken(await selectRecurrences(step.queries), before);
    return replace(step, "recurrence.enable", { before, after: { ...before, enabled: true } });
  });
}

/** Keeps a recurrence, without effect. */
export async function disableRecurrence(
  database: Database,
  context: ChangeContext,
  id: number,
): Promise<Changed<Recurrence>> {
  return change(database, context, async (step) => {
    const before = await requireRecurrence(step.queries, id);
    if (!before.enabled) return before;
    return replace(step, "recurrence.disable", { before, after: { ...before, enabled: false } });
  });
}

/** Removes a recurrence, with what was changed in its occurrences; the audit keeps it. */
export async function removeRecurrence(
  database: Database,
  context: ChangeContext,
  id: number,
): Promise<Changed<Recurrence>> {
  return change(database, context, async (step) => {
    const before = await requireRecurrence(step.queries, id);
    await deleteRecurrence(step.queries, id);
    await step.record({ action: "recurrence.remove", siteId: before.siteId, before });
    return before;
  });
}

/** One recurrence by its number. Throws LullError when there is none. */
export async function requireRecurrence(queries: Queries, id: number): Promise<Recurrence> {
  const recurrence = await readRecurrence(queries, id);
  if (recurrence !== undefined) return recurrence;
  throw new LullError("refused", `no recurrence ${id}; "lull recurrence list" shows those that there are`);
}

/** In milliseconds, by the clocks; a rule may start at several times of day, and end at one. */
async function lengthsOf(recurrence: Recurrence, now: InstantMs): Promise<readonly number[]> {
  if (recurrence.durationMs !== null) return [recurrence.durationMs];
  const next = await nextOccurrences(recurrence, [], { now, most: measured });
  return next.map(({ wall }) => clockLengthMs(recurrence, parseWall(wall)));
}

interface Replaced {
  readonly before: Recurrence;
  readonly after: Recurrence;
}

async function replace(step: Change, action: string, { before, after }: Replaced): Promise<Recurrence> {
  await updateRecurrence(step.queries, after);
  await step.record({ action, siteId: after.siteId, before, after });
  return after;
}

/** Site and name identify what runs, so two rules may not yield the same. */
function refuseTaken(others: readonly Recurrence[], { name, siteId }: Pick<Recurrence, "name" | "siteId">): void {
  const other = others.find((each) => each.enabled && each.siteId === siteId && each.name === name);
  if (other === undefined) return;
  throw new LullError(
    "refused",
    `recurrence ${other.id} has the name ${JSON.stringify(name)} on the same site; give this one another --name, or disable that one ("lull recurrence disable ${other.id}")`,
  );
}
