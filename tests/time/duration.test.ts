import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { LullError } from "../../src/gate/error.ts";
import { formatDuration, parseDuration } from "../../src/time/duration.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function refusalOf(text: string): string {
  try {
    parseDuration(text);
  } catch (error) {
    if (error instanceof LullError && error.kind === "usage") return error.message;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("parseDuration", () => {
  test.each([
    ["minutes", "45m", 45 * MINUTE],
    ["hours and minutes", "1h30m", 90 * MINUTE],
    ["hours and minutes with a space", "1h 30m", 90 * MINUTE],
    ["more minutes than an hour has", "90m", 90 * MINUTE],
    ["seconds", "90s", 90_000],
    ["days", "2d", 2 * DAY],
    ["weeks", "1w", 7 * DAY],
    ["every unit", "1w2d3h4m5s", 9 * DAY + 3 * HOUR + 4 * MINUTE + 5_000],
    ["space around it", " 45m ", 45 * MINUTE],
    ["leading zeros", "05m", 5 * MINUTE],
    ["ISO minutes, not months", "PT45M", 45 * MINUTE],
    ["ISO days and hours", "P1DT2H", 26 * HOUR],
    ["ISO weeks", "P2W", 14 * DAY],
    ["ISO seconds", "PT30S", 30_000],
    ["the longest", "1000000d", 1_000_000 * DAY],
  ])("%s: %j", (_, text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each([
    ["a bare number says which unit to add", "45", "45m for minutes"],
    ["zero is no duration", "0m", "no time at all"],
    ["zero in several units", "0h 0m", "no time at all"],
    ["zero in ISO", "PT0S", "no time at all"],
    ["a negative one", "-5m", "cannot be negative"],
    ["a negative one in ISO", "-PT5M", "cannot be negative"],
    ["a fraction", "1.5h", "whole numbers"],
    ["a fraction in ISO", "PT1.5M", "whole numbers"],
    ["months in ISO", "P1M", "no fixed length"],
    ["years in ISO, with a time", "P1Y2DT3H", "no fixed length"],
    ["months in capitals", "5M", "no fixed length"],
    ["months", "3mo", "no fixed length"],
    ["years", "1y", "no fixed length"],
    ["longer than the longest", "1000001d", "at most 1000000d"],
    ["more digits than a number holds", `${"9".repeat(400)}d`, "at most 1000000d"],
    ["nothing", "", "45m"],
    ["only space", "  ", "45m"],
    ["only the letter of ISO", "P", "45m"],
    ["ISO with nothing after its T", "P1DT", "45m"],
    ["units in the wrong order", "30m1h", "45m"],
    ["a unit twice", "1h1h", "45m"],
    ["words", "soon", "45m"],
    ["a unit without a number", "h", "45m"],
    ["a number left over", "1h30", "45m"],
  ])("refuses %s: %j", (_, text, says) => {
    const message = refusalOf(text);
    expect(message).toContain(says);
    expect(message).toContain(JSON.stringify(text));
    expect(message).not.toContain("\n");
  });

  test("a long run of spaces is refused at once", () => {
    const started = performance.now();
    refusalOf(`1h${" ".repeat(50_000)}x`);
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("formatDuration", () => {
  test.each([
    ["hours and minutes", 90 * MINUTE, "1h 30m"],
    ["minutes", 45 * MINUTE, "45m"],
    ["days and hours", 51 * HOUR, "2d 3h"],
    ["seconds", 90_000, "1m 30s"],
    ["a gap between units", DAY + 5_000, "1d 5s"],
    ["zero", 0, "0s"],
    ["less than a second", 999, "0s"],
    ["a part of a second is dropped", 61_999, "1m 1s"],
    ["negative", -5_000, "0s"],
  ])("%s", (_, milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  test("what it writes, parseDuration reads", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 * 86_400 }), (seconds) => {
        expect(parseDuration(formatDuration(seconds * 1_000))).toBe(seconds * 1_000);
      }),
    );
  });
});
