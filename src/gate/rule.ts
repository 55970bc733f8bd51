export type Frequency = "YEARLY" | "MONTHLY" | "WEEKLY" | "DAILY" | "HOURLY";

export const WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** `-1SU`: the last Sunday; ordinal 0: every one. */
export interface RuleDay {
  readonly ordinal: number;
  readonly weekday: Weekday;
}

/** The last start that counts: a wall time, or an instant, both in milliseconds. */
export interface RuleEnd {
  readonly kind: "wall" | "instant";
  readonly milliseconds: number;
}

/** A value of RRULE (RFC 5545, 3.3.10), read. Empty lists: the part is not there. */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  readonly until: RuleEnd | null;
  readonly months: readonly number[];
  readonly weekNumbers: readonly number[];
  readonly yearDays: readonly number[];
  readonly monthDays: readonly number[];
  readonly days: readonly RuleDay[];
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
  readonly seconds: readonly number[];
  readonly positions: readonly number[];
  readonly weekStart: Weekday;
}

/** A day as BYDAY writes it. */
export function formatDay({ ordinal, weekday }: RuleDay): string {
  return ordinal === 0 ? weekday : `${ordinal}${weekday}`;
}
