import type { InstantMs, Period } from "../gate/period.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import { localTime } from "./local-time.ts";

/** The next period that begins on a site, on it alone or on all; null: none is planned. */
export function nextPeriod(snapshot: Snapshot, siteId: number, now: InstantMs): Period | null {
  let next: Period | null = null;
  for (const periods of [snapshot.sites.get(siteId)?.periods ?? [], snapshot.everywhere.periods]) {
    for (const period of periods) {
      if (!period.enabled || period.start <= now) continue;
      if (next === null || period.start < next.start) next = period;
    }
  }
  return next;
}

/** `"night" 2026-11-21 02:00 UTC`: name and start, for a table. */
export function describeNext(next: Period | null, timezone: string): string {
  return next === null ? "" : `"${next.name}" ${localTime(next.start, timezone)}`;
}
