import { LullError } from "../gate/error.ts";
import type { InstantMs, Period, PeriodMode } from "../gate/period.ts";
import { isRunning } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { type Change, type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { insertPeriod, selectPeriods, updatePeriod } from "../store/periods.ts";
import { requirePresent } from "./find-sites.ts";
import { refuseUnusableName } from "./periods.ts";

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

/**
 * Closes sites from now on. Starting again with the same name extends, and never shortens unless told to. Refuses
 * (LullError) an end that is past.
 */
export async function beginHold(
  database: Database,
  context: ChangeContext,
  request: HoldRequest,
): Promise<Changed<readonly HoldOutcome[]>> {
  refuseUnusableName(request.name);
  return change(database, context, async (step) => {
    if (request.end !== null && request.end <= step.now) {
      const end = new Date(request.end).toISOString();
      throw new LullError("refused", `it would be over already: its end ${end} is past`);
    }
    await requirePresent(step.queries, request.sites);
    const running = new Map(
      (await runningPeriods(step))
        .filter((period) => period.name === request.name)
        // Should there be two, the first one counts.
        .reverse()
        .map((period) => [period.siteId, period]),
    );
    const outcomes: HoldOutcome[] = [];
    for (const site of request.sites ?? [null]) {
      const siteId = site?.id ?? null;
      const before = running.get(siteId);
      const outcome =
        before === undefined
          ? await start(step, context, { ...request, siteId })
          : await prolong(step, { ...request, reason: context.reason }, before);
      running.set(siteId, outcome.period);
      outcomes.push({ ...outcome, site });
    }
    return outcomes;
  });
}

async function start(
  step: Change,
  context: ChangeContext,
  { name, end, mode, siteId }: HoldRequest & { readonly siteId: number | null },
): Promise<Omit<HoldOutcome, "site">> {
  const { reason, actor } = context;
  const planned = { siteId, name, start: step.now, end, enabled: true, mode, reason, message: "", owner: actor };
  const period = await insertPeriod(step.queries, planned);
  await step.record({ action: "period.start", siteId, after: period });
  return { kind: "started", period };
}

async function prolong(
  step: Change,
  request: HoldRequest & { readonly reason: string },
  running: Period,
): Promise<Omit<HoldOutcome, "site">> {
  const { end, reason } = request;
  const isLonger = running.end !== null && (end === null || end > running.end);
  const isShorter = end !== null && (running.end === null || end < running.end);
  // Whoever asks for a site to be closed must not be told that it is, while it can be read.
  const isStricter = request.mode === "full" && running.mode === "readonly";
  const isShortened = isShorter && request.whenShorter === "shorten";
  if (!isLonger && !isShortened && !isStricter) return { kind: "already", period: running };
  const period: Period = {
    ...running,
    end: isLonger || isShortened ? end : running.end,
    mode: isStricter ? "full" : running.mode,
    // The newest that somebody gave is why it lasts until then.
    reason: reason === "" ? running.reason : reason,
  };
  await updatePeriod(step.queries, period);
  const action = isShortened ? "period.shorten" : "period.extend";
  await step.record({ action, siteId: running.siteId, before: running, after: period });
  return { kind: isShortened ? "shortened" : "extended", period };
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
    const ended = (await runningPeriods(step)).filter(
      (period) =>
        (request.name === null || period.name === request.name) &&
        (request.siteIds === null || (period.siteId !== null && request.siteIds.includes(period.siteId))),
    );
    for (const period of ended) {
      // A period is never empty: one that began in this very millisecond lasts for it.
      const after = { ...period, end: Math.max(step.now, period.start + 1) };
      await updatePeriod(step.queries, after);
      await step.record({ action: "period.end", siteId: period.siteId, before: period, after });
    }
    return ended;
  });
}

async function runningPeriods({ queries, now }: Change): Promise<readonly Period[]> {
  const rows = await selectPeriods(queries, { endsAfter: now });
  return rows.filter((period) => isRunning(period, now));
}
