import { type Rule, WEEKDAYS } from "./rule.ts";
import type { WallMs } from "./wall.ts";

/** Says what RFC 5545 (3.3.10) takes from DTSTART, `first`, where no part of the rule says it. */
export function withImplied(rule: Rule, first: WallMs): Rule {
  const start = new Date(first);
  const { frequency, months, weekNumbers, yearDays, monthDays, days } = rule;
  const weekday = WEEKDAYS[(start.getUTCDay() + 6) % 7] ?? "MO";
  const saysNoDay = [weekNumbers, yearDays, monthDays, days].every((list) => list.length === 0);
  const takesWeekday = days.length === 0 && (frequency === "WEEKLY" || weekNumbers.length > 0);
  const takesMonthDay = saysNoDay && (frequency === "MONTHLY" || frequency === "YEARLY");
  const takesMonth = takesMonthDay && frequency === "YEARLY" && months.length === 0;
  const orElse = (list: readonly number[], value: number) => (list.length > 0 ? list : [value]);
  return {
    ...rule,
    months: takesMonth ? [start.getUTCMonth() + 1] : months,
    monthDays: takesMonthDay ? [start.getUTCDate()] : monthDays,
    days: takesWeekday ? [{ ordinal: 0, weekday }] : days,
    hours: frequency === "HOURLY" ? rule.hours : orElse(rule.hours, start.getUTCHours()),
    minutes: orElse(rule.minutes, start.getUTCMinutes()),
    seconds: orElse(rule.seconds, start.getUTCSeconds()),
  };
}
