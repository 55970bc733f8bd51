import { describe, expect, test } from "bun:test";
import type { Period } from "../../src/gate/period.ts";
import type { Occurrences } from "../../src/gate/recurrence.ts";
import { siteState } from "../../src/gate/site-state.ts";
import { hour, now, period, record, recurring, snapshotOf } from "./builders.ts";

const readonly = period({ id: 2, mode: "readonly", end: now + hour });

describe("siteState", () => {
  test.each<
    [string, readonly Period[], readonly Period[], string, readonly number[], readonly number[], number | null]
  >([
    ["no periods: open", [], [], "open", [], [], now],
    ["a future one: open", [period({ start: now + 1 })], [], "open", [], [], now],
    ["a running one: closed", [period()], [], "closed", [1], [1], null],
    ["one on all sites: closed", [], [period({ siteId: null })], "closed", [1], [1], null],
    ["a disabled one: open", [period({ enabled: false })], [], "open", [], [], now],
    ["a read-only one: readonly", [readonly], [], "readonly", [2], [2], now + hour],
    ["both: closed, until the full one ends", [period({ end: now + 5 }), readonly], [], "closed", [1, 2], [1], now + 5],
    [
      "read-only, then full: until both are over",
      [readonly, period({ start: now + hour, end: now + 2 * hour })],
      [],
      "readonly",
      [2],
      [2, 1],
      now + 2 * hour,
    ],
  ])("%s", (_sentence, own, all, state, running, chain, opensAt) => {
    const snapshot = snapshotOf({ sites: [record({ periods: own })], everywhere: { periods: all } });
    const found = siteState(snapshot, 1, now);
    expect<string>(found.state).toBe(state);
    expect(found.periods.map(({ id }) => id)).toEqual([...running]);
    expect(found.chain.periods.map(({ id }) => id)).toEqual([...chain]);
    expect(found.chain.opensAt).toBe(opensAt);
  });

  test("a number that is no site's has the periods of all sites", () => {
    const snapshot = snapshotOf({ sites: [], everywhere: { periods: [period({ siteId: null })] } });
    expect(siteState(snapshot, 9, now).state).toBe("closed");
  });

  test.each<[string, readonly Period[], readonly Occurrences[], number | null]>([
    ["nothing is known: none", [], [], null],
    ["what runs is not next", [period()], [], null],
    ["a planned one, while the site is open", [period({ start: now + 5 })], [], 5],
    ["while it is closed", [period(), period({ id: 2, start: now + 5 })], [], 5],
    [
      "an occurrence",
      [],
      [
        recurring([
          [now - hour, now],
          [now + 5, now + 9],
        ]),
      ],
      5,
    ],
    ["the first of both", [period({ start: now + 7 })], [recurring([[now + 5, now + 9]])], 5],
    ["not a disabled one", [period({ start: now + 5, enabled: false })], [recurring([[now + 7, now + 9]])], 7],
  ])("what begins next: %s", (_sentence, rows, occurrences, startsAt) => {
    const of = (siteId: number | null) => ({
      periods: rows.map((row) => ({ ...row, siteId })),
      recurring: occurrences.map(({ recurrence, ...times }) => ({ ...times, recurrence: { ...recurrence, siteId } })),
    });
    for (const snapshot of [snapshotOf({ sites: [record(of(1))] }), snapshotOf({ everywhere: of(null) })])
      expect(siteState(snapshot, 1, now).next?.start ?? null).toBe(startsAt === null ? null : now + startsAt);
  });

  test("an occurrence closes as a period does, up to the end of the chain", () => {
    const yielded = recurring([
      [now - 5, now + 5],
      [now + 9, now + 10],
    ]);
    const own = { periods: [period({ start: now + 5, end: now + 9 })], recurring: [yielded] };
    const found = siteState(snapshotOf({ sites: [record(own)] }), 1, now);
    expect(found).toMatchObject({ state: "closed", periods: [{ recurrenceId: 1 }], chain: { opensAt: now + 10 } });
  });

  test("a number that is no site's is closed by nothing of a site", () => {
    expect(siteState(snapshotOf({ sites: [record({ periods: [period()] })] }), 9, now).state).toBe("open");
  });
});
