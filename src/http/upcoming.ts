import type { InstantMs, Period } from "../gate/period.ts";
import { plannedFor, plannedForAll } from "../gate/planned.ts";
import type { Snapshot } from "../gate/snapshot.ts";

/** What is planned, as far as an endpoint tells. */
export interface Upcoming {
  readonly periods: readonly Period[];
  /** There are more. */
  readonly truncated: boolean;
}

/** Recurrences are known so far ahead. */
const aheadMs = 400 * 24 * 3_600_000;
const mostForVisitors = 100;
const mostForStatus = 500;

/** What visitors of one site may know. */
export function upcomingOn(snapshot: Snapshot, siteId: number, now: InstantMs): Upcoming {
  const options = { now, until: now + aheadMs, most: mostForVisitors + 1 };
  return cut(plannedFor(snapshot, siteId, options), mostForVisitors);
}

export function upcomingOnAll(snapshot: Snapshot, now: InstantMs): Upcoming {
  const options = { now, until: now + aheadMs, most: mostForStatus + 1 };
  return cut(plannedForAll(snapshot, options), mostForStatus);
}

function cut(periods: readonly Period[], most: number): Upcoming {
  return { periods: periods.slice(0, most), truncated: periods.length > most };
}

/** What everybody may know of a period. */
export function upcomingPeriod(period: Period, now: InstantMs) {
  const { start, end, expectedEnd, mode, reason, message } = period;
  return {
    start: iso(start),
    end: end === null ? null : iso(end),
    expectedEnd: expectedEnd === null ? null : iso(expectedEnd),
    mode,
    reason,
    message,
    running: start <= now,
  };
}

export function iso(instant: InstantMs): string {
  return new Date(instant).toISOString();
}
