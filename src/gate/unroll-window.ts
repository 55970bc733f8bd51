import type { InstantMs } from "./period.ts";
import { DAY_MS } from "./wall.ts";

/** A stretch of time in which occurrences are wanted, half-open. */
export interface UnrollWindow {
  readonly from: InstantMs;
  readonly to: InstantMs;
}

const DAYS_BACK = 2;
export const DAYS_AHEAD = 400;

/** What a snapshot holds of recurrences: a little of the past, for occurrences that still run, and what is ahead. */
export function windowAround(at: InstantMs): UnrollWindow {
  return { from: at - DAYS_BACK * DAY_MS, to: at + DAYS_AHEAD * DAY_MS };
}
