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
  /** When it ends by itself; null: never. */
  readonly end: InstantMs | null;
  /** When one that does not end by itself is planned to be over: information for visitors. null: nobody has said. */
  readonly expectedEnd: InstantMs | null;
  /** How long it lasts without being renewed, in milliseconds; null: for as long as it does. */
  readonly leaseMs: number | null;
  /** When it is over unless it is renewed before; null: it has no lease, or the lease must not run out yet. */
  readonly leaseEnd: InstantMs | null;
  readonly enabled: boolean;
  readonly mode: PeriodMode;
  readonly reason: string;
  /** Shown to held visitors instead of the site's own message; may be empty. */
  readonly message: string;
  /** Who asked for it: information, never permission. */
  readonly owner: string;
  /** The recurrence that yields it, and then `id` is 0; null: it is a row of its own. */
  readonly recurrenceId: number | null;
}

/** What a period is when nothing more is said: it needs no renewal, and no rule yields it. */
export const plainPeriod = { expectedEnd: null, leaseMs: null, leaseEnd: null, recurrenceId: null } as const;

/** When it is over unless somebody does something; Infinity: never. */
export function overAt({ end, leaseEnd }: Pick<Period, "end" | "leaseEnd">): InstantMs {
  return Math.min(end ?? Number.POSITIVE_INFINITY, leaseEnd ?? Number.POSITIVE_INFINITY);
}

/** When people should expect it to be over; null: unknown, also when it lasts longer than was planned. */
export function expectedOver(period: Period, now: InstantMs): InstantMs | null {
  const over = overAt(period);
  if (over !== Number.POSITIVE_INFINITY) return over;
  return period.expectedEnd !== null && period.expectedEnd > now ? period.expectedEnd : null;
}

/** Whether the period closes anything at `now`: at the instant of its end it does not. */
export function isRunning(period: Period, now: InstantMs): boolean {
  return period.enabled && period.start <= now && now < overAt(period);
}

/** Orders by start; the lower number wins a tie, and what has no number comes first. */
export function byStart(a: Period, b: Period): number {
  return a.start - b.start || a.id - b.id;
}

/** Orders by end, the last first; an unknown end is the last of all; the lower number wins a tie. */
export function byEndLastFirst(a: Period, b: Period): number {
  const [aOver, bOver] = [overAt(a), overAt(b)];
  return aOver === bOver ? a.id - b.id : bOver - aOver;
}
