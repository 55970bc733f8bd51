import { RRuleTemporal } from "rrule-temporal";
import { LullError } from "./error.ts";
import { formatDay, type Rule, WEEKDAYS } from "./rule.ts";
import { type WorkBudget, workPerYear } from "./rule-work.ts";
import { DAY_MS, HOUR_MS, type WallMs, type WallSpan } from "./wall.ts";

/** As many as one call of the library visits: the hours of LONGEST_CALL_MS, with room. */
const MOST_ITERATIONS = 20_000;
const LONGEST_CALL_MS = 420 * DAY_MS;
const YEAR_MS = 365 * DAY_MS;
/** The periods at the ends of a span are looked at whole. */
const YEARS_AROUND = { YEARLY: 2, MONTHLY: 0.2, WEEKLY: 0.1, DAILY: 0.1, HOURLY: 0.1 } as const;

export interface Expansion {
  /** With what it takes from `first` said, see withImplied. */
  readonly rule: Rule;
  /** DTSTART; it counts only if the rule yields it. */
  readonly first: WallMs;
  readonly span: WallSpan;
  readonly budget: WorkBudget;
}

/**
 * What the rule yields in the span, in order, without regard to COUNT and UNTIL. Throws LullError `refused` when the
 * budget is used up.
 */
export function* wallsIn({ rule, first, span, budget }: Expansion): Generator<WallMs> {
  const perYear = workPerYear(rule);
  for (let from = Math.max(span.from, first); from <= span.to; from += LONGEST_CALL_MS) {
    const to = Math.min(span.to, from + LONGEST_CALL_MS - 1);
    budget.spend(perYear * ((to - from) / YEAR_MS + YEARS_AROUND[rule.frequency]), rule);
    yield* wallsOfCall(rule, first, { from, to });
  }
}

/** Starts the library in the last period (RFC 5545: year, month, ... of FREQ) that begins before the span. */
function wallsOfCall(rule: Rule, first: WallMs, { from, to }: WallSpan): readonly WallMs[] {
  const firstPeriod = periodOf(rule, first);
  // One earlier, because the first and last weeks of a year reach into its neighbours.
  const behind = Math.floor((periodOf(rule, from) - firstPeriod) / rule.interval) - 1;
  const earliest = rule.weekNumbers.length > 0 ? -1 : 0;
  const anchor = startOfPeriod(rule, firstPeriod + Math.max(earliest, behind) * rule.interval);
  const expansion = new RRuleTemporal({
    freq: rule.frequency,
    interval: rule.interval,
    dtstart: zoned(anchor),
    until: zoned(to),
    tzid: "UTC",
    ...(rule.months.length > 0 && { byMonth: [...rule.months] }),
    ...(rule.weekNumbers.length > 0 && { byWeekNo: [...rule.weekNumbers] }),
    ...(rule.yearDays.length > 0 && { byYearDay: [...rule.yearDays] }),
    ...(rule.monthDays.length > 0 && { byMonthDay: [...rule.monthDays] }),
    ...(rule.days.length > 0 && { byDay: rule.days.map(formatDay) }),
    ...(rule.hours.length > 0 && { byHour: [...rule.hours] }),
    ...(rule.minutes.length > 0 && { byMinute: [...rule.minutes] }),
    ...(rule.seconds.length > 0 && { bySecond: [...rule.seconds] }),
    ...(rule.positions.length > 0 && { bySetPos: [...rule.positions] }),
    wkst: rule.weekStart,
    cache: false,
    maxIterations: MOST_ITERATIONS,
  });
  try {
    // From the anchor: rrule-temporal 2.2.7 jumps to the year of what it is asked for, and loses weeks of the year before.
    const walls = expansion.between(zoned(anchor), zoned(to), true).map((wall) => wall.epochMilliseconds);
    return walls.filter((wall) => wall >= from);
  } catch (error) {
    // Its own limits; budgets are such that nobody should meet them.
    const reason = error instanceof Error ? error.message : `${error}`;
    throw new LullError("refused", `a rule with FREQ=${rule.frequency} cannot be expanded: ${reason}`, {
      cause: error,
    });
  }
}

/** The number of the period of FREQ in which a wall time lies. */
function periodOf({ frequency, weekStart }: Rule, wall: WallMs): number {
  const date = new Date(wall);
  switch (frequency) {
    case "YEARLY":
      return date.getUTCFullYear();
    case "MONTHLY":
      return date.getUTCFullYear() * 12 + date.getUTCMonth();
    case "WEEKLY":
      return Math.floor((Math.floor(wall / DAY_MS) - firstWeekDay(weekStart)) / 7);
    case "DAILY":
      return Math.floor(wall / DAY_MS);
    case "HOURLY":
      return Math.floor(wall / HOUR_MS);
  }
}

function startOfPeriod({ frequency, weekStart }: Rule, period: number): WallMs {
  switch (frequency) {
    case "YEARLY":
      return startOfMonth(period * 12);
    case "MONTHLY":
      return startOfMonth(period);
    case "WEEKLY":
      return (period * 7 + firstWeekDay(weekStart)) * DAY_MS;
    case "DAILY":
      return period * DAY_MS;
    case "HOURLY":
      return period * HOUR_MS;
  }
}

/** Months since the year 0. Date.UTC alone takes the years 0 to 99 for 1900 to 1999. */
function startOfMonth(months: number): WallMs {
  return new Date(0).setUTCFullYear(Math.floor(months / 12), months % 12, 1);
}

/** Days since 1970-01-01, a Thursday, of the first day on which a week starts. */
function firstWeekDay(weekStart: Rule["weekStart"]): number {
  return (WEEKDAYS.indexOf(weekStart) + 4) % 7;
}

function zoned(wall: WallMs): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO("UTC");
}
