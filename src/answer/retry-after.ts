import type { InstantMs } from "../gate/period.ts";

export interface Opening {
  /** null: unknown. */
  readonly opensAt: InstantMs | null;
  readonly now: InstantMs;
  /** `retry_after` of the configuration, in seconds, for an opening that is unknown. */
  readonly fallbackSeconds: number;
}

/** Whole seconds for `Retry-After` (RFC 9110, 10.2.3): never early, and at least 1. */
export function retryAfterSeconds(opening: Opening): number {
  const { opensAt, now, fallbackSeconds } = opening;
  return Math.max(1, Math.ceil(opensAt === null ? fallbackSeconds : (opensAt - now) / 1000));
}

const longestJitterSeconds = 60;

/** Up to a tenth later, and at most a minute, so that clients do not all come back in the same second. `random`: in [0, 1). */
export function jittered(seconds: number, random: () => number): number {
  const most = Math.min(longestJitterSeconds, Math.floor(seconds / 10));
  return seconds + Math.floor(random() * (most + 1));
}
