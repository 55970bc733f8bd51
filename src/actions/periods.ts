import { LullError } from "../gate/error.ts";
import type { InstantMs, Period, PeriodMode } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { type Change, type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { deletePeriod, insertPeriod, readPeriod, selectPeriods, updatePeriod } from "../store/periods.ts";
import { requirePresent } from "./find-sites.ts";

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
}

/** Plans a period. Refuses (LullError) one that is empty, over, nameless, or overlaps another of the same site and name. */
export async function addPeriod(
  database: Database,
  context: ChangeContext,
  request: PeriodRequest,
): Promise<Changed<readonly Period[]>> {
  const { sites, ...rest } = request;
  refuseUnusableName(request.name);
  if (request.end !== null && request.end <= request.start) {
    throw new LullError(
      "refused",
      `a period must end after it starts: start ${utc(request.start)}, end ${utc(request.end)}`,
    );
  }
  return change(database, context, async (step) => {
    if (request.end !== null && request.end <= step.now) {
      throw new LullError("refused", `the period would be over already: its end ${utc(request.end)} is past`);
    }
    const siteIds = await requirePresent(step.queries, sites);
    const rows = await selectPeriods(step.queries, { endsAfter: request.start });
    const others = Map.groupBy(rows, (period) => period.siteId);
    const added: Period[] = [];
    for (const siteId of siteIds) {
      const planned = { ...rest, siteId, enabled: true, reason: context.reason, owner: context.actor };
      refuseOverlap(others.get(siteId) ?? [], planned);
      const period = await insertPeriod(step.queries, planned);
      await step.record({ action: "period.add", siteId, after: period });
      added.push(period);
    }
    return added;
  });
}

/** Makes a period count again. */
export async function enablePeriod(database: Database, context: ChangeContext, id: number): Promise<Changed<Period>> {
  return change(database, context, async (step) => {
    const before = await requirePeriod(step, id);
    if (before.enabled) return before;
    refuseOverlap(await selectPeriods(step.queries, { endsAfter: before.start }), before);
    return replace(step, before, { ...before, enabled: true });
  });
}

/** Keeps a period, without effect. */
export async function disablePeriod(database: Database, context: ChangeContext, id: number): Promise<Changed<Period>> {
  return change(database, context, async (step) => {
    const before = await requirePeriod(step, id);
    return before.enabled ? replace(step, before, { ...before, enabled: false }) : before;
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

async function replace(step: Change, before: Period, after: Period): Promise<Period> {
  await updatePeriod(step.queries, after);
  await step.record({
    action: after.enabled ? "period.enable" : "period.disable",
    siteId: after.siteId,
    before,
    after,
  });
  return after;
}

async function requirePeriod(step: Change, id: number): Promise<Period> {
  const period = await readPeriod(step.queries, id);
  if (period === undefined)
    throw new LullError("refused", `no period ${id}; "lull period list" shows those that there are`);
  return period;
}

/** In characters. */
const longestName = 100;

/** Refuses (LullError) a name by which nobody could find or end the period. */
export function refuseUnusableName(name: string): void {
  const shown = JSON.stringify([...name].slice(0, longestName).join(""));
  if (name === "")
    throw new LullError("refused", "a period needs a name, and this one is empty; leave --name out or write one");
  if (/\p{Cc}/u.test(name))
    throw new LullError("refused", `the name of a period has no control characters, and ${shown} has; write another`);
  const length = [...name].length;
  if (length > longestName)
    throw new LullError(
      "refused",
      `the name of a period has ${longestName} characters at most, and ${shown}... has ${length}; write a shorter one`,
    );
}

/** Site and name identify a running period, so two of them may not run at once. */
function refuseOverlap(others: readonly Period[], planned: Omit<Period, "id">): void {
  const other = others.find(
    (period) =>
      period.enabled &&
      period.siteId === planned.siteId &&
      period.name === planned.name &&
      (planned.end === null || period.start < planned.end),
  );
  if (other === undefined) return;
  const end = other.end === null ? "without an end" : `to ${utc(other.end)}`;
  throw new LullError(
    "refused",
    `period ${other.id} has the name "${other.name}" on the same site at that time (from ${utc(other.start)} ${end}); give this one another --name`,
  );
}

function utc(instant: InstantMs): string {
  return new Date(instant).toISOString();
}
