/** Milliseconds since 1970-01-01T00:00:00Z. */
export type InstantMs = number;

/** `readonly` lets safe methods through, `full` lets none. */
export type PeriodMode = "full" | "readonly";

/** The one thing that closes a site: a stretch of time, half-open `[start, end)`. */
export interface Period {
  readonly id: number;
  /** null: all sites. */
  readonly siteId: number | null;
  /** Site and name identify a running period. */
  readonly name: string;
  readonly start: InstantMs;
  /** null: unknown. */
  readonly end: InstantMs | null;
  readonly enabled: boolean;
  readonly mode: PeriodMode;
  readonly reason: string;
  /** Shown to held visitors instead of the site's own message; may be empty. */
  readonly message: string;
  /** Who asked for it: information, never permission. */
  readonly owner: string;
}

/** Whether the period closes anything at `now`: at the instant of its end it does not. */
export function isRunning(period: Period, now: InstantMs): boolean {
  return period.enabled && period.start <= now && (period.end === null || now < period.end);
}

/** Orders by end, the last first; an unknown end is the last of all; the lower id wins a tie. */
export function byEndLastFirst(a: Period, b: Period): number {
  const aEnd = a.end ?? Number.POSITIVE_INFINITY;
  const bEnd = b.end ?? Number.POSITIVE_INFINITY;
  return aEnd === bEnd ? a.id - b.id : bEnd - aEnd;
}

/** The periods that hold a site closed without a gap from `now` on, and the instant at which the last of them is over. */
export interface Chain {
  /** In order of their starts. */
  readonly periods: readonly Period[];
  /** The expected opening; null: unknown. */
  readonly opensAt: InstantMs | null;
}

/**
 * Follows running, overlapping and adjoining periods from `now` to the expected opening.
 * The order of `periods` does not matter. An empty chain opens at `now`.
 */
export function chainFrom(periods: readonly Period[], now: InstantMs): Chain {
  const ahead = periods
    .filter((period) => period.enabled && (period.end === null || period.end > now))
    .sort((a, b) => a.start - b.start || a.id - b.id);
  const chain: Period[] = [];
  let opensAt: InstantMs | null = now;
  for (const period of ahead) {
    if (opensAt !== null && period.start > opensAt) break;
    chain.push(period);
    if (opensAt !== null) opensAt = period.end === null ? null : Math.max(opensAt, period.end);
  }
  return { periods: chain, opensAt };
}
