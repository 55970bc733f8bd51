import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { LullError } from "../../src/gate/error.ts";
import {
  type Disambiguation,
  formatInstant,
  formatUtc,
  parseDate,
  parseInstant,
  parseWallTime,
} from "../../src/time/instant.ts";

const BERLIN = "Europe/Berlin";
/** 10:00 in Berlin. */
const NOW = "2026-11-20T09:00:00Z";

function utc(text: string, now: string = NOW, timezone: string = BERLIN): string {
  return formatUtc(parseInstant(text, { now: Date.parse(now), timezone }));
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof LullError && error.kind === "usage") return error.message;
    throw error;
  }
  throw new Error("it was accepted");
}

function refusalOf(text: string, now: string = NOW): string {
  return refusal(() => utc(text, now));
}

describe("parseInstant", () => {
  test.each([
    ["RFC 3339 in UTC", "2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"],
    ["RFC 3339 with an offset", "2026-11-20T10:00:00+05:30", "2026-11-20T04:30:00Z"],
    ["RFC 3339 with a fraction", "2026-11-20T10:00:00.250Z", "2026-11-20T10:00:00.25Z"],
    ["RFC 3339 with a space", "2026-11-20 10:00:00-08:00", "2026-11-20T18:00:00Z"],
    ["RFC 3339 in small letters", "2026-11-20t10:00:00z", "2026-11-20T10:00:00Z"],
    ["RFC 3339 without seconds", "2026-11-20T10:00Z", "2026-11-20T10:00:00Z"],
    ["a wall time", "2026-11-20 10:00", "2026-11-20T09:00:00Z"],
    ["a wall time with seconds", "2026-11-20 10:00:30", "2026-11-20T09:00:30Z"],
    ["a wall time with T", "2026-11-20T10:00", "2026-11-20T09:00:00Z"],
    ["a wall time in summer", "2026-07-20 10:00", "2026-07-20T08:00:00Z"],
    ["a clock time later today", "10:01", "2026-11-20T09:01:00Z"],
    ["a clock time with seconds", "10:00:01", "2026-11-20T09:00:01Z"],
    ["a clock time that is now means tomorrow", "10:00", "2026-11-21T09:00:00Z"],
    ["a clock time that has passed means tomorrow", "09:59", "2026-11-21T08:59:00Z"],
    ["today", "today 23:00", "2026-11-20T22:00:00Z"],
    ["earlier today", "today 01:00", "2026-11-20T00:00:00Z"],
    ["tomorrow", "tomorrow 02:00", "2026-11-21T01:00:00Z"],
    ["a word in capitals", "Tomorrow 02:00", "2026-11-21T01:00:00Z"],
    ["today in capitals", "TODAY 23:00", "2026-11-20T22:00:00Z"],
    ["a weekday", "sunday 02:00", "2026-11-22T01:00:00Z"],
    ["a weekday in short and capitals", "Mon 02:00", "2026-11-23T01:00:00Z"],
    ["a weekday that is today, and still ahead", "friday 10:01", "2026-11-20T09:01:00Z"],
    ["a weekday that is today, and has passed", "friday 10:00", "2026-11-27T09:00:00Z"],
    ["yesterday's weekday", "thursday 23:00", "2026-11-26T22:00:00Z"],
    ["from now on", "in 20m", "2026-11-20T09:20:00Z"],
    ["from now on, in two units", "in 1h 30m", "2026-11-20T10:30:00Z"],
    ["space around it", " 2026-11-20 10:00 ", "2026-11-20T09:00:00Z"],
  ])("%s: %j", (_, text, expected) => {
    expect(utc(text)).toBe(expected);
  });

  test.each([
    ["today is the day of the zone", "today 23:00", "Asia/Tokyo", "2026-11-20T14:00:00Z"],
    ["tomorrow is the day of the zone", "tomorrow 02:00", "America/Los_Angeles", "2026-11-20T10:00:00Z"],
    ["a clock time of the zone", "00:30", "America/Los_Angeles", "2026-11-20T08:30:00Z"],
  ])("%s", (_, text, timezone, expected) => {
    // In Los Angeles it is still the 19th.
    expect(utc(text, "2026-11-20T05:00:00Z", timezone)).toBe(expected);
  });

  test.each([
    [
      "a wall time that is skipped",
      "2026-03-29 02:30",
      NOW,
      "does not exist",
      "2026-03-29T01:30:00+01:00",
      "2026-03-29T03:30:00+02:00",
    ],
    [
      "a wall time that is repeated",
      "2026-10-25 02:30",
      NOW,
      "happens twice",
      "2026-10-25T02:30:00+02:00",
      "2026-10-25T02:30:00+01:00",
    ],
    [
      "tomorrow, when it is skipped",
      "tomorrow 02:30",
      "2026-03-28T12:00:00Z",
      "does not exist",
      "2026-03-29T01:30:00+01:00",
      "2026-03-29T03:30:00+02:00",
    ],
    [
      "a weekday, when it is skipped",
      "sunday 02:30",
      "2026-03-26T12:00:00Z",
      "does not exist",
      "2026-03-29T01:30:00+01:00",
      "2026-03-29T03:30:00+02:00",
    ],
    [
      "the next clock time, when it is tomorrow and repeated",
      "02:30",
      "2026-10-24T12:00:00Z",
      "happens twice",
      "2026-10-25T02:30:00+02:00",
      "2026-10-25T02:30:00+01:00",
    ],
    [
      "the next clock time, between its two readings",
      "02:30",
      "2026-10-25T00:45:00Z",
      "happens twice",
      "2026-10-25T02:30:00+02:00",
      "2026-10-25T02:30:00+01:00",
    ],
  ])("refuses %s, and shows both readings", (_, text, now, says, first, second) => {
    const message = refusalOf(text, now);
    expect(message).toContain(says);
    expect(message).toContain(BERLIN);
    expect(message).toContain(`${first} or ${second}, or give --disambiguation earlier|later`);
    expect(message).not.toContain("\n");
    // Both readings are accepted as written.
    expect(Date.parse(utc(first))).toBeLessThan(Date.parse(utc(second)));
  });

  test.each<[string, string, string, Disambiguation, string]>([
    ["the earlier reading of a skipped time", "2026-03-29 02:30", NOW, "earlier", "2026-03-29T00:30:00Z"],
    ["the later reading of a skipped time", "2026-03-29 02:30", NOW, "later", "2026-03-29T01:30:00Z"],
    ["the earlier reading of a repeated time", "2026-10-25 02:30", NOW, "earlier", "2026-10-25T00:30:00Z"],
    ["the later reading of a repeated time", "2026-10-25 02:30", NOW, "later", "2026-10-25T01:30:00Z"],
    ["the earlier reading of today", "today 02:30", "2026-10-25T12:00:00Z", "earlier", "2026-10-25T00:30:00Z"],
    ["the later reading of tomorrow", "tomorrow 02:30", "2026-03-28T12:00:00Z", "later", "2026-03-29T01:30:00Z"],
    ["the earlier of a weekday", "sunday 02:30", "2026-10-24T12:00:00Z", "earlier", "2026-10-25T00:30:00Z"],
    [
      "the earlier of a weekday, a week later when it has passed",
      "sunday 02:30",
      "2026-10-25T00:45:00Z",
      "earlier",
      "2026-11-01T01:30:00Z",
    ],
    ["the earlier of the next clock time", "02:30", "2026-10-24T12:00:00Z", "earlier", "2026-10-25T00:30:00Z"],
    ["the later of the next clock time", "02:30", "2026-10-24T12:00:00Z", "later", "2026-10-25T01:30:00Z"],
    ["the later of today's, between the two", "02:30", "2026-10-25T00:45:00Z", "later", "2026-10-25T01:30:00Z"],
    [
      "the next clock time, never one that has passed",
      "02:30",
      "2026-10-25T00:45:00Z",
      "earlier",
      "2026-10-26T01:30:00Z",
    ],
    ["a time with one reading", "2026-11-20 10:00", NOW, "later", "2026-11-20T09:00:00Z"],
    ["what was written with an offset", "2026-10-25T02:30:00+02:00", NOW, "later", "2026-10-25T00:30:00Z"],
    ["a length from now on", "in 20m", NOW, "earlier", "2026-11-20T09:20:00Z"],
  ])("with a disambiguation it takes %s: %j", (_, text, now, disambiguation, expected) => {
    expect(formatUtc(parseInstant(text, { now: Date.parse(now), timezone: BERLIN, disambiguation }))).toBe(expected);
  });

  test("a clock time whose two readings have both passed means tomorrow", () => {
    expect(utc("02:30", "2026-10-25T02:00:00Z")).toBe("2026-10-26T01:30:00Z");
  });

  test.each([
    ["nothing", "", "is not a time"],
    ["words", "soon", "is not a time"],
    ["a date alone", "2026-11-20", "is not a time"],
    ["one digit for the hour", "9:00", "is not a time"],
    ["a month 13", "2026-13-01 10:00", "not a time that exists"],
    ["a 30th of February", "2026-02-30T10:00:00Z", "not a time that exists"],
    ["an hour 24", "2026-11-20 24:00", "not a time that exists"],
    ["an hour 24, of the clock", "24:00", "not a time that exists"],
    ["an hour 25, tomorrow", "tomorrow 25:00", "not a time that exists"],
    ["a leap second, which would be cut", "2026-11-20T10:00:60Z", "is not a time"],
    ["an offset without colon", "2026-11-20T10:00:00+0100", "is not a time"],
    ["a zone in brackets", "2026-11-20T10:00:00+01:00[Europe/Berlin]", "is not a time"],
    ["a day alone", "tomorrow", "is not a time"],
    ["a weekday alone", "sunday", "is not a time"],
    ["a day that is none", "someday 02:00", "is not a time"],
    ["an hour 25, on a weekday", "sunday 25:00", "not a time that exists"],
    ["a bare number of minutes", "in 20", "add a unit"],
    ["a length without in", "20m", "is not a time"],
    ["seconds since 1970", "1795168800", "is not a time"],
  ])("refuses %s: %j", (_, text, says) => {
    const message = refusalOf(text);
    expect(message).toContain(says);
    expect(message).not.toContain("\n");
  });

  test("refuses what is after the year 9999", () => {
    expect(refusalOf("in 1000000d", "9000-01-01T00:00:00Z")).toContain("9999");
  });
});

describe("parseDate", () => {
  /** In Los Angeles it is still the 19th, in Tokyo already the 20th. */
  const now = Date.parse("2026-11-19T20:00:00Z");

  test.each([
    ["a date", "2026-11-22", "UTC", "2026-11-22"],
    ["a leap day", "2028-02-29", "UTC", "2028-02-29"],
    ["space around it", " 2026-11-22 ", "UTC", "2026-11-22"],
    ["today, in the zone", "today", "Asia/Tokyo", "2026-11-20"],
    ["today, in another zone", "today", "America/Los_Angeles", "2026-11-19"],
    ["tomorrow, in the zone", "tomorrow", "Asia/Tokyo", "2026-11-21"],
    ["a word in capitals", "Tomorrow", "America/Los_Angeles", "2026-11-20"],
    ["a weekday", "sunday", "UTC", "2026-11-22"],
    ["a weekday in short", "Wed", "UTC", "2026-11-25"],
    ["a weekday that is today, in the zone", "friday", "Asia/Tokyo", "2026-11-20"],
    ["a weekday that is yesterday, in the zone", "thursday", "Asia/Tokyo", "2026-11-26"],
  ])("%s: %j", (_, text, timezone, expected) => {
    expect(parseDate(text, { now, timezone })).toBe(expected);
  });

  test.each([
    ["nothing", "", "is not a date:"],
    ["a word", "yesterday", "is not a date:"],
    ["a time as well", "2026-11-22 02:00", "is not a date:"],
    ["a month without its zero", "2026-1-22", "is not a date:"],
    ["a date without dashes", "20261122", "is not a date:"],
    ["the day first", "22.11.2026", "is not a date:"],
    ["a line break", "2026\n11", "is not a date:"],
    ["a month 13", "2026-13-01", "is not a date that exists:"],
    ["a 29th of February in a common year", "2026-02-29", "is not a date that exists:"],
  ])("refuses %s: %j", (_, text, says) => {
    const message = refusal(() => parseDate(text, { now, timezone: BERLIN }));
    expect(message).toStartWith(`${JSON.stringify(text)} ${says} write 2026-11-20, today, tomorrow or sunday`);
    expect(message).not.toContain("\n");
  });
});

describe("parseWallTime", () => {
  test.each([
    ["hours and minutes", "02:00", "02:00:00"],
    ["seconds", "23:59:59", "23:59:59"],
    ["midnight", "00:00", "00:00:00"],
    ["space around it", " 02:30 ", "02:30:00"],
  ])("%s: %j", (_, text, expected) => {
    expect(parseWallTime(text)).toBe(expected);
  });

  test.each([
    ["nothing", "", "is not a time of day:"],
    ["an hour alone", "02", "is not a time of day:"],
    ["one digit for the hour", "2:00", "is not a time of day:"],
    ["half a day's clock", "02:00 PM", "is not a time of day:"],
    ["a zone", "02:00Z", "is not a time of day:"],
    ["a day", "tomorrow 02:00", "is not a time of day:"],
    ["a leap second, which would be cut", "23:59:60", "is not a time of day:"],
    ["a line break", "02:00\n03:00", "is not a time of day:"],
    ["an hour 24", "24:00", "is not a time of day that exists:"],
    ["a minute 60", "02:60", "is not a time of day that exists:"],
  ])("refuses %s: %j", (_, text, says) => {
    const message = refusal(() => parseWallTime(text));
    expect(message).toStartWith(`${JSON.stringify(text)} ${says} write 02:00 or 02:00:00`);
    expect(message).not.toContain("\n");
  });
});

describe("formatInstant", () => {
  test.each([
    ["Berlin in winter", "2026-11-20T10:00:00Z", BERLIN, "2026-11-20 11:00 CET (2026-11-20T10:00:00Z)"],
    ["Berlin in summer", "2026-07-20T10:00:00Z", BERLIN, "2026-07-20 12:00 CEST (2026-07-20T10:00:00Z)"],
    ["New York", "2026-11-20T10:00:00Z", "America/New_York", "2026-11-20 05:00 EST (2026-11-20T10:00:00Z)"],
    [
      "a zone without a short name",
      "2026-11-20T20:00:00Z",
      "Asia/Tokyo",
      "2026-11-21 05:00 +09:00 (2026-11-20T20:00:00Z)",
    ],
    ["UTC", "2026-11-20T10:00:00Z", "UTC", "2026-11-20 10:00 UTC (2026-11-20T10:00:00Z)"],
    [
      "seconds are shown when there are any",
      "2026-11-20T10:00:05Z",
      "UTC",
      "2026-11-20 10:00:05 UTC (2026-11-20T10:00:05Z)",
    ],
    ["a fraction is dropped", "2026-11-20T10:00:00.999Z", "UTC", "2026-11-20 10:00 UTC (2026-11-20T10:00:00Z)"],
  ])("%s", (_, instant, timezone, expected) => {
    expect(formatInstant(Date.parse(instant), timezone)).toBe(expected);
  });

  test("what formatUtc writes, parseInstant reads", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253_402_300_799_999 }), (instant) => {
        expect(parseInstant(formatUtc(instant), { now: 0, timezone: BERLIN })).toBe(instant);
      }),
    );
  });
});
