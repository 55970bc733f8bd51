/** How a lease is kept, and how COMMAND ends when it cannot be. */
export interface LeaseTimes {
  readonly leaseMs: number;
  /** From the beginning of one renewal to that of the next. */
  readonly renewEveryMs: number;
  /** The same after one that failed. */
  readonly retryAfterMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly graceMs: number;
  /** From SIGKILL to the lease's end: what a busy machine may be late. */
  readonly slackMs: number;
}

const longestGraceMs = 10_000;
const longestSlackMs = 10_000;

/** Of a lease of five minutes: renewed every 75 s, and SIGTERM 20 s before its end. */
export function leaseTimes(leaseMs: number): LeaseTimes {
  return {
    leaseMs,
    renewEveryMs: leaseMs / 4,
    retryAfterMs: leaseMs / 20,
    graceMs: Math.round(Math.min(longestGraceMs, leaseMs / 8)),
    slackMs: Math.round(Math.min(longestSlackMs, leaseMs / 8)),
  };
}
