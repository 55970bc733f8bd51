import type { Period } from "./period.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * A period of a snapshot with the end of its lease, also while nobody may let the lease run out yet: for people, who
 * ask until when it lasts.
 */
export function withKnownLease(snapshot: Snapshot, period: Period): Period {
  if (period.leaseMs === null || period.leaseEnd !== null) return period;
  return snapshot.leased.find(({ id }) => id === period.id) ?? period;
}
