import { describe, expect, test } from "bun:test";
import { cronRules } from "../../src/gate/cron.ts";
import { LullError } from "../../src/gate/error.ts";
import { instantsOf } from "./unroll-builders.ts";

function refusalOf(text: string): string {
  try {
    cronRules(text);
  } catch (error) {
    if (error instanceof LullError && error.kind === "usage") return error.message;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("cronRules", () => {
  test.each([
    ["a time on Sundays", "0 2 * * 0", "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=0;BYSECOND=0"],
    ["7 is Sunday too", "0 2 * * 7", "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=0;BYSECOND=0"],
    ["a range up to 7", "0 2 * * 5-7", "FREQ=WEEKLY;BYDAY=FR,SA,SU;BYHOUR=2;BYMINUTE=0;BYSECOND=0"],
    ["a list of names", "0 2 * * sat,SUN", "FREQ=WEEKLY;BYDAY=SA,SU;BYHOUR=2;BYMINUTE=0;BYSECOND=0"],
    ["a range of names", "0 2 * * MON-FRI", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=2;BYMINUTE=0;BYSECOND=0"],
    ["every day", "30 4 * * *", "FREQ=DAILY;BYHOUR=4;BYMINUTE=30;BYSECOND=0"],
    ["steps", "*/20 8-18/5 * * *", "FREQ=DAILY;BYHOUR=8,13,18;BYMINUTE=0,20,40;BYSECOND=0"],
    ["a step from a number on", "50/5 4 * * *", "FREQ=DAILY;BYHOUR=4;BYMINUTE=50,55;BYSECOND=0"],
    ["days of months", "0 2 1,15 * *", "FREQ=MONTHLY;BYMONTHDAY=1,15;BYHOUR=2;BYMINUTE=0;BYSECOND=0"],
    ["months", "0 2 * JUN-8 1", "FREQ=WEEKLY;BYMONTH=6,7,8;BYDAY=MO;BYHOUR=2;BYMINUTE=0;BYSECOND=0"],
    ["@daily", "@daily", "FREQ=DAILY;BYHOUR=0;BYMINUTE=0;BYSECOND=0"],
    ["@weekly", "@weekly", "FREQ=WEEKLY;BYDAY=SU;BYHOUR=0;BYMINUTE=0;BYSECOND=0"],
    ["@monthly", "@Monthly", "FREQ=MONTHLY;BYMONTHDAY=1;BYHOUR=0;BYMINUTE=0;BYSECOND=0"],
    ["@yearly", "@yearly", "FREQ=MONTHLY;BYMONTH=1;BYMONTHDAY=1;BYHOUR=0;BYMINUTE=0;BYSECOND=0"],
    ["space around and between", "  0  2\t* * 0 ", "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=0;BYSECOND=0"],
    [
      "days of both kinds: either",
      "0 2 13 * FRI",
      "FREQ=MONTHLY;BYMONTHDAY=13;BYHOUR=2;BYMINUTE=0;BYSECOND=0\nFREQ=WEEKLY;BYDAY=FR;BYHOUR=2;BYMINUTE=0;BYSECOND=0",
    ],
    [
      "days of both kinds, one a star with a step: both",
      "0 2 */2 * FRI",
      "FREQ=MONTHLY;BYMONTHDAY=1,3,5,7,9,11,13,15,17,19,21,23,25,27,29,31;BYDAY=FR;BYHOUR=2;BYMINUTE=0;BYSECOND=0",
    ],
  ])("%s: %s", (_, text, rules) => {
    expect(cronRules(text)).toBe(rules);
  });

  test("@hourly names all hours", () => {
    const hours = Array.from({ length: 24 }, (_, hour) => hour).join(",");
    expect(cronRules("@hourly")).toBe(`FREQ=DAILY;BYHOUR=${hours};BYMINUTE=0;BYSECOND=0`);
  });

  test.each([
    ["nothing", "", "has 0 fields: write five, minute, hour, day of month, month, day of week"],
    ["four fields", "0 2 * *", "has 4 fields"],
    ["seconds", "0 0 2 * * 0", "has 6 fields"],
    ["a minute that is none", "60 2 * * *", 'minute "60" is not within 0-59'],
    ["an hour that is none", "0 24 * * *", 'hour "24" is not within 0-23'],
    ["a day of the month that is none", "0 2 0 * *", 'day of month "0" is not within 1-31'],
    ["a month that is none", "0 2 * FOO *", 'month "FOO" is not within 1-12, JAN-DEC'],
    ["a day of the week that is none", "0 2 * * 8", 'day of week "8" is not within 0-7, SUN-SAT'],
    ["a month as a day of the week", "0 2 * * JAN", 'day of week "JAN" is not within'],
    ["a range backwards", "0 22-4 * * *", 'hour "22-4" ends before it begins: write 22-23,0-4'],
    ["a step of 0", "*/0 2 * * *", 'minute "*/0" has a step of 0'],
    ["no number", "0 2,, * * *", 'hour "" cannot be read'],
    ["a negative number", "-5 2 * * *", 'minute "-5" cannot be read'],
    ["words of other schedulers", "0 2 L * *", 'day of month "L" is not within 1-31'],
    ["their signs", "0 2 ? * 5#2", 'day of month "?" cannot be read'],
    ["an unknown shorthand", "@fortnightly", "is none of @hourly, @daily"],
  ])("refuses %s: %s", (_, text, expected) => {
    const message = refusalOf(text);
    expect(message).toContain(expected);
    expect(message).toStartWith(`the cron ${JSON.stringify(text)}`);
  });

  test("closes when cron would run", () => {
    const change = { rules: cronRules("30 3 13 * FRI"), at: "00:00:00", timezone: "America/New_York" };
    const starts = instantsOf({ change, from: "2026-03-01T00:00Z", to: "2026-04-01T00:00Z" });
    expect(starts.map((instants) => instants.slice(0, 17))).toEqual([
      "2026-03-06T08:30Z",
      "2026-03-13T07:30Z",
      "2026-03-20T07:30Z",
      "2026-03-27T07:30Z",
    ]);
  });
});
