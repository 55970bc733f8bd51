import { LullError } from "./error.ts";
import type { Rule } from "./rule.ts";

/**
 * Refuses parts that RFC 5545 (3.3.10) does not allow together, and those whose meaning together readers of calendars
 * take differently: a site would close at a time that nobody meant.
 */
export function checkCombination(rule: Rule, text: string): void {
  const fault = faultOf(rule);
  if (fault !== null) throw new LullError("refused", `the rule ${JSON.stringify(text)}: ${fault}`);
}

function faultOf(rule: Rule): string | null {
  const { frequency, days, monthDays, yearDays, weekNumbers } = rule;
  const isYearly = frequency === "YEARLY";
  const hasOrdinal = days.some(({ ordinal }) => ordinal !== 0);
  const hasPlain = days.some(({ ordinal }) => ordinal === 0);
  if (rule.count !== null && rule.until !== null) return "COUNT and UNTIL exclude each other";
  if (rule.positions.length > 0 && !hasChoice(rule)) return "BYSETPOS needs another BY part to choose from";
  if (monthDays.length > 0 && frequency === "WEEKLY") return "BYMONTHDAY does not go with FREQ=WEEKLY";
  if (yearDays.length > 0 && !isYearly && frequency !== "HOURLY") return "BYYEARDAY needs FREQ=YEARLY";
  if (hasOrdinal && !isYearly && frequency !== "MONTHLY") return "a number in BYDAY needs FREQ=MONTHLY or FREQ=YEARLY";
  // dateutil takes the days that are both, others those that are either.
  if (hasOrdinal && hasPlain) return "BYDAY has days with and without a number: write two rules";
  // rrule-temporal 2.2.7 takes days that are either here, instead of those that are both.
  if (isYearly && yearDays.length > 0 && (monthDays.length > 0 || days.length > 0)) {
    return "BYYEARDAY goes with neither BYMONTHDAY nor BYDAY";
  }
  // And here only the numbers of BYDAY.
  if (isYearly && monthDays.length > 0 && hasOrdinal) return "BYMONTHDAY with a number in BYDAY needs FREQ=MONTHLY";
  return weekNumbers.length > 0 ? faultOfWeekNumbers(rule, hasOrdinal) : null;
}

/** A week can belong to another year than its days: what is "every second year", or "the first of a year", then? */
function faultOfWeekNumbers(rule: Rule, hasOrdinal: boolean): string | null {
  if (rule.frequency !== "YEARLY") return "BYWEEKNO needs FREQ=YEARLY";
  if (hasOrdinal) return "BYWEEKNO does not go with a number in BYDAY";
  if (rule.monthDays.length > 0 || rule.yearDays.length > 0)
    return "BYWEEKNO goes with no other days than those of BYDAY";
  if (rule.interval > 1) return "BYWEEKNO does not go with INTERVAL";
  return rule.positions.length > 0 ? "BYWEEKNO does not go with BYSETPOS" : null;
}

function hasChoice(rule: Rule): boolean {
  const { months, weekNumbers, yearDays, monthDays, days, hours, minutes, seconds } = rule;
  return [months, weekNumbers, yearDays, monthDays, days, hours, minutes, seconds].some((list) => list.length > 0);
}
