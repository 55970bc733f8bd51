import { describe, expect, test } from "bun:test";
import { formatWall, parseWall } from "../../src/gate/wall.ts";
import { wallClock } from "../../src/gate/wall-clock.ts";

function clockAt(timezone: string, wall: string) {
  const at = parseWall(wall);
  return { at, clock: wallClock(timezone, { from: at, to: at }) };
}

describe("wallClock", () => {
  test.each([
    ["an ordinary time", "Europe/Paris", "2026-07-01T12:00:00", "2026-07-01T10:00:00", "2026-07-01T10:00:00"],
    ["the last before a gap", "Europe/Paris", "2026-03-29T01:59:59", "2026-03-29T00:59:59", "2026-03-29T00:59:59"],
    ["the first in a gap", "Europe/Paris", "2026-03-29T02:00:00", "2026-03-29T01:00:00", "2026-03-29T01:00:00"],
    ["the last in a gap", "Europe/Paris", "2026-03-29T02:59:59", "2026-03-29T01:00:00", "2026-03-29T01:00:00"],
    ["the first after a gap", "Europe/Paris", "2026-03-29T03:00:00", "2026-03-29T01:00:00", "2026-03-29T01:00:00"],
    [
      "the first that happens twice",
      "Europe/Paris",
      "2026-10-25T02:00:00",
      "2026-10-25T00:00:00",
      "2026-10-25T01:00:00",
    ],
    [
      "the last that happens twice",
      "Europe/Paris",
      "2026-10-25T02:59:59",
      "2026-10-25T00:59:59",
      "2026-10-25T01:59:59",
    ],
    [
      "the first that happens once again",
      "Europe/Paris",
      "2026-10-25T03:00:00",
      "2026-10-25T02:00:00",
      "2026-10-25T02:00:00",
    ],
    ["half an hour twice", "Australia/Lord_Howe", "2026-04-05T01:45:00", "2026-04-04T14:45:00", "2026-04-04T15:15:00"],
    ["a day that is left out", "Pacific/Apia", "2011-12-30T12:00:00", "2011-12-30T10:00:00", "2011-12-30T10:00:00"],
    ["another one", "Pacific/Kwajalein", "1993-08-21T12:00:00", "1993-08-21T12:00:00", "1993-08-21T12:00:00"],
    ["a zone without changes", "Asia/Kolkata", "2026-03-29T02:30:00", "2026-03-28T21:00:00", "2026-03-28T21:00:00"],
    ["UTC", "UTC", "2026-03-29T02:30:00", "2026-03-29T02:30:00", "2026-03-29T02:30:00"],
  ])("%s: in %s, %s", (_, timezone, wall, start, end) => {
    const { at, clock } = clockAt(timezone, wall);
    expect([formatWall(clock.startOf(at)), formatWall(clock.endOf(at))]).toEqual([start, end]);
  });

  test("shows what the clocks of the zone show", () => {
    const { at, clock } = clockAt("Europe/Paris", "2026-03-29T01:00:00");
    expect(formatWall(clock.wallOf(at - 1_000))).toBe("2026-03-29T01:59:59");
    expect(formatWall(clock.wallOf(at))).toBe("2026-03-29T03:00:00");
  });

  test("refuses an unknown zone", () => {
    expect(() => clockAt("Mars/Olympus", "2026-01-01T00:00:00")).toThrow('"Mars/Olympus" is not a time zone');
  });
});
