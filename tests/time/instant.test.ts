import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { LullError } from "../../src/gate/error.ts";
import { formatInstant, formatUtc, parseInstant } from "../../src/time/instant.ts";

const BERLIN = "Europe/Berlin";
/** 10:00 in Berlin. */
const NOW = "2026-11-20T09:00:00Z";

function utc(text: string, now: string = NOW, timezone: string = BERLIN): string {
  return formatUtc(parseInstant(text, { now: Date.parse(now), timezone }));
}

function refusalOf(text: string, now: string = NOW, timezone: string = BERLIN): string {
  try {
    utc(text, now, timezone);
  } catch (error) {
    if (error instanceof LullError && error.kind === "usage") return error.message;
    throw error;
  }
  throw new Error(`${text} was accepted`);
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
    expect(message).toContain(`${first} or ${second}`);
    // Both readings are accepted as written.
    expect(Date.parse(utc(first))).toBeLessThan(Date.parse(utc(second)));
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
