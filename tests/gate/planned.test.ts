import { describe, expect, test } from "bun:test";
import type { Period } from "../../src/gate/period.ts";
import { announcedEnd, plannedFor, plannedForAll } from "../../src/gate/planned.ts";
import { hour, now, period, record, recurring, site, snapshotOf } from "./builders.ts";

const nights = (hours: readonly number[]) => hours.map((each) => [now + each * hour, now + (each + 1) * hour] as const);

const options = { now, until: now + 10 * hour, most: 100 };

function told(periods: readonly Period[]): readonly string[] {
  return periods.map(({ name, start }) => `${name} ${(start - now) / hour}`);
}

describe("plannedFor", () => {
  const later = (name: string, hours: number, change: Partial<Period> = {}) =>
    period({ name, start: now + hours * hour, end: now + (hours + 1) * hour, ...change });

  test.each<[string, readonly Period[], readonly Period[], readonly string[]]>([
    ["nothing", [], [], []],
    ["what runs, the first to begin first", [later("b", -0.5), later("a", -0.75)], [], ["a -0.75", "b -0.5"]],
    ["what runs without an end", [period({ name: "a" })], [], ["a -1"]],
    ["then what begins, in order", [later("c", 3), later("b", 1), later("a", -0.5)], [], ["a -0.5", "b 1", "c 3"]],
    ["what closes all sites among it", [later("b", 2)], [later("a", 1), later("c", 3)], ["a 1", "b 2", "c 3"]],
    ["what begins this very moment runs", [later("a", 0)], [], ["a 0"]],
    ["not what is over this very moment", [later("a", -1)], [], []],
    ["not what is disabled", [later("a", 1, { enabled: false }), later("b", -0.5, { enabled: false })], [], []],
    ["what begins before the horizon, and not at it", [later("a", 9.5), later("b", 10)], [], ["a 9.5"]],
  ])("gives %s", (_sentence, own, all, expected) => {
    const everywhere = { periods: all.map((each) => ({ ...each, siteId: null })) };
    const snapshot = snapshotOf({ sites: [record({ periods: own })], everywhere });
    expect(told(plannedFor(snapshot, 1, options))).toEqual([...expected]);
  });

  test("gives occurrences among the rest, those that run too", () => {
    const rule = recurring(nights([-0.5, 1, 3]), { id: 4, name: "night" });
    const snapshot = snapshotOf({ sites: [record({ periods: [later("row", 2)], recurring: [rule] })] });
    const planned = plannedFor(snapshot, 1, options);
    expect(told(planned)).toEqual(["night -0.5", "night 1", "row 2", "night 3"]);
    expect(planned.map(({ recurrenceId }) => recurrenceId)).toEqual([4, 4, null, 4]);
  });

  test("gives no occurrence of a disabled recurrence", () => {
    const rule = recurring(nights([-0.5, 1]), { enabled: false });
    const snapshot = snapshotOf({ sites: [record({ recurring: [rule] })] });
    expect(plannedFor(snapshot, 1, options)).toEqual([]);
  });

  test.each([
    [0, []],
    [1, ["a -0.5"]],
    [2, ["a -0.5", "b -0.4"]],
    [3, ["a -0.5", "b -0.4", "c 1"]],
    [4, ["a -0.5", "b -0.4", "c 1", "d 2"]],
  ])("gives %d at the most", (most, expected) => {
    const periods = [later("a", -0.5), later("b", -0.4), later("c", 1), later("d", 2)];
    const snapshot = snapshotOf({ sites: [record({ periods })] });
    expect(told(plannedFor(snapshot, 1, { ...options, most }))).toEqual(expected);
  });

  test("gives a site nothing of another", () => {
    const sites = [
      record({ site: site(1, "one.test") }),
      record({ site: site(2, "two.test"), periods: [later("a", 1)] }),
    ];
    expect(plannedFor(snapshotOf({ sites }), 1, options)).toEqual([]);
  });

  test("gives a number that is no site's what closes all sites", () => {
    const everywhere = { periods: [later("a", 1, { siteId: null })] };
    expect(told(plannedFor(snapshotOf({ sites: [], everywhere }), 9, options))).toEqual(["a 1"]);
  });
});

test("plannedForAll gives what closes any site, and what closes all of them once", () => {
  const at = (name: string, siteId: number | null, hours: number) =>
    period({ name, siteId, start: now + hours * hour, end: now + (hours + 1) * hour });
  const sites = [
    record({ site: site(1, "one.test"), periods: [at("one", 1, 2)] }),
    record({ site: site(2, "two.test"), periods: [at("two", 2, -0.5)] }),
  ];
  const snapshot = snapshotOf({ sites, everywhere: { periods: [at("all", null, 1)] } });
  expect(told(plannedForAll(snapshot, options))).toEqual(["two -0.5", "all 1", "one 2"]);
});

describe("announcedEnd", () => {
  test.each<[string, Partial<Period>, number | null]>([
    ["its end", { end: now + hour }, now + hour],
    ["its end, whatever was expected", { end: now + hour, expectedEnd: now + 2 * hour }, now + hour],
    ["what is expected of one without an end", { expectedEnd: now + hour }, now + hour],
    ["nothing when nobody has said", {}, null],
    ["nothing when it lasts longer than was expected", { expectedEnd: now }, null],
    ["not the end of its lease", { leaseMs: hour, leaseEnd: now + hour }, null],
  ])("is %s", (_sentence, change, expected) => {
    expect(announcedEnd(period(change), now)).toBe(expected);
  });
});
