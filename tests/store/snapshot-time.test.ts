import { describe, expect, test } from "bun:test";
import { beginHold } from "../../src/actions/hold.ts";
import { addRecurrence } from "../../src/actions/recurrences.ts";
import { siteState } from "../../src/gate/site-state.ts";
import { readSnapshot, type SnapshotTime } from "../../src/store/snapshot.ts";
import { policy, recurring } from "../gate/builders.ts";
import { context, hour, now, testDatabase } from "./store-fixture.ts";

const { id: _id, siteId: _siteId, ...nightly } = recurring([]).recurrence;

const settings = { policy: policy(), exemptions: [] };

describe("a snapshot that is read", () => {
  test("holds leases as they are at that instant", async () => {
    await using one = await testDatabase();
    const held = { sites: null, name: "n", end: null, mode: "full", whenShorter: "keep", leaseMs: hour } as const;
    await beginHold(one.database, context(), held);
    const stateAt = async (at: number, time: SnapshotTime) =>
      siteState((await readSnapshot(one.database, settings, time)).snapshot, 1, at).state;
    const end = now + hour;
    expect(await stateAt(end - 1, { now: end - 1 })).toBe("closed");
    expect(await stateAt(end, { now: end - 1 })).toBe("open");
    // Until then it may be renewed, whatever instant is asked for.
    expect(await stateAt(end, { now, at: end })).toBe("closed");
  });

  test("reaches 400 days ahead of the instant that is asked for", async () => {
    await using one = await testDatabase();
    await addRecurrence(one.database, context(), { ...nightly, sites: null, longestMs: null });
    const inThreeYears = now + 3 * 366 * 24 * hour;
    const nextAt = async (time: SnapshotTime) =>
      siteState((await readSnapshot(one.database, settings, time)).snapshot, 1, inThreeYears).next?.start ?? null;
    expect(await nextAt({ now })).toBeNull();
    // It is nine o'clock then, and it recurs at two.
    expect(await nextAt({ now, at: inThreeYears })).toBe(inThreeYears + 17 * hour);
  });
});
