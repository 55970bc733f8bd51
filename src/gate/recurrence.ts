import type { InstantMs, Period, PeriodMode } from "./period.ts";

/** A rule in a time zone that yields periods. */
export interface Recurrence {
  readonly id: number;
  /** null: all sites. */
  readonly siteId: number | null;
  readonly name: string;
  /** Values of RRULE (RFC 5545, 3.3.10) on wall times, one a line: what any of them yields. */
  readonly rules: string;
  /** IANA name. */
  readonly timezone: string;
  /** Wall time of the start, `02:00:00`: the time of DTSTART. */
  readonly at: string;
  /** Elapsed time; null: it ends at the wall time `to`. */
  readonly durationMs: number | null;
  /** Wall time of the end, `03:00:00`; at or before that of the start it is the next day's. null: it lasts `durationMs`. */
  readonly to: string | null;
  /** The first day that counts, `2026-11-20`: the date of DTSTART. */
  readonly from: string;
  /** The last day that counts; null: none. */
  readonly until: string | null;
  /** Days on which no occurrence starts. */
  readonly except: readonly string[];
  readonly enabled: boolean;
  readonly mode: PeriodMode;
  readonly reason: string;
  readonly message: string;
  readonly owner: string;
}

/** What somebody has changed in one occurrence, without touching the rule. */
export interface OccurrenceChange {
  readonly recurrenceId: number;
  /** By which the occurrence is known: the wall time at which the rule starts it, `2026-11-22T02:00:00`. */
  readonly wall: string;
  readonly skipped: boolean;
  /** null: as the rule says. */
  readonly start: InstantMs | null;
  /** null: as the rule says. */
  readonly end: InstantMs | null;
}

/** What a recurrence yields in a stretch of time, packed: thousands of them, for thousands of sites. */
export interface Occurrences {
  readonly recurrence: Recurrence;
  /** In order. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
}

/** Whether both yield the same, and under the same name. */
export function isSameOccurrences(a: Occurrences, b: Occurrences | undefined): boolean {
  return (
    b !== undefined &&
    JSON.stringify(a.recurrence) === JSON.stringify(b.recurrence) &&
    hasSameInstants(a.starts, b.starts) &&
    hasSameInstants(a.ends, b.ends)
  );
}

function hasSameInstants(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((instant, index) => instant === b[index]);
}

/** One of them as the period that it is. */
export function occurrencePeriod({ recurrence, starts, ends }: Occurrences, index: number): Period {
  const { siteId, name, enabled, mode, reason, message, owner } = recurrence;
  return {
    id: 0,
    siteId,
    name,
    start: starts[index] ?? Number.NaN,
    end: ends[index] ?? Number.NaN,
    expectedEnd: null,
    leaseMs: null,
    leaseEnd: null,
    enabled,
    mode,
    reason,
    message,
    owner,
    recurrenceId: recurrence.id,
  };
}
