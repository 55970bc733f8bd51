import { LullError } from "./error.ts";
import type { Rule } from "./rule.ts";

/** Counts down; about 250 units are a millisecond. */
export interface WorkBudget {
  /** Throws LullError `refused` when nothing is left. */
  spend(units: number, rule: Rule): void;
}

/** What unrolling one recurrence may take: a year of hours is 9,000 units, of weeks 150. */
const MOST_WORK = 60_000;
/** What looking for the first occurrence, or for the last of COUNT, may take. */
export const MOST_SEARCH_WORK = 25_000;
/** What a year of all rules of one recurrence may take. */
export const MOST_WORK_PER_YEAR = 12_000;

export function workBudget(units: number = MOST_WORK): WorkBudget {
  let left = units;
  return {
    spend(spent, rule) {
      left -= spent;
      if (left >= 0) return;
      const what =
        rule.count === null ? "too much work for so long a time" : `too much work to reach COUNT=${rule.count}`;
      throw new LullError("refused", `a rule with FREQ=${rule.frequency} needs ${what}`);
    },
  };
}

const DAYS = 366;
const WEEKS = 53;
const MONTHS = 12;
/** What looking at a year costs even when it yields nothing. */
const PER_YEAR = 100;

/** What BYSETPOS costs a period; and so many numbers in it cost one more. */
const CHOICE = 4;
const POSITIONS_PER_UNIT = 60;

/** What a year of the rule costs at the most: the times that it chooses from, and the days and weeks that it looks at. */
export function workPerYear(rule: Rule): number {
  const { length } = rule.positions;
  const perLook = length === 0 ? 1 : CHOICE + length / POSITIONS_PER_UNIT;
  return PER_YEAR + looksPerYear(rule) * perLook + timesPerYear(rule);
}

function looksPerYear({ frequency, interval }: Rule): number {
  switch (frequency) {
    case "YEARLY":
    case "MONTHLY":
      return MONTHS;
    case "WEEKLY":
      return WEEKS / interval;
    case "DAILY":
      return DAYS / interval;
    case "HOURLY":
      // The library leaps over days that the rule does not name.
      return 0;
  }
}

/** The most times that the rule can choose from (BYSETPOS) or yield in a year. */
function timesPerYear(rule: Rule): number {
  const { frequency, interval, hours, minutes, seconds } = rule;
  const perHour = atLeastOne(minutes) * atLeastOne(seconds);
  if (frequency !== "HOURLY") return daysPerYear(rule) * atLeastOne(hours) * perHour;
  const perDay = hours.length > 0 ? hours.length : 24;
  return Math.min(daysPerYear(rule) * perDay, (DAYS * 24) / interval) * perHour;
}

function daysPerYear(rule: Rule): number {
  const { months, weekNumbers, yearDays, monthDays, days } = rule;
  const monthsPerYear = months.length > 0 ? months.length : MONTHS;
  // An ordinal of a year without months (20MO) is one day; counting twelve of it does no harm.
  const weekdays = days.reduce((sum, { ordinal }) => sum + (ordinal === 0 ? WEEKS : MONTHS), 0);
  const limits = [
    months.length > 0 ? 31 * months.length : DAYS,
    weekNumbers.length > 0 ? 7 * weekNumbers.length : DAYS,
    yearDays.length > 0 ? yearDays.length : DAYS,
    monthDays.length > 0 ? monthDays.length * monthsPerYear : DAYS,
    days.length > 0 ? weekdays : DAYS,
    rule.frequency === "DAILY" ? DAYS / rule.interval : DAYS,
  ];
  return Math.min(...limits);
}

function atLeastOne(list: readonly unknown[]): number {
  return Math.max(1, list.length);
}
