import { type InstantMs, overAt, type Period } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { describeClosing } from "./describe-hold.ts";
import { describeWhole, lasting, numberOf, whyIs } from "./describe-period.ts";
import { scopeOf } from "./scope.ts";

interface Manner {
  readonly sites: ReadonlyMap<number, Site>;
  readonly timezone: string;
  readonly isDry: boolean;
}

/** A period in words, with its site and its start. */
export function describePlan(period: Period, sites: ReadonlyMap<number, Site>, timezone: string): string {
  return describeWhole(period, timezone, scopeOf(period.siteId, sites));
}

/** That a period has been planned which does not run yet. */
export function describePlanned(period: Period, { sites, timezone, isDry }: Manner): string {
  return `${isDry ? "would plan" : "planned"} ${describePlan(period, sites, timezone)}`;
}

/** That a period closes from now on, in the words of a hold. */
export function describeStart(period: Period, { sites, timezone, isDry }: Manner): string {
  const closed = describeClosing(period, scopeOf(period.siteId, sites), isDry ? "dry" : "done");
  return `${closed} (${numberOf(period)})${lasting(period, timezone)}${whyIs(period)}`;
}

/** Where a period stands, whether it is enabled or not. */
export function whenOf(period: Period, now: InstantMs): "past" | "running" | "upcoming" {
  if (period.start > now) return "upcoming";
  return overAt(period) > now ? "running" : "past";
}
