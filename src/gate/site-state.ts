import { type Chain, chainFrom, type InstantMs, isRunning, type Period } from "./period.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a site is like for people who ask, without a visit. */
export interface SiteState {
  /** `readonly`: safe methods pass. */
  readonly state: "open" | "closed" | "readonly";
  /** What runs now on the site or on all, in order of the starts. */
  readonly periods: readonly Period[];
  /** Up to the end of the present state: for a closed site that of full periods, for a read-only one that of any. */
  readonly chain: Chain;
}

/** A number that is no site's has the periods that close all sites. */
export function siteState(snapshot: Snapshot, siteId: number, now: InstantMs): SiteState {
  const all = [...(snapshot.sites.get(siteId)?.periods ?? []), ...snapshot.everywhere.periods];
  const periods = all.filter((period) => isRunning(period, now)).sort((a, b) => a.start - b.start || a.id - b.id);
  if (periods.length === 0) return { state: "open", periods, chain: { periods: [], opensAt: now } };
  const full = all.filter((period) => period.mode === "full");
  const isClosed = periods.some((period) => period.mode === "full");
  return { state: isClosed ? "closed" : "readonly", periods, chain: chainFrom(isClosed ? full : all, now) };
}
