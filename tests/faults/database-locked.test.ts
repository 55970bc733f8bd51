/** A database that another process holds locked, as the database thread and a running sidecar meet it. */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { faultOf, isWellAgain, scene } from "../store/followed-scene.ts";
import { lockElsewhere } from "../store/locking-process.ts";
import { eventually, makeDatabase, testThread } from "../store/thread-fixture.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("another process", () => {
  test("holds the database locked for writing: changes are still seen, the row waits, and the fault is told once", async () => {
    await using all = await scene();
    const { one, path } = all;
    await using lock = await lockElsewhere(path, "writing");
    const count = one.confirmed.length;
    // The row is renewed every five seconds.
    expect(await faultOf(one)).toBe(
      `database ${path}: another process holds it locked; wait until it has ended, then try again (nothing was changed)`,
    );
    expect(one.faults).toMatchObject([{ passing: true }]);
    await eventually(
      () => one.confirmed.length,
      (length) => length > count + 14,
    );
    expect(one.faults.length).toBe(1);
    await lock.release();
    await isWellAgain(one, path);
    expect(one.faults.length).toBe(1);
  }, 30_000);
});

test("a sidecar that starts says at once that the database is locked, serves it later, and makes none meanwhile", async () => {
  await using folder = temporaryFolder();
  const path = folder.file("lull.db");
  await makeDatabase(path);
  await using lock = await lockElsewhere(path, "everything");
  await using one = testThread(path);
  await eventually(
    () => one.faults,
    (faults) => faults[0]?.passing === true,
  );
  expect(one.snapshots).toEqual([]);
  await lock.release();
  await eventually(
    () => one.snapshots.length,
    (length) => length === 1,
  );
  expect(readdirSync(folder.path).sort()).toEqual(["lull.db", "lull.db-shm", "lull.db-wal"]);
}, 30_000);
