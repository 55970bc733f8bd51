import type { InstantMs } from "../gate/period.ts";
import type { Serving } from "./state.ts";

/** Time since the database was last seen to be at the snapshot's revision; 0 without a database; null: no snapshot. */
export function snapshotAgeMs(serving: Serving, now: InstantMs): number | null {
  if (serving.snapshot === null) return null;
  return serving.confirmedAt === null ? 0 : Math.max(0, now - serving.confirmedAt);
}
