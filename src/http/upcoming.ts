import type { InstantMs, Period } from "../gate/period.ts";
import { plannedFor, plannedForAll } from "../gate/planned.ts";
import type { Site } from "../gate/site.ts";
import type { Policy, Snapshot } from "../gate/snapshot.ts";
import { DAYS_AHEAD } from "../gate/unroll-window.ts";
import { DAY_MS } from "../gate/wall.ts";
import { iso, isoOrNull } from "./iso.ts";
import { shortened } from "./shortened.ts";

/** The site that a visitor is on, and when. */
export interface AskedSite {
  readonly snapshot: Snapshot;
  readonly site: Site;
  readonly now: InstantMs;
}

/** What is planned, as far as an endpoint tells. */
export interface Upcoming {
  readonly periods: readonly Period[];
  /** There are more. */
  readonly truncated: boolean;
}

const mostForStatus = 500;

/** What visitors of one site may know, so many at the most, with texts that cost them little to ask for. */
export function upcomingOn({ snapshot, site, now }: AskedSite, most: number): Upcoming {
  const options = { now, until: now + DAYS_AHEAD * DAY_MS, most: most + 1 };
  const { periods, truncated } = cut(plannedFor(snapshot, site.id, options), most);
  return { periods: periods.map((period) => asTold(period, snapshot.policy)), truncated };
}

export function upcomingOnAll(snapshot: Snapshot, now: InstantMs): Upcoming {
  const options = { now, until: now + DAYS_AHEAD * DAY_MS, most: mostForStatus + 1 };
  return cut(plannedForAll(snapshot, options), mostForStatus);
}

function cut(periods: readonly Period[], most: number): Upcoming {
  return { periods: periods.slice(0, most), truncated: periods.length > most };
}

function asTold(period: Period, { publicReason }: Policy): Period {
  const [reason, message] = [publicReason ? shortened(period.reason) : "", shortened(period.message)];
  return reason === period.reason && message === period.message ? period : { ...period, reason, message };
}

/** What everybody may know of a period. */
export function upcomingPeriod(period: Period, now: InstantMs) {
  const { start, end, expectedEnd, mode, reason, message } = period;
  return {
    start: iso(start),
    end: isoOrNull(end),
    expectedEnd: isoOrNull(expectedEnd),
    mode,
    reason,
    message,
    running: start <= now,
  };
}
