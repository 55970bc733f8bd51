import type { InstantMs, Period } from "./period.ts";
import { type SiteState, siteState } from "./site-state.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * A period of a snapshot with the end of its lease, also while nobody may let the lease run out yet: for people, who
 * ask until when it lasts.
 */
export function withKnownLease(snapshot: Snapshot, period: Period): Period {
  if (period.leaseMs === null || period.leaseEnd !== null) return period;
  return snapshot.leased.find(({ id }) => id === period.id) ?? period;
}

/** What a site is like, its periods with the ends of their leases. */
export function knownSiteState(snapshot: Snapshot, siteId: number, now: InstantMs): SiteState {
  const state = siteState(snapshot, siteId, now);
  return { ...state, periods: state.periods.map((period) => withKnownLease(snapshot, period)) };
}
