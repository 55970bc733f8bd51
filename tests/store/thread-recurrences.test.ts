import { describe, expect, test } from "bun:test";
import { removeSite } from "../../src/actions/sites.ts";
import type { Recurrence } from "../../src/gate/recurrence.ts";
import { siteState } from "../../src/gate/site-state.ts";
import { unroll } from "../../src/gate/unroll.ts";
import { windowAround } from "../../src/gate/unroll-window.ts";
import { change } from "../../src/store/change.ts";
import type { Database } from "../../src/store/database.ts";
import { insertReadonlyRule } from "../../src/store/readonly-rules.ts";
import {
  deleteRecurrence,
  insertRecurrence,
  updateRecurrence,
  writeOccurrenceChange,
} from "../../src/store/recurrences.ts";
import { hour, now, recurring } from "../gate/builders.ts";
import { context, testDatabase, withSites } from "./store-fixture.ts";
import { eventually, followedThread, type TestThread } from "./thread-fixture.ts";

async function add(database: Database, columns: Partial<Recurrence>): Promise<Recurrence> {
  const { result } = await change(database, context(), async (step) => {
    const { id: _, ...added } = { ...recurring([]).recurrence, ...columns };
    const after = await insertRecurrence(step.queries, added);
    await step.record({ action: "recurrence.add", siteId: after.siteId, after });
    return after;
  });
  return result;
}

const served = (one: TestThread, revision: number) =>
  eventually(
    () => one.serving.revision,
    (found) => found === revision,
  );

async function confirmedAgain(one: TestThread): Promise<void> {
  const count = one.confirmed.length;
  await eventually(
    () => one.confirmed.length,
    (length) => length >= count + 2,
  );
}

/** Zones whose clocks are never changed, by the hours that they are ahead of UTC. */
const zones = { UTC: 0, "Asia/Tokyo": 9 } as const;

/**
 * Once a day since long ago, for an hour that is half a day away from now, and so from both edges of what is unrolled:
 * there are as many as there are days, however long a test takes.
 */
function daily(timezone: keyof typeof zones, at = Date.now()): Partial<Recurrence> {
  const time = new Date(at + (12 + zones[timezone]) * hour).toISOString().slice(11, 19);
  return { timezone, at: time, from: "2020-01-01" };
}

/** Two behind, 400 ahead. */
const allDays = 402;
const occurrences = (one: TestThread, siteId: number) =>
  one.serving.sites.get(siteId)?.recurring[0]?.starts.length ?? 0;

describe("a recurrence", () => {
  test("of every day has one number of occurrences, whatever time it is", () => {
    for (const timezone of ["UTC", "Asia/Tokyo"] as const) {
      for (let minutes = 0; minutes < 24 * 60; minutes += 30) {
        const at = now + (minutes / 60) * hour;
        const rule = { ...recurring([]).recurrence, ...daily(timezone, at) };
        const { starts } = unroll(rule, [], windowAround(at));
        expect([timezone, minutes, starts.length]).toEqual([timezone, minutes, allDays]);
      }
    }
  });

  test("reaches the serving thread with what it yields, as does what is changed in it", async () => {
    await using one = await testDatabase();
    await withSites(one.database, ["a.example"]);
    await using followed = await followedThread(one.database.path);
    const rule = daily("UTC");
    const { id } = await add(one.database, { siteId: 2, ...rule });
    await add(one.database, { siteId: null, from: "2020-01-01", rules: "FREQ=WEEKLY;BYDAY=SU" });
    await served(followed, 4);
    expect(occurrences(followed, 2)).toBe(allDays);
    expect(followed.serving.everywhere.recurring[0]?.starts.length).toBeGreaterThan(55);
    const next = siteState(followed.serving, 2, Date.now()).next;
    expect([next?.recurrenceId === id || next?.recurrenceId === 2, (next?.start ?? 0) > Date.now()]).toEqual([
      true,
      true,
    ]);
    const inAWeek = new Date(Date.now() + 7 * 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
    await change(one.database, context(), async (step) => {
      const wall = `${inAWeek}T${rule.at}`;
      await writeOccurrenceChange(step.queries, { recurrenceId: id, wall, skipped: true, start: null, end: null });
      await step.record({ action: "occurrence.skip", siteId: 2 });
    });
    await served(followed, 5);
    expect(occurrences(followed, 2)).toBe(allDays - 1);
    await change(one.database, context(), async (step) => {
      await deleteRecurrence(step.queries, id);
      await step.record({ action: "recurrence.remove", siteId: 2 });
    });
    await served(followed, 6);
    expect(followed.serving.sites.get(2)?.recurring).toEqual([]);
    expect(followed.faults).toEqual([]);
  });

  test("that runs now closes, and opens by itself", async () => {
    await using one = await testDatabase();
    await using followed = await followedThread(one.database.path);
    const startsAt = new Date(Date.now() + 1_000);
    const [from = "", at = ""] = startsAt.toISOString().slice(0, 19).split("T");
    const start = Date.parse(`${from}T${at}Z`);
    await add(one.database, { from, at, durationMs: 1_500 });
    await served(followed, 2);
    const stateAt = (now: number) => siteState(followed.serving, 1, now).state;
    expect([stateAt(start - 1), stateAt(start), stateAt(start + 1_499), stateAt(start + 1_500)]).toEqual([
      "open",
      "closed",
      "closed",
      "open",
    ]);
  });

  test("that cannot be unrolled is told, and everything else goes on; when it is put right that is over", async () => {
    await using one = await testDatabase();
    await withSites(one.database, ["a.example", "b.example"]);
    await using followed = await followedThread(one.database.path);
    const broken = await add(one.database, { siteId: 2, from: "2020-01-01", timezone: "Mars/Olympus" });
    await add(one.database, { siteId: 3, ...daily("UTC") });
    await served(followed, 4);
    await eventually(
      () => followed.faults.length,
      (length) => length === 1,
    );
    const message = 'recurrence 1 yields nothing: "Mars/Olympus" is not a time zone: write one like Europe/Paris';
    expect(followed.faults).toEqual([{ message, passing: false }]);
    expect(occurrences(followed, 2)).toBe(0);
    expect(occurrences(followed, 3)).toBe(allDays);
    // A change of another site does not read this one again.
    await withSites(one.database, ["c.example"]);
    await served(followed, 5);
    await confirmedAgain(followed);
    expect([followed.serving.sites.size, followed.faults.length, followed.recoveries]).toEqual([4, 1, 0]);
    await change(one.database, context(), async (step) => {
      await updateRecurrence(step.queries, { ...broken, ...daily("Asia/Tokyo") });
      await step.record({ action: "recurrence.set", siteId: 2 });
    });
    await served(followed, 6);
    await confirmedAgain(followed);
    expect(occurrences(followed, 2)).toBe(allDays);
    expect([followed.faults.length, followed.recoveries]).toEqual([1, 1]);
  }, 10_000);

  test("that cannot be unrolled is no fault any more when its site is removed", async () => {
    await using one = await testDatabase();
    await withSites(one.database, ["a.example"]);
    await add(one.database, { siteId: 2, timezone: "Mars/Olympus" });
    await using followed = await followedThread(one.database.path);
    await eventually(
      () => followed.faults.length,
      (length) => length === 1,
    );
    await removeSite(one.database, context(), { site: "2", consent: "ask" });
    await eventually(
      () => followed.recoveries,
      (count) => count === 1,
    );
    expect(followed.serving.sites.size).toBe(1);
  });
});

test("rules for read-only sites reach the serving thread: a site's own, and those of all", async () => {
  await using one = await testDatabase();
  await withSites(one.database, ["a.example"]);
  await using followed = await followedThread(one.database.path);
  const own = { siteId: 2, effect: "safe", method: "POST", path: "/search" } as const;
  const all = { siteId: null, effect: "unsafe", method: "GET", path: "/logout" } as const;
  for (const added of [own, all]) {
    await change(one.database, context(), async (step) => {
      await insertReadonlyRule(step.queries, added);
      await step.record({ action: "readonly.add", siteId: added.siteId });
    });
  }
  await served(followed, 4);
  expect(followed.serving.sites.get(2)?.readonlyRules).toEqual([{ ...own, id: 1 }]);
  expect(followed.serving.sites.get(1)?.readonlyRules).toEqual([]);
  expect(followed.serving.everywhere.readonlyRules).toEqual([{ ...all, id: 2 }]);
});
