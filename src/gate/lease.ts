import type { InstantMs, Period } from "./period.ts";

type Leased = Pick<Period, "leaseMs" | "leaseEnd">;

/**
 * Whether somebody who last heard from the database at `heardAt` may let the lease run out. A renewal that has not been
 * heard of may be there, so who has heard nothing for the last third of the lease holds, whatever the clock says.
 */
export function mayRunOut({ leaseMs, leaseEnd }: Leased, heardAt: InstantMs): boolean {
  return leaseEnd !== null && heardAt >= leaseEnd - (leaseMs ?? 0) / 3;
}

/** The period as it is for somebody who last heard from the database at `heardAt`. */
export function asHeard(period: Period, heardAt: InstantMs): Period {
  return period.leaseEnd === null || mayRunOut(period, heardAt) ? period : { ...period, leaseEnd: null };
}
