import { LullError } from "../gate/error.ts";
import { type InstantMs, overAt, type Period, type PeriodMode } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { type Change, type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { insertPeriod, updatePeriod, writeLeaseEnd } from "../store/periods.ts";
import { requirePresent } from "./find-sites.ts";
import { refuseLongTexts, refuseTooLong, refuseUnusableName, utc } from "./period-refusals.ts";
import { endRunning, runningOccurrences } from "./running-occurrences.ts";
import { runningPeriods } from "./running-periods.ts";

/** The name of the period that is the flag of `setmaintenance`. */
export const maintenanceName = "maintenance";
/** The name that `downtime_start` gives unless told otherwise. */
export const downtimeName = "downtime";

/** A running period to begin, or to extend when one of that site and name runs already. */
export interface HoldRequest {
  /** null: one period on all sites. A site named twice is held once. */
  readonly sites: readonly Site[] | null;
  readonly name: string;
  /** When it ends by itself; null: never. */
  readonly end: InstantMs | null;
  readonly mode: PeriodMode;
  /** Whether a running one may end earlier than it would. */
  readonly whenShorter: "keep" | "shorten";
  /** Of one that does not end by itself: when it is planned to be over. */
  readonly expectedEnd?: InstantMs | null;
  /** How long it lasts without being renewed, in milliseconds; null: as long as it does. */
  readonly leaseMs?: number | null;
  /** Who is shown as holding it; the actor unless given. */
  readonly owner?: string | undefined;
  /** Shown to held visitors; may be empty. */
  readonly message?: string;
  /** Longer ones are refused, in milliseconds; null: none are. */
  readonly longestMs?: number | null;
  /** Whether one that runs under the name is made longer, or left alone and the name followed by `-2`, `-3`, ... */
  readonly whenTaken?: "extend" | "rename";
}

export interface HoldOutcome {
  /** `renewed`: its lease alone. */
  readonly kind: "started" | "extended" | "shortened" | "renewed" | "already";
  /** null: all sites. */
  readonly site: Site | null;
  readonly period: Period;
}

/**
 * Closes sites from now on. Starting again with the same name extends, and never shortens unless told to. Refuses
 * (LullError) an end that is past, and a hold that is too long.
 */
export async function beginHold(
  database: Database,
  context: ChangeContext,
  request: HoldRequest,
): Promise<Changed<readonly HoldOutcome[]>> {
  refuseUnusableName(request.name);
  refuseLongTexts({ reason: context.reason, message: request.message ?? "" });
  return change(database, context, async (step) => {
    if (request.end !== null && request.end <= step.now) {
      throw new LullError("refused", `it would be over already: its end ${utc(request.end)} is past`);
    }
    await requirePresent(step.queries, request.sites);
    const all = await runningPeriods(step);
    const name = request.whenTaken === "rename" ? freeName(request.name, all) : request.name;
    // Should there be two of that name, the first one counts.
    const named = all.filter((period) => period.name === name).reverse();
    const running = new Map(named.map((period) => [period.siteId, period]));
    const outcomes: HoldOutcome[] = [];
    for (const site of request.sites ?? [null]) {
      const siteId = site?.id ?? null;
      const before = running.get(siteId);
      const outcome =
        before === undefined
          ? await start(step, context, { ...request, name, siteId })
          : await prolong(step, { ...request, reason: context.reason }, before);
      running.set(siteId, outcome.period);
      outcomes.push({ ...outcome, site });
    }
    return outcomes;
  });
}

function freeName(name: string, running: readonly Period[]): string {
  const taken = new Set(running.map((period) => period.name));
  let free = name;
  for (let count = 2; taken.has(free); count++) free = `${name}-${count}`;
  return free;
}

async function start(
  step: Change,
  context: ChangeContext,
  request: HoldRequest & { readonly siteId: number | null },
): Promise<Omit<HoldOutcome, "site">> {
  const { name, end, mode, siteId, message = "", owner = context.actor, expectedEnd = null, leaseMs = null } = request;
  const leaseEnd = leaseMs === null ? null : step.now + leaseMs;
  refuseTooLong({ start: step.now, end: end ?? expectedEnd }, request.longestMs ?? null);
  const period = await insertPeriod(step.queries, {
    ...{ siteId, name, start: step.now, end, enabled: true, mode, reason: context.reason, message, owner },
    ...{ expectedEnd, leaseMs, leaseEnd, recurrenceId: null },
  });
  await step.record({ action: "period.start", siteId, after: period });
  return { kind: "started", period };
}

async function prolong(
  step: Change,
  request: HoldRequest & { readonly reason: string },
  running: Period,
): Promise<Omit<HoldOutcome, "site">> {
  const after = prolonged(running, request, step.now);
  const { end, mode, leaseMs, expectedEnd } = running;
  const isSame =
    after.end === end && after.mode === mode && after.leaseMs === leaseMs && after.expectedEnd === expectedEnd;
  if (isSame) return after.leaseEnd === null ? { kind: "already", period: running } : renew(step, after);
  const isShorter = overAt(after) < overAt(running);
  if (!isShorter) refuseTooLong({ start: after.start, end: after.end ?? after.expectedEnd }, request.longestMs ?? null);
  // The newest that somebody gave is why it lasts until then.
  const period = { ...after, reason: request.reason === "" ? running.reason : request.reason };
  await updatePeriod(step.queries, period);
  const action = isShorter ? "period.shorten" : "period.extend";
  await step.record({ action, siteId: running.siteId, before: running, after: period });
  return { kind: isShorter ? "shortened" : "extended", period };
}

/** A running period as it is when somebody asks for the same site to be closed under the same name again. */
function prolonged(running: Period, request: HoldRequest, now: InstantMs): Period {
  const { expectedEnd = null, mode } = request;
  const mayShorten = request.whenShorter === "shorten";
  // Whoever renews a lease with the same words means the time that was expected at first.
  const isNews = running.leaseMs === null && isBefore(running.expectedEnd, expectedEnd);
  const isExpected = expectedEnd !== null && (running.expectedEnd === null || mayShorten || isNews);
  return {
    ...running,
    ...(mayShorten ? lastingAsAsked(request, now) : lastingLonger(running, request, now)),
    mode: mode === "full" ? "full" : running.mode,
    expectedEnd: isExpected ? expectedEnd : running.expectedEnd,
  };
}

type Lasting = Pick<Period, "end" | "leaseMs" | "leaseEnd">;

function lastingAsAsked({ end, leaseMs = null }: HoldRequest, now: InstantMs): Lasting {
  return { end, leaseMs, leaseEnd: leaseMs === null ? null : now + leaseMs };
}

/**
 * Until both would be over, what runs and what is asked for: whoever asks for a site to be closed must not be told that
 * it is while it opens before, and a lease must not make what ends by itself last for ever.
 */
function lastingLonger(running: Period, request: HoldRequest, now: InstantMs): Lasting {
  const asked = lastingAsAsked(request, now);
  const { end, leaseMs, leaseEnd } = running;
  if (leaseMs === null && !isBefore(end, asked.end)) return { end, leaseMs, leaseEnd };
  if (asked.leaseMs === null && !isBefore(asked.end, end)) return asked;
  // Whoever names a lease alone renews it, and has not said that it should last longer than was said before.
  const isRenewal = leaseMs !== null && asked.end === null;
  return {
    end: !isRenewal && isBefore(end, asked.end) ? asked.end : end,
    leaseMs: asked.leaseMs ?? leaseMs,
    leaseEnd: Math.max(leaseEnd ?? end ?? now, asked.leaseEnd ?? asked.end ?? now),
  };
}

/** null: never. */
function isBefore(a: InstantMs | null, b: InstantMs | null): boolean {
  return (a ?? Number.POSITIVE_INFINITY) < (b ?? Number.POSITIVE_INFINITY);
}

async function renew(step: Change, period: Period): Promise<Omit<HoldOutcome, "site">> {
  await writeLeaseEnd(step.queries, period.id, period.leaseEnd ?? step.now);
  return { kind: "renewed", period };
}

export interface EndRequest {
  /** null: on every site, and on all sites at once. A site does not stand for the periods on all sites. */
  readonly siteIds: readonly number[] | null;
  /** null: every name. */
  readonly name: string | null;
  /** Only periods with these numbers, and nothing that a recurrence yields. */
  readonly ids?: readonly number[];
}

/**
 * Ends running periods now, and running occurrences of recurrences, which go on with their next one. Gives those that it
 * ended, as they were.
 */
export async function endHolds(
  database: Database,
  context: ChangeContext,
  request: EndRequest,
): Promise<Changed<readonly Period[]>> {
  return change(database, context, async (step) => {
    const isMeant = ({ name, siteId }: Pick<Period, "name" | "siteId">) =>
      (request.name === null || name === request.name) &&
      (request.siteIds === null || (siteId !== null && request.siteIds.includes(siteId)));
    const ended = (await runningPeriods(step)).filter(
      (period) => isMeant(period) && (request.ids === undefined || request.ids.includes(period.id)),
    );
    for (const period of ended) {
      // A period is never empty: one that began in this very millisecond lasts for it.
      const after = { ...period, end: Math.max(step.now, period.start + 1) };
      await updatePeriod(step.queries, after);
      await step.record({ action: "period.end", siteId: period.siteId, before: period, after });
    }
    if (request.ids !== undefined) return ended;
    const occurrences: Period[] = [];
    for (const running of await runningOccurrences(step, isMeant)) occurrences.push(await endRunning(step, running));
    return [...ended, ...occurrences];
  });
}
