/** Leases as a sidecar sees them: a renewal raises no revision, and none runs out unheard of. */
import { describe, expect, test } from "bun:test";
import { renameSync } from "node:fs";
import { beginHold } from "../../src/actions/hold.ts";
import { freeHolds, renewLeases } from "../../src/actions/leases.ts";
import type { InstantMs } from "../../src/gate/period.ts";
import { siteState } from "../../src/gate/site-state.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { readPeriod, writeLeaseEnd } from "../../src/store/periods.ts";
import { readSites } from "../../src/store/sites.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { askElsewhere } from "./asking-process.ts";
import { context, optionsFor, revisionOf, testDatabase, withSites } from "./store-fixture.ts";
import { eventually, followedThread, makeDatabase, type TestThread } from "./thread-fixture.ts";

const isClosed = (one: TestThread) => siteState(one.serving, 1, Date.now()).state === "closed";
const leaseEndIn = (one: TestThread) => one.serving.sites.get(1)?.periods[0]?.leaseEnd ?? null;

/** Holds site 1; gives when the lease ends. */
async function hold(database: Database, leaseMs: number): Promise<InstantMs> {
  const sites = (await readSites(database.orm)).filter(({ id }) => id === 1);
  const request = { sites, name: "deploy", end: null, mode: "full", whenShorter: "keep", leaseMs } as const;
  const { result } = await beginHold(database, context({ now: Date.now() }), request);
  return result[0]?.period.leaseEnd ?? Number.NaN;
}

async function heardAgain(one: TestThread): Promise<void> {
  const count = one.confirmed.length;
  await eventually(
    () => one.confirmed.length,
    (length) => length >= count + 2,
  );
}

const closed = (one: TestThread, expected: boolean) =>
  eventually(
    () => isClosed(one),
    (is) => is === expected,
  );

async function until(instant: InstantMs): Promise<void> {
  await Bun.sleep(Math.max(0, instant - Date.now()));
}

describe("a renewal by another process", () => {
  test("reaches the serving thread, and raises no revision", async () => {
    await using one = await testDatabase();
    await using followed = await followedThread(one.database.path);
    const leaseEnd = await hold(one.database, 60_000);
    await eventually(
      () => leaseEndIn(followed),
      (found) => found === leaseEnd,
    );
    const placed = followed.snapshots.length;
    const other = await one.another();
    await writeLeaseEnd(other.orm, 1, leaseEnd + 5_000);
    await other.close();
    await eventually(
      () => leaseEndIn(followed),
      (found) => found === leaseEnd + 5_000,
    );
    expect([await revisionOf(one.database), followed.serving.revision, followed.snapshots.length]).toEqual([
      2,
      2,
      placed,
    ]);
    await renewLeases(one.database, context({ now: Date.now() + 9_000 }), [1]);
    const renewed = (await readPeriod(one.database.orm, 1))?.leaseEnd ?? 0;
    expect(renewed).toBeGreaterThan(leaseEnd + 5_000);
    await eventually(
      () => leaseEndIn(followed),
      (found) => found === renewed,
    );
  });

  test("is not forgotten over changes of other sites, just after it or at once", async () => {
    await using one = await testDatabase();
    await using followed = await followedThread(one.database.path);
    let leaseEnd = await hold(one.database, 60_000);
    await heardAgain(followed);
    for (const [round, pauseMs] of [30, 0, 60, 30].entries()) {
      leaseEnd += 1_000;
      await writeLeaseEnd(one.database.orm, 1, leaseEnd);
      // Long enough for the renewal to be read by itself, and too short for a confirmation of most of them.
      await Bun.sleep(pauseMs);
      await withSites(one.database, [`s${round}.example`]);
      const revision = await revisionOf(one.database);
      await eventually(
        () => followed.serving.revision,
        (found) => found === revision,
      );
      await heardAgain(followed);
      expect(leaseEndIn(followed)).toBe(leaseEnd);
    }
  }, 20_000);

  test("that came before its lease was taken away does not bring it back", async () => {
    await using one = await testDatabase();
    await using followed = await followedThread(one.database.path);
    const leaseEnd = await hold(one.database, 60_000);
    await writeLeaseEnd(one.database.orm, 1, leaseEnd + 1_000);
    await eventually(
      () => leaseEndIn(followed),
      (found) => found === leaseEnd + 1_000,
    );
    await freeHolds(one.database, context({ now: Date.now() }), [1]);
    await eventually(
      () => followed.serving.revision,
      (revision) => revision === 3,
    );
    await heardAgain(followed);
    expect(followed.serving.sites.get(1)?.periods).toMatchObject([{ leaseMs: null, leaseEnd: null }]);
    expect(siteState(followed.serving, 1, leaseEnd + 999_000).state).toBe("closed");
  });
});

describe("a lease that nobody renews", () => {
  test("ends its period by itself, and no earlier", async () => {
    await using one = await testDatabase();
    await using followed = await followedThread(one.database.path);
    const leaseEnd = await hold(one.database, 2_000);
    await closed(followed, true);
    await closed(followed, false);
    expect(Date.now()).toBeGreaterThanOrEqual(leaseEnd);
    expect(Date.now()).toBeLessThan(leaseEnd + 1_000);
    expect(followed.snapshots.at(-1)?.revision).toBe(2);
    await withSites(one.database, ["a.example"]);
    followed.onPlace = () => expect(isClosed(followed)).toBe(false);
    await eventually(
      () => followed.serving.revision,
      (revision) => revision === 3,
    );
    expect(isClosed(followed)).toBe(false);
  });

  test("that was over before anybody heard of it closes nothing", async () => {
    await using one = await testDatabase();
    await using followed = await followedThread(one.database.path);
    let wasClosed = false;
    followed.onPlace = () => (wasClosed ||= isClosed(followed));
    const sites = await readSites(one.database.orm);
    const past = context({ now: Date.now() - 60_000 });
    await beginHold(one.database, past, {
      sites,
      name: "n",
      end: null,
      mode: "full",
      whenShorter: "keep",
      leaseMs: 9_000,
    });
    await eventually(
      () => followed.serving.revision,
      (revision) => revision === 2,
    );
    expect(wasClosed || isClosed(followed)).toBe(false);
  });
});

/** A held site whose database was moved away before anybody could hear from it in the last third of the lease. */
async function heldAndAway() {
  const folder = temporaryFolder();
  const [path, away] = [folder.file("lull.db"), folder.file("away.db")];
  // A connection of this process would keep the file's locks and its -wal.
  await makeDatabase(path);
  const one = await followedThread(path);
  const database = await openDatabase(optionsFor(path));
  const leaseEnd = await hold(database, 4_500);
  await database.close();
  await closed(one, true);
  await heardAgain(one);
  renameSync(path, away);
  await eventually(
    () => one.faults.length,
    (length) => length === 1,
  );
  expect(Date.now()).toBeLessThan(leaseEnd - 1_500);
  await until(leaseEnd + 300);
  return {
    one,
    leaseEnd,
    away,
    putBack: () => renameSync(away, path),
    async [Symbol.asyncDispose]() {
      await one.thread.stop();
      await folder.remove();
    },
  };
}

describe("while the database cannot be read a lease does not run out", () => {
  test("and it does when the database is back, and nobody has renewed it", async () => {
    await using all = await heldAndAway();
    expect(isClosed(all.one)).toBe(true);
    all.putBack();
    await closed(all.one, false);
    // What was read opens it; that the fault is over is said next.
    await eventually(
      () => all.one.recoveries,
      (recoveries) => recoveries === 1,
    );
  }, 20_000);

  test("nor when the database is back, and somebody has renewed it meanwhile", async () => {
    await using all = await heldAndAway();
    const { one } = all;
    await askElsewhere(all.away, `UPDATE period SET lease_end_at = ${Date.now() + 60_000}`);
    all.putBack();
    let opened = 0;
    one.onPlace = () => (opened += isClosed(one) ? 0 : 1);
    const count = one.confirmed.length;
    await eventually(
      () => {
        opened += isClosed(one) ? 0 : 1;
        return one.confirmed.length;
      },
      (length) => length >= count + 2,
    );
    expect(opened).toBe(0);
    expect(isClosed(one)).toBe(true);
  }, 20_000);
});
