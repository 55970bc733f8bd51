import { describe, expect, test } from "bun:test";
import { occurrencesOf, unroll } from "../../src/gate/unroll.ts";
import { changed, instantsOf, recurrence } from "./unroll-builders.ts";

const march = { from: "2026-03-01T00:00Z", to: "2026-04-01T00:00Z" };

describe("occurrencesOf", () => {
  test("follows the clocks of the zone", () => {
    expect(instantsOf({ ...march, from: "2026-03-20T00:00Z", to: "2026-04-06T00:00Z" })).toEqual([
      "2026-03-22T01:00Z/2026-03-22T02:00Z",
      "2026-03-29T01:00Z/2026-03-29T02:00Z",
      "2026-04-05T00:00Z/2026-04-05T01:00Z",
    ]);
  });

  test.each([
    [
      "01:00 to 03:00 is one hour when the clocks go forward",
      "2026-03-29",
      "01:00:00",
      "03:00:00",
      "00:00Z/2026-03-29T01:00Z",
    ],
    [
      "01:00 to 03:00 is three hours when they go back",
      "2026-10-25",
      "01:00:00",
      "03:00:00",
      "2026-10-24T23:00Z/2026-10-25T02:00Z",
    ],
    ["a start in the gap moves to its end", "2026-03-29", "02:15:00", "04:00:00", "01:00Z/2026-03-29T02:00Z"],
    ["an end in the gap moves to its end", "2026-03-29", "01:30:00", "02:30:00", "00:30Z/2026-03-29T01:00Z"],
    [
      "start and end in one gap: as long as the clocks would say",
      "2026-03-29",
      "02:15:00",
      "02:45:00",
      "01:00Z/2026-03-29T01:30Z",
    ],
    [
      "a start that happens twice is the first, an end the last",
      "2026-10-25",
      "02:30:00",
      "02:45:00",
      "00:30Z/2026-10-25T01:45Z",
    ],
    ["an end at the start's time is the next day's", "2026-03-10", "02:00:00", "02:00:00", "01:00Z/2026-03-11T01:00Z"],
    [
      "an end before the start's time is the next day's",
      "2026-03-28",
      "23:00:00",
      "05:00:00",
      "22:00Z/2026-03-29T03:00Z",
    ],
  ])("%s", (_, day, at, to, expected) => {
    const change = { rules: "FREQ=DAILY", at, to, from: day, until: day };
    const full = expected.startsWith("20") ? expected : `${day}T${expected}`;
    expect(instantsOf({ change, from: "2026-01-01T00:00Z", to: "2027-01-01T00:00Z" })).toEqual([full]);
  });

  test("counts a length in elapsed time from the start", () => {
    const change = {
      rules: "FREQ=DAILY",
      at: "01:30:00",
      durationMs: 7_200_000,
      from: "2026-10-25",
      until: "2026-10-25",
    };
    expect(instantsOf({ change, from: "2026-10-01T00:00Z", to: "2026-11-01T00:00Z" })).toEqual([
      "2026-10-24T23:30Z/2026-10-25T01:30Z",
    ]);
  });

  test("closes on a day that the zone leaves out, at its end", () => {
    const change = { rules: "FREQ=DAILY", timezone: "Pacific/Apia", to: "03:00:00", from: "2011-12-01" };
    expect(instantsOf({ change, from: "2011-12-29T10:00Z", to: "2011-12-30T14:00Z" })).toEqual([
      "2011-12-29T12:00Z/2011-12-29T13:00Z",
      "2011-12-30T10:00Z/2011-12-30T11:00Z",
      "2011-12-30T12:00Z/2011-12-30T13:00Z",
    ]);
  });

  test("takes what has begun before the window and what ends in it, and nothing that only touches it", () => {
    const at = (from: string, to: string) => instantsOf({ from, to }).length;
    expect(at("2026-03-22T01:59Z", "2026-03-23T00:00Z")).toBe(1);
    expect(at("2026-03-22T02:00Z", "2026-03-23T00:00Z")).toBe(0);
    expect(at("2026-03-21T00:00Z", "2026-03-22T01:00Z")).toBe(0);
    expect(at("2026-03-21T00:00Z", "2026-03-22T01:01Z")).toBe(1);
    expect(at("2026-03-22T01:30Z", "2026-03-22T01:31Z")).toBe(1);
  });

  test("finds one that has run for months", () => {
    const change = { rules: "FREQ=YEARLY", durationMs: 300 * 86_400_000 };
    expect(instantsOf({ change, from: "2026-10-01T00:00Z", to: "2026-10-02T00:00Z" })).toHaveLength(1);
  });

  test.each([
    ["the first day counts only if the rule yields it", { from: "2026-03-03" }, ["08", "15", "22", "29"]],
    ["a day before the first does not count", { from: "2026-03-09" }, ["15", "22", "29"]],
    [
      "a first day in the middle of a day counts from its time on",
      { from: "2026-03-08", at: "05:00:00" },
      ["08", "15", "22", "29"],
    ],
    ["the last day counts", { until: "2026-03-15" }, ["01", "08", "15"]],
    ["excepted days do not", { except: ["2026-03-08", "2026-03-15"] }, ["01", "22", "29"]],
    [
      "several rules are joined",
      { rules: "FREQ=WEEKLY;BYDAY=SU\nFREQ=MONTHLY;BYMONTHDAY=8,9" },
      ["01", "08", "09", "15", "22", "29"],
    ],
    [
      "COUNT counts from the first day, also excepted ones",
      { rules: "FREQ=WEEKLY;BYDAY=SU;COUNT=3", from: "2026-03-01", except: ["2026-03-08"] },
      ["01", "15"],
    ],
    [
      "INTERVAL counts from the first day",
      { rules: "FREQ=WEEKLY;BYDAY=SU;INTERVAL=2", from: "2006-01-01" },
      ["01", "15", "29"],
    ],
    [
      "INTERVAL counts from the first week",
      { rules: "FREQ=WEEKLY;BYDAY=SU;INTERVAL=2", from: "2006-01-08" },
      ["08", "22"],
    ],
    ["UNTIL as a day takes all of it", { rules: "FREQ=WEEKLY;BYDAY=SU;UNTIL=20260315" }, ["01", "08", "15"]],
    ["UNTIL as a wall time is one of the zone", { rules: "FREQ=WEEKLY;BYDAY=SU;UNTIL=20260315T015959" }, ["01", "08"]],
    ["UNTIL as an instant", { rules: "FREQ=WEEKLY;BYDAY=SU;UNTIL=20260315T010000Z" }, ["01", "08", "15"]],
    ["UNTIL as an instant a second earlier", { rules: "FREQ=WEEKLY;BYDAY=SU;UNTIL=20260315T005959Z" }, ["01", "08"]],
  ])("%s", (_, change, days) => {
    expect(instantsOf({ change, ...march }).map((instants) => instants.slice(8, 10))).toEqual(days);
  });

  test("takes weeks from the first day of a year of weeks, though they belong to the year before", () => {
    const change = { rules: "FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR", from: "2027-01-01" };
    expect(instantsOf({ change, from: "2026-12-01T00:00Z", to: "2028-01-01T00:00Z" })).toEqual([
      "2027-01-01T01:00Z/2027-01-01T02:00Z",
    ]);
  });

  test("is in order of starts, also when rules are joined", () => {
    const change = { rules: "FREQ=MONTHLY;BYMONTHDAY=20\nFREQ=WEEKLY;BYDAY=SU" };
    const starts = instantsOf({ change, ...march });
    expect(starts).toEqual([...starts].sort());
  });
});

describe("a changed occurrence", () => {
  const wall = "2026-03-22T02:00:00";
  const at = (text: string) => Date.parse(text);
  const around = { from: "2026-03-16T00:00Z", to: "2026-03-29T00:00Z" };

  test.each([
    ["that is skipped is not there", changed(wall, { skipped: true }), []],
    [
      "that is moved is where it was moved to",
      changed(wall, { start: at("2026-03-23T10:00Z"), end: at("2026-03-23T11:00Z") }),
      ["2026-03-23T10:00Z/2026-03-23T11:00Z"],
    ],
    [
      "that ends early begins as the rule says",
      changed(wall, { end: at("2026-03-22T01:20Z") }),
      ["2026-03-22T01:00Z/2026-03-22T01:20Z"],
    ],
    ["that ends before it begins is not there", changed(wall, { end: at("2026-03-22T00:20Z") }), []],
    [
      "of a wall time that the rule does not yield is nothing",
      changed("2026-03-21T02:00:00", { start: at("2026-03-23T10:00Z") }),
      ["2026-03-22T01:00Z/2026-03-22T02:00Z"],
    ],
  ])("%s", (_, change, expected) => {
    expect(instantsOf({ ...around, changes: [change] })).toEqual(expected);
  });

  test("says so, and keeps the wall time by which it is known", () => {
    const end = at("2026-03-22T01:20Z");
    const window = { from: at("2026-03-22T00:00Z"), to: at("2026-03-30T00:00Z") };
    const occurrences = occurrencesOf(recurrence(), [changed(wall, { end })], window);
    expect(occurrences).toEqual([
      { wall, start: at("2026-03-22T01:00Z"), end, changed: true },
      { wall: "2026-03-29T02:00:00", start: at("2026-03-29T01:00Z"), end: at("2026-03-29T02:00Z"), changed: false },
    ]);
  });

  test("appears where it was moved to, however far from its wall time", () => {
    const moved = { start: at("2026-12-01T10:00Z"), end: at("2026-12-01T11:00Z") };
    const december = { from: "2026-12-01T00:00Z", to: "2026-12-02T00:00Z" };
    expect(instantsOf({ ...december, changes: [changed(wall, moved)] })).toEqual([
      "2026-12-01T10:00Z/2026-12-01T11:00Z",
    ]);
    expect(instantsOf({ ...around, changes: [changed(wall, moved)] })).toEqual([]);
  });

  test("may be moved from far away as often as somebody likes", () => {
    const window = { from: at("2026-12-01T00:00Z"), to: at("2026-12-02T00:00Z") };
    const moved = { start: at("2026-12-01T10:30Z"), end: at("2026-12-01T10:40Z") };
    const changes = Array.from({ length: 500 }, (_, hours) => {
      const start = new Date(Date.UTC(2028, 0, 1) + hours * 3_600_000).toISOString();
      return changed(start.slice(0, "2028-01-01T00:00:00".length), moved);
    });
    const hourly = recurrence({ rules: "FREQ=HOURLY", at: "00:00:00", durationMs: 600_000, from: "2026-01-01" });
    expect(occurrencesOf(hourly, changes, window)).toHaveLength(24 + 500);
  });
});

describe("unroll", () => {
  const days = 86_400_000;
  const from = Date.parse("2026-11-18T12:00Z");
  const window = { from, to: from + 402 * days };

  test("packs the same", () => {
    const sundays = recurrence();
    const { recurrence: of, starts, ends } = unroll(sundays, [], window);
    const expected = occurrencesOf(sundays, [], window);
    expect(of).toBe(sundays);
    expect([...starts]).toEqual(expected.map(({ start }) => start));
    expect([...ends]).toEqual(expected.map(({ end }) => end));
    expect(starts).toHaveLength(57);
  });

  test.each([
    ["weekly", { rules: "FREQ=WEEKLY;BYDAY=SU" }],
    ["daily for twenty years", { rules: "FREQ=DAILY", from: "2006-01-01" }],
  ])("takes some milliseconds: %s", (_, change) => {
    unroll(recurrence(change), [], window);
    const startMs = performance.now();
    for (let round = 0; round < 10; round++) unroll(recurrence(change), [], window);
    expect((performance.now() - startMs) / 10).toBeLessThan(20);
  });

  test("yields the same far from the first day as a run through all days", () => {
    const change = { rules: "FREQ=DAILY;INTERVAL=3;BYDAY=SA,SU", from: "2006-01-05" };
    const far = instantsOf({ change, from: "2026-03-01T00:00Z", to: "2026-06-01T00:00Z" });
    const all = instantsOf({ change, from: "2006-01-01T00:00Z", to: "2026-06-01T00:00Z" });
    expect(far.length).toBeGreaterThan(5);
    expect(far).toEqual(all.slice(-far.length));
  });
});
