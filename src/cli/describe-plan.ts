import { type InstantMs, overAt, type Period } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { formatInstant } from "../time/instant.ts";
import { describePeriod } from "./closed-by.ts";
import { scopeOf } from "./scope.ts";

/** A period in words, with its site and its start. */
export function describePlan(period: Period, sites: ReadonlyMap<number, Site>, timezone: string): string {
  return `${describePeriod(period, timezone, scopeOf(period.siteId, sites))}, from ${formatInstant(period.start, timezone)}`;
}

/** Where a period stands, whether it is enabled or not. */
export function whenOf(period: Period, now: InstantMs): "past" | "running" | "upcoming" {
  if (period.start > now) return "upcoming";
  return overAt(period) > now ? "running" : "past";
}
