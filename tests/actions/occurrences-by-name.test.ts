import { describe, expect, test } from "bun:test";
import { beginHold, type EndRequest, endHolds } from "../../src/actions/hold.ts";
import { addRecurrence, disableRecurrence, type RecurrenceRequest } from "../../src/actions/recurrences.ts";
import { siteState } from "../../src/gate/site-state.ts";
import type { Database } from "../../src/store/database.ts";
import { selectOccurrenceChanges } from "../../src/store/recurrences.ts";
import { readSnapshot } from "../../src/store/snapshot.ts";
import { auditOf, columnOf, context, hour, now, testDatabase, withSites } from "../store/store-fixture.ts";

const wall = "2026-11-20T08:30:00";
const start = now - hour / 2;
const settings = {
  policy: { unknownHost: "open", defaultSite: 1, noticeLeadMs: 0, publicReason: true, blockStaff: false },
  exemptions: [],
} as const;

/** Running recurrences: 1 "night" on all sites, 2 "night" on site 1, 3 "night" on site 2, 4 "day" on site 2. */
async function addRunning(database: Database): Promise<void> {
  const [first, second] = await withSites(database, ["a.example"]);
  if (first === undefined || second === undefined) throw new Error("there are two sites");
  const daily: Omit<RecurrenceRequest, "name" | "sites"> = {
    ...{ rules: "FREQ=DAILY", timezone: "UTC", at: "08:30:00", durationMs: hour, to: null, from: "2026-11-01" },
    ...{ until: null, except: [], message: "", longestMs: null },
    mode: "full",
  };
  for (const [name, sites] of [
    ["night", null],
    ["night", [first]],
    ["night", [second]],
    ["day", [second]],
  ] as const) {
    await addRecurrence(database, context({ reason: "nightly" }), { ...daily, name, sites });
  }
}

async function stateOf(database: Database, siteId: number, at = now + 1) {
  const { snapshot } = await readSnapshot(database, settings, { now: at });
  return siteState(snapshot, siteId, at).state;
}

describe("ending by name", () => {
  test.each<[string, EndRequest, readonly number[]]>([
    ["a name everywhere", { siteIds: null, name: "night" }, [1, 2, 3]],
    ["a name on one site, and not on all", { siteIds: [2], name: "night" }, [3]],
    ["every name on one site", { siteIds: [2], name: null }, [3, 4]],
    ["every name", { siteIds: null, name: null }, [1, 2, 3, 4]],
    ["another name", { siteIds: null, name: "downtime" }, []],
    ["numbers of periods", { siteIds: null, name: null, ids: [1, 2, 3, 4, 0] }, []],
  ])("ends what runs of recurrences: %s", async (_sentence, request, ids) => {
    await using one = await testDatabase();
    await addRunning(one.database);
    const done = await endHolds(one.database, context({ reason: "done" }), request);
    expect(done.result.map(({ recurrenceId }) => recurrenceId)).toEqual([...ids]);
    expect(done.changed).toBe(ids.length > 0);
    expect(await selectOccurrenceChanges(one.database.orm)).toEqual(
      ids.map((recurrenceId) => ({ recurrenceId, wall, skipped: false, start: null, end: now })),
    );
    if (ids.length > 0) {
      expect((await auditOf(one.database, done)).map(({ action }) => action)).toEqual(ids.map(() => "occurrence.end"));
    }
  });

  test("gives them as the periods that they were, after those that are rows", async () => {
    await using one = await testDatabase();
    await addRunning(one.database);
    const [, second] = await withSites(one.database, []);
    if (second === undefined) throw new Error("there are two sites");
    const hold = { name: "day", end: null, mode: "full", whenShorter: "keep" } as const;
    await beginHold(one.database, context(), { ...hold, sites: [second] });
    const { result } = await endHolds(one.database, context(), { siteIds: [2], name: "day" });
    expect(result).toMatchObject([
      { id: 1, siteId: 2, recurrenceId: null },
      { id: 0, siteId: 2, name: "day", start, end: start + hour, reason: "nightly", recurrenceId: 4 },
    ]);
  });

  test("opens the sites, until the next one begins", async () => {
    await using one = await testDatabase();
    await addRunning(one.database);
    expect(await stateOf(one.database, 2)).toBe("closed");
    await endHolds(one.database, context(), { siteIds: null, name: "night" });
    expect(await stateOf(one.database, 1)).toBe("open");
    expect(await stateOf(one.database, 2)).toBe("closed");
    expect(await stateOf(one.database, 1, now + 24 * hour)).toBe("closed");
  });

  test.each([
    ["before it begins", start - 1],
    ["at its end", start + hour],
  ])("leaves alone what does not run: %s", async (_sentence, at) => {
    await using one = await testDatabase();
    await addRunning(one.database);
    expect(await endHolds(one.database, context({ now: at }), { siteIds: null, name: null })).toMatchObject({
      result: [],
      changed: false,
    });
  });

  test("leaves disabled recurrences alone, and does not fail over one that cannot be unrolled", async () => {
    await using one = await testDatabase();
    await addRunning(one.database);
    await disableRecurrence(one.database, context(), 1);
    await one.database.client.execute("UPDATE recurrence SET timezone = 'Mars/Olympus' WHERE id = 2");
    const { result } = await endHolds(one.database, context(), { siteIds: null, name: "night" });
    expect(result.map(({ recurrenceId }) => recurrenceId)).toEqual([3]);
    expect(await columnOf(one.database, "SELECT recurrence_id FROM occurrence")).toEqual([3]);
  });
});
