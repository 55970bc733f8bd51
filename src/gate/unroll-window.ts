import type { InstantMs } from "./period.ts";

/** A stretch of time in which occurrences are wanted, half-open. */
export interface UnrollWindow {
  readonly from: InstantMs;
  readonly to: InstantMs;
}

/** What a snapshot holds of recurrences: a little of the past, for occurrences that still run, and what is ahead. */
export const DAYS_BACK = 2;
export const DAYS_AHEAD = 400;
