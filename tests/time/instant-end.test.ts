import { expect, test } from "bun:test";
import { formatUtc, isTimeOfDay, parseEnd } from "../../src/time/instant.ts";

test.each([
  ["a time of day, on the day of the start", "02:30", "2026-11-25T01:30:00Z"],
  ["a time of day with seconds", "02:00:01", "2026-11-25T01:00:01Z"],
  ["the start's own, on the next day", "02:00", "2026-11-26T01:00:00Z"],
  ["an earlier one, on the next day", "01:00", "2026-11-26T00:00:00Z"],
  ["a date and time, as it is", "2026-11-24 01:00", "2026-11-24T00:00:00Z"],
  ["what counts from now, from now", "in 20m", "2026-11-20T09:20:00Z"],
  ["what is of today, today", "today 23:00", "2026-11-20T22:00:00Z"],
])("the end of what starts on another day is %s", (_, text, end) => {
  const clock = { now: Date.parse("2026-11-20T09:00:00Z"), timezone: "Europe/Berlin" };
  expect(formatUtc(parseEnd(text, Date.parse("2026-11-25T01:00:00Z"), clock))).toBe(end);
});

test("a time of day that the clocks repeat on the day of the start needs a reading", () => {
  const clock = { now: Date.parse("2026-10-20T09:00:00Z"), timezone: "Europe/Berlin" };
  // 01:00 in Berlin, on the day on which 02:30 happens twice.
  const start = Date.parse("2026-10-24T23:00:00Z");
  expect(() => parseEnd("02:30", start, clock)).toThrow("happens twice");
  expect(formatUtc(parseEnd("02:30", start, { ...clock, disambiguation: "later" }))).toBe("2026-10-25T01:30:00Z");
});

test.each([
  ["02:30", true],
  [" 02:30:15 ", true],
  ["today 02:30", false],
  ["2026-11-20 02:30", false],
])("that %p is a time of day alone is %p", (text, expected) => {
  expect(isTimeOfDay(text)).toBe(expected);
});
