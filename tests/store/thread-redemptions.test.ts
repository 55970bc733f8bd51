import { describe, expect, test } from "bun:test";
import { renameSync } from "node:fs";
import { readBypass } from "../../src/store/bypasses.ts";
import { makeBypass } from "./bypass-builders.ts";
import { lockElsewhere } from "./locking-process.ts";
import { hour, refusalOf, testDatabase } from "./store-fixture.ts";
import { eventually, followedThread, sidecarsIn } from "./thread-fixture.ts";

/** The thread goes by the clock of the machine. */
const expires = Date.now() + hour;

describe("the database thread", () => {
  test("redeems, and places the snapshot in which that was done", async () => {
    await using one = await testDatabase();
    const { bypass } = await makeBypass(one.database, { expires });
    await using followed = await followedThread(one.database.path);
    await followed.thread.announce();
    const { revision } = followed.snapshot;
    expect(followed.snapshot.bypasses.byId.get(bypass.id)).toEqual(bypass);
    expect(await followed.thread.redeem({ id: bypass.id, siteId: 1 })).toBe("redeemed");
    await eventually(
      () => followed.snapshot.revision,
      (served) => served === revision + 1,
    );
    expect(followed.snapshot.bypasses.byId.get(bypass.id)?.redeemed).toBeNumber();
    // Who waits for the sidecars is not kept waiting by what one of them wrote.
    await eventually(
      async () => (await sidecarsIn(one.database.path))[0]?.revision,
      (served) => served === revision + 1,
    );
    expect(followed.faults).toEqual([]);
  });

  test("lets one of many at once have a single use", async () => {
    await using one = await testDatabase();
    const { bypass } = await makeBypass(one.database, { expires, isSingleUse: true });
    await using first = await followedThread(one.database.path);
    await using second = await followedThread(one.database.path);
    const redeem = () =>
      [first, second, first, second].map(({ thread }) => thread.redeem({ id: bypass.id, siteId: 1 }));
    expect((await Promise.all(redeem())).toSorted()).toEqual(["redeemed", "used", "used", "used"]);
  });

  test("keeps bypasses and keys when the configuration changes", async () => {
    await using one = await testDatabase();
    const { bypass } = await makeBypass(one.database, { expires });
    await using followed = await followedThread(one.database.path);
    const { policy } = followed.snapshot;
    followed.thread.apply({ policy: { ...policy, noticeLeadMs: 1 }, exemptions: [] });
    const { bypasses } = followed.snapshot;
    expect([followed.snapshots.length, bypasses.byId.get(bypass.id), bypasses.newest?.id]).toEqual([2, bypass, 1]);
  });

  test("refuses in time while the database is locked, and does not do it when the lock is gone", async () => {
    await using one = await testDatabase();
    const { bypass } = await makeBypass(one.database, { expires, isSingleUse: true });
    await using followed = await followedThread(one.database.path);
    const lock = await lockElsewhere(one.database.path, "writing");
    const startedMs = performance.now();
    // More than can be tried in time.
    const refusals = await Promise.all(
      Array.from({ length: 12 }, () => refusalOf(followed.thread.redeem({ id: bypass.id, siteId: 1 }))),
    );
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    const locked = `unreachable: database ${one.database.path}: another process holds it locked`;
    expect(refusals[0]).toStartWith(locked);
    expect(refusals.at(-1)).toStartWith("unreachable: the database has not answered in time");
    await lock.release();
    expect((await readBypass(one.database.orm, bypass.id))?.redeemed).toBeNull();
    expect(await followed.thread.redeem({ id: bypass.id, siteId: 1 })).toBe("redeemed");
  });

  test("refuses while the database is gone, keeps answering, and redeems when it is back", async () => {
    await using one = await testDatabase();
    const { path } = one.database;
    const { bypass } = await makeBypass(one.database, { expires });
    await one.database.close();
    await using followed = await followedThread(path);
    renameSync(path, one.folder.file("aside"));
    await eventually(
      () => followed.faults.length,
      (count) => count > 0,
    );
    const startedMs = performance.now();
    // At once, and not when the database is tried again.
    for (let time = 0; time < 5; time++) {
      const refusal = await refusalOf(followed.thread.redeem({ id: bypass.id, siteId: 1 }));
      expect(refusal).toContain("it is gone; put it back");
    }
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(followed.snapshot.bypasses.byId.size).toBe(1);
    renameSync(one.folder.file("aside"), path);
    await eventually(
      () => followed.recoveries,
      (count) => count > 0,
    );
    expect(await followed.thread.redeem({ id: bypass.id, siteId: 1 })).toBe("redeemed");
  });
});
