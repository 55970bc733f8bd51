import type { InstantMs, Period, PeriodMode } from "../gate/period.ts";
import { isRunning } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { type Change, type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { insertPeriod, selectPeriods, updatePeriod } from "../store/periods.ts";

/** The name of the period that is the flag of `setmaintenance`. */
export const maintenanceName = "maintenance";
/** The name that `downtime_start` gives unless told otherwise. */
export const downtimeName = "downtime";

/** A running period to begin, or to extend when one of that site and name runs already. */
export interface HoldRequest {
  /** null: one period on all sites. A site named twice is held once. */
  readonly sites: readonly Site[] | null;
  readonly name: string;
  /** null: unknown. */
  readonly end: InstantMs | null;
  readonly mode: PeriodMode;
  /** Whether a running one may end earlier than it would. */
  readonly whenShorter: "keep" | "shorten";
}

export interface HoldOutcome {
  readonly kind: "started" | "extended" | "shortened" | "already";
  /** null: all sites. */
  readonly site: Site | null;
  readonly period: Period;
}

/** Closes sites from now on. Starting again with the same name extends, and never shortens unless told to. */
export async function beginHold(
  database: Database,
  context: ChangeContext,
  request: HoldRequest,
): Promise<Changed<readonly HoldOutcome[]>> {
  return change(database, context, async (step) => {
    const outcomes: HoldOutcome[] = [];
    for (const site of request.sites ?? [null]) outcomes.push(await beginOne(step, context, { ...request, site }));
    return outcomes;
  });
}

async function beginOne(
  step: Change,
  context: ChangeContext,
  request: HoldRequest & { readonly site: Site | null },
): Promise<HoldOutcome> {
  const { site, name, end, mode } = request;
  const siteId = site?.id ?? null;
  const running = (await runningPeriods(step, context.now)).find(
    (period) => period.siteId === siteId && period.name === name,
  );
  if (running === undefined) {
    const period = await insertPeriod(step.queries, {
      siteId,
      name,
      start: context.now,
      end,
      enabled: true,
      mode,
      reason: context.reason,
      message: "",
      owner: context.actor,
    });
    await step.record({ action: "period.start", siteId, after: period });
    return { kind: "started", site, period };
  }
  const longer = running.end !== null && (end === null || end > running.end);
  const shorter = end !== null && (running.end === null || end < running.end);
  if (!longer && !(shorter && request.whenShorter === "shorten")) return { kind: "already", site, period: running };
  const period = { ...running, end };
  await updatePeriod(step.queries, period);
  await step.record({ action: longer ? "period.extend" : "period.shorten", siteId, before: running, after: period });
  return { kind: longer ? "extended" : "shortened", site, period };
}

export interface EndRequest {
  /** null: on every site, and on all sites at once. A site does not stand for the periods on all sites. */
  readonly siteIds: readonly number[] | null;
  /** null: every name. */
  readonly name: string | null;
}

/** Ends running periods now. Gives those that it ended, as they were. */
export async function endHolds(
  database: Database,
  context: ChangeContext,
  request: EndRequest,
): Promise<Changed<readonly Period[]>> {
  return change(database, context, async (step) => {
    const ended = (await runningPeriods(step, context.now)).filter(
      (period) =>
        (request.name === null || period.name === request.name) &&
        (request.siteIds === null || (period.siteId !== null && request.siteIds.includes(period.siteId))),
    );
    for (const period of ended) {
      // A period is never empty: one that began in this very millisecond lasts for it.
      const after = { ...period, end: Math.max(context.now, period.start + 1) };
      await updatePeriod(step.queries, after);
      await step.record({ action: "period.end", siteId: period.siteId, before: period, after });
    }
    return ended;
  });
}

async function runningPeriods(step: Change, now: InstantMs): Promise<readonly Period[]> {
  const rows = await selectPeriods(step.queries, { endsAfter: now });
  return rows.filter((period) => isRunning(period, now));
}
