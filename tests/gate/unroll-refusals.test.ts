import { describe, expect, test } from "bun:test";
import { cronRules } from "../../src/gate/cron.ts";
import { LullError } from "../../src/gate/error.ts";
import type { Recurrence } from "../../src/gate/recurrence.ts";
import { checkRecurrence, occurrencesOf } from "../../src/gate/unroll.ts";
import { recurrence } from "./unroll-builders.ts";

const now = Date.parse("2026-11-20T12:00Z");
/** On a machine that does other things as well. */
const LONGEST_MS = 1_000;

function upTo(limit: number): string {
  return Array.from({ length: limit }, (_, index) => index).join(",");
}

function refusalOf(change: Partial<Recurrence>): string {
  try {
    checkRecurrence(recurrence(change), now);
  } catch (error) {
    if (error instanceof LullError) return error.message;
    throw error;
  }
  return "accepted";
}

describe("checkRecurrence takes", () => {
  test.each([
    ["a weekly rule", "FREQ=WEEKLY;BYDAY=SU"],
    ["a rule with RRULE: before it", "RRULE:freq=weekly;byday=su"],
    ["a leap day", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"],
    ["a leap day on a Sunday, the next in 2032", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU"],
    ["every hour", "FREQ=HOURLY"],
    ["every hour but one", "FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23"],
    ["the last working day of a month", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"],
    ["ten thousand days", "FREQ=DAILY;COUNT=10000"],
    ["two rules, of which one is over", "FREQ=DAILY;UNTIL=20260301\nFREQ=WEEKLY"],
  ])("%s", (_, rules) => {
    expect(refusalOf({ rules })).toBe("accepted");
  });

  test("twenty years that are over but for the last occurrence", () => {
    const change = { rules: "FREQ=DAILY", from: "2006-01-01", until: "2026-11-20", at: "12:30:00" };
    expect(refusalOf(change)).toBe("accepted");
  });
});

describe("checkRecurrence refuses", () => {
  test.each([
    ["no rule", "", "there is no rule"],
    ["no FREQ", "BYDAY=SU", "FREQ is missing"],
    ["an unknown part", "FREQ=DAILY;BYEASTER=1", '"BYEASTER=1" is none of FREQ'],
    ["RSCALE", "RSCALE=CHINESE;FREQ=YEARLY", '"RSCALE=CHINESE" is none of'],
    ["an unknown frequency", "FREQ=FORTNIGHTLY", "FREQ=FORTNIGHTLY is none of YEARLY"],
    ["every minute", "FREQ=MINUTELY", "FREQ=MINUTELY is too often"],
    ["every second", "FREQ=SECONDLY", "FREQ=SECONDLY is too often"],
    ["a part twice", "FREQ=DAILY;BYHOUR=1;BYHOUR=2", "BYHOUR is there twice"],
    ["a part without a value", "FREQ=DAILY;BYHOUR=", '"BYHOUR=" is not of the form BYHOUR=value'],
    ["an hour that is none", "FREQ=DAILY;BYHOUR=24", 'BYHOUR=24: "24" is not a number from 0 to 23'],
    ["a month day 0", "FREQ=MONTHLY;BYMONTHDAY=0", "is not a number from 1 to 31 or -1 to -31"],
    ["a day that is none", "FREQ=WEEKLY;BYDAY=XX", '"XX" is not a day like SU'],
    ["a day with number 0", "FREQ=MONTHLY;BYDAY=0SU", '"0SU" is not a day like SU'],
    ["an INTERVAL of 0", "FREQ=DAILY;INTERVAL=0", "INTERVAL=0 is not a whole number"],
    ["a COUNT of 0", "FREQ=DAILY;COUNT=0", "COUNT=0 is not a whole number"],
    ["an UNTIL that does not exist", "FREQ=DAILY;UNTIL=20270231", "UNTIL=20270231 is not a time"],
    ["a week start that is none", "FREQ=WEEKLY;WKST=XX", "WKST=XX is none of MO"],
    ["COUNT with UNTIL", "FREQ=DAILY;COUNT=3;UNTIL=20270101", "COUNT and UNTIL exclude each other"],
    ["a position of nothing", "FREQ=DAILY;BYSETPOS=1", "BYSETPOS needs another BY part"],
    ["a position that no list has", "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=400", 'BYSETPOS=400: "400" is not a number'],
    ["weeks of months", "FREQ=MONTHLY;BYWEEKNO=3", "BYWEEKNO needs FREQ=YEARLY"],
    ["days of years in months", "FREQ=MONTHLY;BYYEARDAY=3", "BYYEARDAY needs FREQ=YEARLY"],
    ["month days of weeks", "FREQ=WEEKLY;BYMONTHDAY=3", "BYMONTHDAY does not go with FREQ=WEEKLY"],
    ["the first Sunday of a day", "FREQ=DAILY;BYDAY=1SU", "a number in BYDAY needs"],
    ["Sundays and the first Monday in one", "FREQ=MONTHLY;BYDAY=SU,1MO", "write two rules"],
    ["days of years that are Sundays", "FREQ=YEARLY;BYYEARDAY=1;BYDAY=SU", "BYYEARDAY goes with neither"],
    ["first Sundays of years that are the 1st", "FREQ=YEARLY;BYMONTHDAY=1;BYDAY=1SU", "needs FREQ=MONTHLY"],
    ["weeks of every second year", "FREQ=YEARLY;BYWEEKNO=1;INTERVAL=2", "BYWEEKNO does not go with INTERVAL"],
    ["the first of the days of weeks", "FREQ=YEARLY;BYWEEKNO=1;BYSETPOS=1", "BYWEEKNO does not go with BYSETPOS"],
    ["month days of weeks of years", "FREQ=YEARLY;BYWEEKNO=1;BYMONTHDAY=1", "BYWEEKNO goes with no other days"],
    ["nine rules", Array(9).fill("FREQ=DAILY").join("\n"), "9 rules are too many"],
    ["a rule of ten thousand characters", `FREQ=DAILY;BYHOUR=${"1,".repeat(5_000)}1`, "is too long"],
  ])("%s", (_, rules, expected) => {
    expect(refusalOf({ rules })).toContain(expected);
  });

  test.each([
    ["the 30th of February", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "yields nothing from now on"],
    ["the 31st of February, by days", "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2", "yields nothing from now on"],
    ["the same by hours", "FREQ=HOURLY;BYMONTHDAY=31;BYMONTH=2", "yields nothing from now on"],
    ["the same eight times", Array(8).fill("FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2").join("\n"), "yields nothing"],
    ["the same, ten times to come", "FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2;COUNT=10", "too much work to reach COUNT=10"],
    ["a position that is never filled", "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=9", "yields nothing from now on"],
    ["the same among many", `FREQ=DAILY;BYHOUR=${upTo(24)};BYSETPOS=100`, "yields nothing from now on"],
    ["hours that never come", "FREQ=HOURLY;INTERVAL=24;BYHOUR=5", "yields nothing from now on"],
    ["a June of the last week", "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6", "yields nothing from now on"],
    ["every 10,000 weeks", "FREQ=WEEKLY;INTERVAL=10000", "yields nothing from now on"],
    ["a huge INTERVAL", "FREQ=DAILY;INTERVAL=100000000", "is too many, 10000 at most"],
    ["a huge COUNT", "FREQ=DAILY;COUNT=1000000000", "is too many, 10000 at most"],
    ["a COUNT for ten thousand years", "FREQ=YEARLY;COUNT=10000", "too much work to reach COUNT=10000"],
    ["every second", `FREQ=DAILY;BYHOUR=${upTo(24)};BYMINUTE=${upTo(60)};BYSECOND=${upTo(60)}`, "too many times"],
    [
      "one of every minute of a year",
      `FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=${upTo(24)};BYMINUTE=${upTo(60)};BYSETPOS=-1`,
      "too many times",
    ],
    ["27 a day", "FREQ=DAILY;BYHOUR=1,3,5,7,9,11,13,15,17;BYMINUTE=0,20,40", "yields 10854 occurrences: 10000"],
    ["a rule that is over", "FREQ=DAILY;UNTIL=20261119", "yields nothing from now on"],
  ])("and soon: %s", (_, rules, expected) => {
    const startMs = performance.now();
    expect(refusalOf({ rules })).toContain(expected);
    expect(performance.now() - startMs).toBeLessThan(LONGEST_MS);
  });

  test.each([
    ["centuries ahead", { from: "2500-01-01" }, "yields nothing from now on"],
    ["days that are over", { until: "2026-11-14" }, "yields nothing from now on"],
    ["a last day before the first", { until: "2025-12-31" }, "the last day 2025-12-31 is before the first, 2026-01-01"],
    [
      "COUNT that is used up",
      { rules: "FREQ=DAILY;COUNT=3" },
      "yields nothing from now on: COUNT=3, counted from 2026-01-01, is used up",
    ],
    ["COUNT that days which are over follow", { rules: "FREQ=DAILY;COUNT=3", until: "2026-01-02" }, "or only in more"],
    ["an unknown zone", { timezone: "Europe/Atlantis" }, '"Europe/Atlantis" is not a time zone'],
    ["a day that does not exist", { from: "2026-02-30" }, "is not a time that exists"],
    ["a day that is none", { except: ["tomorrow"] }, '"tomorrow" is not a day'],
    ["a time of day that is none", { at: "2:00" }, '"2:00" is not a time of day'],
    ["a time of day that does not exist", { at: "25:00:00" }, "is not a time that exists"],
    ["neither a length nor an end", { durationMs: null }, "say how long it lasts"],
    ["a length and an end", { durationMs: 1, to: "03:00:00" }, "not both"],
    ["no length", { durationMs: 0 }, "each occurrence lasts between"],
    ["two years", { durationMs: 2 * 365 * 86_400_000 }, "each occurrence lasts between no time and 366 days"],
  ])("%s", (_, change, expected) => {
    expect(refusalOf(change)).toContain(expected);
  });

  test("by what whoever wrote it calls it", () => {
    const refusal = (cron: string) => () =>
      checkRecurrence(recurrence({ rules: cronRules(cron), at: "00:00:00" }), now, `the cron "${cron}"`);
    expect(refusal("*/30 * * * *")).toThrow(
      'the cron "*/30 * * * *" has too many times to choose from: name fewer hours, minutes or seconds; about one an hour is the most',
    );
    expect(refusal("*/20 1-17/2 * * *")).toThrow(
      'the cron "*/20 1-17/2 * * *" yields 10854 occurrences: 10000 in 400 days at most, about one an hour',
    );
    expect(refusal("0 2 30 2 *")).toThrow('the cron "0 2 30 2 *" yields nothing from now on, or only in more than');
  });

  test("in one line, and quotes a long rule in part", () => {
    const message = refusalOf({ rules: `FREQ=DAILY;BYHOUR=${upTo(24)};BYMINUTE=${upTo(60)};BYSECOND=${upTo(60)}` });
    expect(message).not.toContain("\n");
    expect(message.length).toBeLessThan(400);
  });
});

test("a window that needs too much work is refused, and the rule serves in others", () => {
  const hourly = recurrence({ rules: "FREQ=HOURLY" });
  const year = 366 * 86_400_000;
  expect(() => occurrencesOf(hourly, [], { from: now, to: now + 30 * year })).toThrow(
    "too much work for so long a time",
  );
  expect(occurrencesOf(hourly, [], { from: now + 30 * year, to: now + 30 * year + 3_600_000 })).toHaveLength(1);
});
