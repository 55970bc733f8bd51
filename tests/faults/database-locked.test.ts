/** A database that another process holds locked, as the database thread and a running sidecar meet it. */
import { describe, expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { faultOf, isWellAgain, scene } from "../store/followed-scene.ts";
import { lockElsewhere } from "../store/locking-process.ts";
import { eventually, makeDatabase, testThread } from "../store/thread-fixture.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { checkFor } from "./checking-process.ts";
import { check, programWith } from "./program.ts";

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
    expect([one.faults.length, one.recoveries]).toEqual([1, 0]);
    await lock.release();
    await isWellAgain(one, path);
    expect([one.faults.length, one.recoveries]).toEqual([1, 1]);
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

test("while another process holds the database locked for 30 s, checks are answered in under 10 ms", async () => {
  await using folder = temporaryFolder();
  const database = folder.file("lull.db");
  const program = await programWith({ folder, database });
  await using sidecar = await program.serve();
  expect((await program.run("setmaintenance", "on")).code).toBe(0);
  await using lock = await lockElsewhere(database, "writing");
  const waiting = program.run("setmaintenance", "off");
  const figures = await checkFor(sidecar.url, 30);
  expect(await waiting).toEqual({
    code: 5,
    output: "",
    errors: `lull: database ${database}: another process holds it locked; wait until it has ended, then try again (nothing was changed)\n`,
  });
  await lock.release();
  expect((await program.run("setmaintenance", "off")).code).toBe(0);
  expect(await check(sidecar.url)).toBe(204);
  const inMs = ["median", "almostAll", "worst"].map((name) => figures(name).toFixed(2));
  console.log(`${figures("checks")} checks: median ${inMs[0]} ms, 99.9 % within ${inMs[1]} ms, worst ${inMs[2]} ms`);
  // Others share the processors with the sidecar: a pause of theirs is not the sidecar's.
  expect(figures("others")).toBe(0);
  expect(figures("median")).toBeLessThan(2);
  expect(figures("almostAll")).toBeLessThan(10);
  // While it answers nothing, nothing is asked.
  expect(figures("checks")).toBeGreaterThan(5_000);
  expect(sidecar.log.filter(({ level }) => level === "error")).toMatchObject([{ event: "database-fault" }]);
}, 60_000);
