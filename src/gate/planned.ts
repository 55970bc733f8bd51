import { byStart, type InstantMs, type Period } from "./period.ts";
import { timelinesOf } from "./site-state.ts";
import type { Snapshot } from "./snapshot.ts";
import { beginning, runningAt, type Timeline } from "./timeline.ts";

export interface PlannedOptions {
  readonly now: InstantMs;
  /** What begins at or after it is left out. */
  readonly until: InstantMs;
  /** So many at the most; who must know whether there are more asks for one more. */
  readonly most: number;
}

/**
 * What closes a site, or all, in order: first what runs, then what begins. Rows and occurrences, enabled ones only.
 * A number that is no site's has the periods that close all sites.
 */
export function plannedFor(snapshot: Snapshot, siteId: number, options: PlannedOptions): readonly Period[] {
  return plannedIn(timelinesOf(snapshot, siteId), options);
}

/** The same of all sites, each period once. */
export function plannedForAll(snapshot: Snapshot, options: PlannedOptions): readonly Period[] {
  return plannedIn([snapshot.everywhere.timeline, ...snapshot.siteTimelines], options);
}

function plannedIn(timelines: readonly Timeline[], { now, until, most }: PlannedOptions): readonly Period[] {
  const planned = [...runningAt(timelines, now)].sort(byStart).slice(0, most);
  if (planned.length >= most) return planned;
  for (const period of beginning(timelines, now)) {
    if (period.start >= until) break;
    planned.push(period);
    if (planned.length >= most) break;
  }
  return planned;
}

/**
 * When people are told that it will be over; null: unknown, also when it lasts longer than was planned. The end of a
 * lease says nothing to them: it is there to be renewed.
 */
export function announcedEnd({ end, expectedEnd }: Period, now: InstantMs): InstantMs | null {
  if (end !== null) return end;
  return expectedEnd !== null && expectedEnd > now ? expectedEnd : null;
}
