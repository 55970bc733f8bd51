import { describe, expect, test } from "bun:test";
import { revokeBypass } from "../../src/actions/bypasses.ts";
import { staffEntryMs } from "../../src/gate/staff-entry.ts";
import { readAudit } from "../../src/store/audits.ts";
import { selectBypasses, selectBypassKeys } from "../../src/store/bypasses.ts";
import { admitStaff } from "../../src/store/staff-bypasses.ts";
import { makeBypass } from "./bypass-builders.ts";
import { lockElsewhere } from "./locking-process.ts";
import { context, hour, now, refusalOf, revisionOf, testDatabase } from "./store-fixture.ts";
import { eventually, followedThread } from "./thread-fixture.ts";

const thirtyDays = 30 * 24 * hour;

describe("the bypass by which staff come in", () => {
  test("is made when it is needed, with the first key, for all sites, and the audit says by what", async () => {
    await using one = await testDatabase();
    const made = await admitStaff(one.database, "staff", now);
    expect(made).toEqual({
      ...{ id: 1, siteId: null, label: "staff probe", expires: now + thirtyDays, path: "/", isSingleUse: false },
      ...{ mayBeInsecure: false, tokenHash: expect.stringMatching(/^[\w-]{43}$/), redeemed: null, standing: "staff" },
    });
    expect((await selectBypassKeys(one.database.orm)).length).toBe(1);
    const rows = (await readAudit(one.database.orm, { limit: 9 })).toReversed();
    expect(rows.map(({ actor, action, siteId }) => [actor, action, siteId])).toEqual([
      ["staff probe", "bypass.key.add", null],
      ["staff probe", "bypass.create", null],
    ]);
    expect(JSON.stringify(rows)).not.toContain(made.tokenHash);
    expect(JSON.parse(rows.at(-1)?.after ?? "")).toMatchObject({ label: "staff probe", standing: "staff" });
  });

  test("is one for all who come, and their coming writes nothing", async () => {
    await using one = await testDatabase();
    const made = await admitStaff(one.database, "staff", now);
    const revision = await revisionOf(one.database);
    for (const hours of [0, 1, 24]) expect(await admitStaff(one.database, "staff", now + hours * hour)).toEqual(made);
    expect(await revisionOf(one.database)).toBe(revision);
  });

  test("is another one for superusers", async () => {
    await using one = await testDatabase();
    await admitStaff(one.database, "staff", now);
    expect(await admitStaff(one.database, "superuser", now)).toMatchObject({
      ...{ id: 2, label: "superuser probe", standing: "superuser" },
    });
  });

  test.each([
    ["holds for half an hour more", thirtyDays - staffEntryMs, 1],
    ["holds for less than that", thirtyDays - staffEntryMs + 1, 2],
    ["has expired", thirtyDays, 2],
  ])("is used when it %s", async (_, laterMs, id) => {
    await using one = await testDatabase();
    await admitStaff(one.database, "staff", now);
    expect((await admitStaff(one.database, "staff", now + laterMs)).id).toBe(id);
  });

  test("is made anew when it was revoked, and is no bypass that somebody made", async () => {
    await using one = await testDatabase();
    await makeBypass(one.database, { label: "staff probe", expires: now + thirtyDays });
    expect((await admitStaff(one.database, "staff", now)).id).toBe(2);
    await revokeBypass(one.database, context(), 2);
    expect((await admitStaff(one.database, "staff", now)).id).toBe(3);
    expect((await selectBypassKeys(one.database.orm)).length).toBe(1);
  });

  test("cannot be for anybody else: the database knows no other standing", async () => {
    await using one = await testDatabase();
    await admitStaff(one.database, "staff", now);
    for (const standing of ["admin", "", "STAFF"]) {
      const update = one.database.client.execute({ sql: "UPDATE bypass SET standing = ?", args: [standing] });
      await expect(update).rejects.toThrow("bypass_standing_is_known");
    }
    await one.database.client.execute("UPDATE bypass SET standing = NULL");
    expect((await selectBypasses(one.database.orm))[0]?.standing).toBeNull();
  });
});

describe("the database thread", () => {
  test("makes it, and places the snapshot that has it", async () => {
    await using one = await testDatabase();
    await using followed = await followedThread(one.database.path);
    const made = await followed.thread.admitStaff("superuser");
    await eventually(
      () => followed.snapshot.bypasses.byId.get(made.id),
      (found) => found !== undefined,
    );
    expect(followed.snapshot.bypasses.byId.get(made.id)).toEqual(made);
    expect(followed.snapshot.bypasses.newest?.id).toBe(1);
    expect((await followed.thread.admitStaff("superuser")).id).toBe(made.id);
  });

  test("makes one when two sidecars are asked at once", async () => {
    await using one = await testDatabase();
    await using first = await followedThread(one.database.path);
    await using second = await followedThread(one.database.path);
    const made = await Promise.all([first, second, first].map(({ thread }) => thread.admitStaff("staff")));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
  });

  test("refuses in time while the database is locked, and makes none when the lock is gone", async () => {
    await using one = await testDatabase();
    await using followed = await followedThread(one.database.path);
    const lock = await lockElsewhere(one.database.path, "writing");
    const startedMs = performance.now();
    const refusals = await Promise.all(
      Array.from({ length: 12 }, () => refusalOf(followed.thread.admitStaff("staff"))),
    );
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    expect(refusals[0]).toContain("another process holds it locked");
    expect(refusals.at(-1)).toBe(
      "unreachable: the database has not answered in time, so there is no bypass for staff; try again in a moment",
    );
    await lock.release();
    expect(await selectBypasses(one.database.orm)).toEqual([]);
    expect((await followed.thread.admitStaff("staff")).standing).toBe("staff");
  });
});
