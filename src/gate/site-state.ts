import { byStart, type InstantMs, type Period } from "./period.ts";
import type { Snapshot } from "./snapshot.ts";
import { type Chain, chainFrom, nextAfter, runningAt, type Timeline } from "./timeline.ts";

/** What a site is like for people who ask, without a visit. */
export interface SiteState {
  /** `readonly`: safe methods pass. */
  readonly state: "open" | "closed" | "readonly";
  /** What runs now on the site or on all, in order of the starts. */
  readonly periods: readonly Period[];
  /** Up to the end of the present state: for a closed site that of full periods, for a read-only one that of any. */
  readonly chain: Chain;
  /** What begins next on the site or on all, whatever runs now; null: nothing is known. */
  readonly next: Period | null;
}

/** A number that is no site's has the periods that close all sites. */
export function siteState(snapshot: Snapshot, siteId: number, now: InstantMs): SiteState {
  const timelines = timelinesOf(snapshot, siteId);
  const periods = [...runningAt(timelines, now)].sort(byStart);
  const next = nextAfter(timelines, now);
  if (periods.length === 0) return { state: "open", periods, chain: { periods: [], opensAt: now }, next };
  const isClosed = periods.some((period) => period.mode === "full");
  const chain = chainFrom(timelines, now, (period) => !isClosed || period.mode === "full");
  return { state: isClosed ? "closed" : "readonly", periods, chain, next };
}

/** All that closes a site: its own, and what closes all sites. */
export function timelinesOf(snapshot: Snapshot, siteId: number): readonly Timeline[] {
  return [snapshot.sites.get(siteId)?.timeline ?? [], snapshot.everywhere.timeline];
}
