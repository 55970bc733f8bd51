import type { InstantMs } from "../gate/period.ts";

/** Clocks that are kept by NTP are slewed, and a busy thread is late on both clocks. */
const leastStepMs = 1_000;

export interface ClockReading {
  readonly now: InstantMs;
  /** By a clock that nobody sets; it may stand still while the machine sleeps. */
  readonly steadyMs: number;
}

/**
 * Until when leases have been heard of. After the clock was set forward, or the machine has slept, all leases seem to be
 * over at once, and whoever renews them has had no time to: they get the time again in which they would have renewed.
 */
export interface ClockSteps {
  /** `graceMs`: how long whoever renews needs at the most. */
  heardAt(reading: ClockReading, graceMs: number): InstantMs;
}

export function createClockSteps(): ClockSteps {
  let last: ClockReading | null = null;
  let aheadMs = 0;
  let steppedAtMs = Number.NEGATIVE_INFINITY;
  return {
    heardAt(reading, graceMs) {
      const { now, steadyMs } = reading;
      const stepMs = last === null ? 0 : now - last.now - (steadyMs - last.steadyMs);
      last = reading;
      if (stepMs > leastStepMs) {
        aheadMs += stepMs;
        steppedAtMs = steadyMs;
      }
      if (steadyMs - steppedAtMs > graceMs) aheadMs = 0;
      return now - aheadMs;
    },
  };
}
