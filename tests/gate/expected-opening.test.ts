import { describe, expect, test } from "bun:test";
import { decide } from "../../src/gate/decide.ts";
import type { Period } from "../../src/gate/period.ts";
import type { RawVisit } from "../../src/gate/visit.ts";
import { hour, now, period, record, snapshotOf, visit } from "./builders.ts";

describe("the expected opening", () => {
  const at = (id: number, start: number, end: number | null, change: Partial<Period> = {}) =>
    period({ id, start: now + start * hour, end: end === null ? null : now + end * hour, ...change });

  test.each<[string, readonly Period[], Partial<RawVisit>, number, readonly number[], number | null]>([
    ["one period: its end", [at(1, -1, 1)], {}, 1, [1], 1],
    ["without an end: unknown", [at(1, -1, null)], {}, 1, [1], null],
    ["of two the one that ends last closes", [at(1, -1, 1), at(2, -2, 2)], {}, 2, [2, 1], 2],
    ["an unknown end is the last", [at(1, -1, 1), at(2, -2, null)], {}, 2, [2, 1], null],
    ["the lower number at the same end", [at(2, -1, 1), at(1, -1, 1)], {}, 1, [1, 2], 1],
    ["overlapping ones are followed", [at(1, -1, 1), at(2, 0.5, 3)], {}, 1, [1, 2], 3],
    ["adjoining ones are followed", [at(1, -1, 1), at(2, 1, 3)], {}, 1, [1, 2], 3],
    ["not over a gap", [at(1, -1, 1), at(2, 1.1, 3)], {}, 1, [1], 1],
    ["into one without an end: unknown", [at(1, -1, 1), at(2, 1, null)], {}, 1, [1, 2], null],
    ["a period of all sites is followed, too", [at(1, -1, 1), at(2, 1, 3, { siteId: null })], {}, 1, [1, 2], 3],
    ["disabled ones are not", [at(1, -1, 1), at(2, 1, 3, { enabled: false })], {}, 1, [1], 1],
    ["a read-only one does not hold GET", [at(1, -1, 1), at(2, 1, 3, { mode: "readonly" })], {}, 1, [1], 1],
    ["but holds POST", [at(1, -1, 1), at(2, 1, 3, { mode: "readonly" })], { method: "POST" }, 1, [1, 2], 3],
    [
      "a read-only one that ends last does not close for GET",
      [at(1, -1, 1), at(2, -1, 3, { mode: "readonly" })],
      {},
      1,
      [1],
      1,
    ],
    ["and closes for POST", [at(1, -1, 1), at(2, -1, 3, { mode: "readonly" })], { method: "POST" }, 2, [1, 2], 3],
    ["a read-only one is a gap", [at(1, -1, 1), at(2, 1, 2, { mode: "readonly" }), at(3, 2, 3)], {}, 1, [1], 1],
    ["without a host the chain ends with the period", [at(1, -1, 1), at(2, 1, 3)], { host: null }, 1, [1], 1],
  ])("%s", (_sentence, periods, change, closing, chain, opensInHours) => {
    const own = periods.filter(({ siteId }) => siteId !== null);
    const all = periods.filter(({ siteId }) => siteId === null);
    const snapshot = snapshotOf({ sites: [record({ periods: own })], everywhere: { periods: all } });
    const decided = decide(snapshot, visit(change), now);
    if (decided.kind === "open") throw new Error("open");
    expect(decided.period?.id).toBe(closing);
    expect(decided.chain.map(({ id }) => id)).toEqual([...chain]);
    expect(decided.opensAt).toBe(opensInHours === null ? null : now + opensInHours * hour);
  });
});
