import { describe, expect, test } from "bun:test";
import type { Period } from "../../src/gate/period.ts";
import { siteState } from "../../src/gate/site-state.ts";
import { buildSnapshot } from "../../src/gate/snapshot.ts";
import { hour, now, period, record } from "./builders.ts";

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
    const snapshot = buildSnapshot({
      revision: 1,
      sites: [record({ periods: own })],
      everywhere: { periods: all, exemptions: [] },
      policy: { unknownHost: "default-site", defaultSite: 1 },
    });
    const found = siteState(snapshot, 1, now);
    expect<string>(found.state).toBe(state);
    expect(found.periods.map(({ id }) => id)).toEqual([...running]);
    expect(found.chain.periods.map(({ id }) => id)).toEqual([...chain]);
    expect(found.chain.opensAt).toBe(opensAt);
  });

  test("a number that is no site's has the periods of all sites", () => {
    const everywhere = { periods: [period({ siteId: null })], exemptions: [] };
    const snapshot = buildSnapshot({
      revision: 1,
      sites: [],
      everywhere,
      policy: { unknownHost: "open", defaultSite: 1 },
    });
    expect(siteState(snapshot, 9, now).state).toBe("closed");
  });
});
