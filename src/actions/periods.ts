import { LullError } from "../gate/error.ts";
import { type InstantMs, overAt, type Period, type PeriodMode, plainPeriod } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { type Change, type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { deletePeriod, insertPeriod, readPeriod, readPeriods, updatePeriod } from "../store/periods.ts";
import { requirePresent } from "./find-sites.ts";
import {
  refuseLongTexts,
  refuseOver,
  refuseOverlap,
  refuseTooLong,
  refuseUnusableName,
  refuseUselessEnd,
  utc,
} from "./period-refusals.ts";

export interface PeriodRequest {
  /** null: one period on all sites. */
  readonly sites: readonly Site[] | null;
  readonly name: string;
  readonly start: InstantMs;
  /** null: unknown. */
  readonly end: InstantMs | null;
  readonly mode: PeriodMode;
  /** Shown to held visitors; may be empty. */
  readonly message: string;
  /** Who is shown as holding it; the actor unless given. */
  readonly owner?: string | undefined;
  /** Longer ones are refused, in milliseconds; null: none are. */
  readonly longestMs?: number | null;
}

/** Plans a period. Refuses (LullError) one that is empty, over, nameless, or overlaps another of the same site and name. */
export async function addPeriod(
  database: Database,
  context: ChangeContext,
  request: PeriodRequest,
): Promise<Changed<readonly Period[]>> {
  const { sites, longestMs = null, owner = context.actor, ...rest } = request;
  refuseUnusableName(request.name);
  refuseLongTexts({ reason: context.reason, message: request.message });
  refuseTooLong(request, longestMs);
  return change(database, context, async (step) => {
    refuseUselessEnd(request, step.now);
    const siteIds = await requirePresent(step.queries, sites);
    const rows = await readPeriods(step.queries, { endsAfter: request.start });
    const others = Map.groupBy(rows, (period) => period.siteId);
    const added: Period[] = [];
    for (const siteId of siteIds) {
      const planned = { ...rest, ...plainPeriod, siteId, enabled: true, reason: context.reason, owner };
      refuseOverlap(others.get(siteId) ?? [], planned);
      const period = await insertPeriod(step.queries, planned);
      await step.record({ action: "period.add", siteId, after: period });
      added.push(period);
    }
    return added;
  });
}

export interface ExtendRequest {
  readonly id: number;
  /** The new end, or how much later than the present one in milliseconds; null: it ends when somebody ends it. */
  readonly end: { readonly at: InstantMs } | { readonly laterMs: number } | null;
  readonly mayShorten: boolean;
  /** Longer ones are refused, in milliseconds; null: none are. */
  readonly longestMs: number | null;
}

/** Gives a period that is not over another end. Refuses (LullError) an earlier one unless it may be shortened. */
export async function extendPeriod(
  database: Database,
  context: ChangeContext,
  request: ExtendRequest,
): Promise<Changed<Period>> {
  return change(database, context, async (step) => {
    const before = await requirePeriod(step, request.id);
    refuseOver(before, step.now);
    const after = { ...before, end: newEnd(before, request.end) };
    if (after.end === before.end) return before;
    refuseUselessEnd(after, step.now);
    refuseTooLong(after, request.longestMs);
    const isShorter = after.end !== null && (before.end === null || after.end < before.end);
    if (isShorter && !request.mayShorten) {
      const end = before.end === null ? "has no end" : `ends at ${utc(before.end)}`;
      throw new LullError(
        "refused",
        `period ${before.id} ${end}, which is later than ${utc(after.end ?? overAt(after))}; --shorten lets it end earlier`,
      );
    }
    if (after.enabled) refuseOverlap(await others(step, after), after);
    return replace(step, isShorter ? "period.shorten" : "period.extend", { before, after });
  });
}

function newEnd(before: Period, wanted: ExtendRequest["end"]): InstantMs | null {
  if (wanted === null) return null;
  if ("at" in wanted) return wanted.at;
  if (before.end !== null) return before.end + wanted.laterMs;
  throw new LullError("refused", `period ${before.id} has no end that could be later; give it one with --end`);
}

/** Ends a running period now. */
export async function endPeriod(database: Database, context: ChangeContext, id: number): Promise<Changed<Period>> {
  return change(database, context, async (step) => {
    const before = await requirePeriod(step, id);
    refuseOver(before, step.now);
    if (before.start > step.now) {
      throw new LullError(
        "refused",
        `period ${id} has not begun (it starts at ${utc(before.start)}); "lull period cancel ${id}" calls it off`,
      );
    }
    // A period is never empty: one that began in this very millisecond lasts for it.
    const after = { ...before, end: Math.max(step.now, before.start + 1) };
    return replace(step, "period.end", { before, after });
  });
}

/** Calls off a period that has not begun; the audit keeps it. */
export async function cancelPeriod(database: Database, context: ChangeContext, id: number): Promise<Changed<Period>> {
  return change(database, context, async (step) => {
    const before = await requirePeriod(step, id);
    refuseOver(before, step.now);
    if (before.start <= step.now) {
      throw new LullError(
        "refused",
        `period ${id} has begun (at ${utc(before.start)}); "lull period end ${id}" ends it now`,
      );
    }
    await deletePeriod(step.queries, id);
    await step.record({ action: "period.cancel", siteId: before.siteId, before });
    return before;
  });
}

/** Makes a period count again. */
export async function enablePeriod(database: Database, context: ChangeContext, id: number): Promise<Changed<Period>> {
  return change(database, context, async (step) => {
    const before = await requirePeriod(step, id);
    if (before.enabled) return before;
    refuseOverlap(await others(step, before), before);
    return replace(step, "period.enable", { before, after: { ...before, enabled: true } });
  });
}

/** Keeps a period, without effect. */
export async function disablePeriod(database: Database, context: ChangeContext, id: number): Promise<Changed<Period>> {
  return change(database, context, async (step) => {
    const before = await requirePeriod(step, id);
    return before.enabled ? replace(step, "period.disable", { before, after: { ...before, enabled: false } }) : before;
  });
}

/** Removes a period; the audit keeps it. */
export async function removePeriod(database: Database, context: ChangeContext, id: number): Promise<Changed<Period>> {
  return change(database, context, async (step) => {
    const before = await requirePeriod(step, id);
    await deletePeriod(step.queries, id);
    await step.record({ action: "period.remove", siteId: before.siteId, before });
    return before;
  });
}

interface Replaced {
  readonly before: Period;
  readonly after: Period;
}

async function replace(step: Change, action: string, { before, after }: Replaced): Promise<Period> {
  await updatePeriod(step.queries, after);
  await step.record({ action, siteId: after.siteId, before, after });
  return after;
}

/** The other periods that are not over before this one begins, nor by now. */
async function others({ queries, now }: Change, { id, start }: Period): Promise<readonly Period[]> {
  const rows = await readPeriods(queries, { endsAfter: Math.max(start, now) });
  return rows.filter((period) => period.id !== id);
}

/** The period of that number. Throws LullError when there is none. */
export async function requirePeriod({ queries }: Pick<Change, "queries">, id: number): Promise<Period> {
  const period = await readPeriod(queries, id);
  if (period === undefined)
    throw new LullError("refused", `no period ${id}; "lull period list" shows those that there are`);
  return period;
}
