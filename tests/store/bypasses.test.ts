import { describe, expect, test } from "bun:test";
import { revokeBypass, rotateBypassKeys } from "../../src/actions/bypasses.ts";
import { addSite, removeSite } from "../../src/actions/sites.ts";
import { bypassOfToken, sealBypass } from "../../src/gate/bypass.ts";
import { windowAround } from "../../src/gate/unroll-window.ts";
import { readAudit } from "../../src/store/audits.ts";
import { readBypass, redeemBypass, selectBypasses, selectBypassKeys } from "../../src/store/bypasses.ts";
import { type RecordsRequest, readRecords, readSnapshot } from "../../src/store/snapshot.ts";
import { createUnroller } from "../../src/store/unroller.ts";
import { makeBypass } from "./bypass-builders.ts";
import { startRedeemingProcess } from "./redeeming-process.ts";
import { auditOf, context, hour, now, refusalOf, revisionOf, testDatabase, withSites } from "./store-fixture.ts";
import { settings } from "./thread-fixture.ts";

const request: RecordsRequest = { window: windowAround(now), unroller: createUnroller(), endsAfter: now };
const added = { domain: "b.example", name: "", message: "", redirectUrl: "", origins: [] };

describe("a snapshot", () => {
  test("has every bypass and every key, whatever has changed since", async () => {
    await using one = await testDatabase();
    const { bypass } = await makeBypass(one.database);
    await rotateBypassKeys(one.database, context());
    const keys = await selectBypassKeys(one.database.orm);
    expect(keys.map(({ id, secret }) => [id, secret.length])).toEqual([
      [1, 43],
      [2, 43],
    ]);
    const changedAfter = await revisionOf(one.database);
    const rest = { bypasses: [bypass], bypassKeys: keys };
    expect(await readRecords(one.database, request)).toMatchObject(rest);
    await addSite(one.database, context(), added);
    const records = await readRecords(one.database, { ...request, changedAfter });
    expect(records.sites.length).toBe(1);
    expect(records).toMatchObject(rest);
  });

  test("knows the bypass by its token, and signs for it by the newest key", async () => {
    await using one = await testDatabase();
    const { bypass, token } = await makeBypass(one.database);
    await rotateBypassKeys(one.database, context());
    const { snapshot } = await readSnapshot(one.database, settings, { now });
    const { bypasses } = snapshot;
    expect(bypassOfToken(bypasses, token, { siteId: 1, host: null, now })).toEqual(bypass);
    expect(sealBypass(bypasses, bypass, { siteId: 1, host: null, expires: bypass.expires })).toStartWith(
      `v1.${bypass.id}.1.${bypass.expires}.2.`,
    );
    expect(bypasses.databaseId).toBe(snapshot.databaseId);
  });

  test.each<[string, number, number]>([
    ["is there before it expires", now + hour - 1, 1],
    ["is not there when it expires", now + hour, 0],
  ])("%s", async (_, endsAfter, count) => {
    await using one = await testDatabase();
    await makeBypass(one.database);
    expect((await readRecords(one.database, { ...request, endsAfter })).bypasses.length).toBe(count);
  });

  test("has none that was revoked, nor one of a site that was removed", async () => {
    await using one = await testDatabase();
    const sites = (await withSites(one.database, ["a.example"])).slice(1);
    const { bypass } = await makeBypass(one.database);
    await makeBypass(one.database, { sites });
    expect((await readRecords(one.database, request)).bypasses.length).toBe(2);
    await revokeBypass(one.database, context(), bypass.id);
    await removeSite(one.database, context(), { site: "2", consent: "ask" });
    expect((await readRecords(one.database, request)).bypasses).toEqual([]);
  });
});

describe("redeeming a bypass", () => {
  test("is audited the first time, as what a visitor did, without anything to enter by", async () => {
    await using one = await testDatabase();
    const { bypass, token } = await makeBypass(one.database);
    const before = await revisionOf(one.database);
    expect(await redeemBypass(one.database, { id: bypass.id, siteId: 1, now: now + 5 })).toBe("redeemed");
    expect(await readBypass(one.database.orm, bypass.id)).toEqual({ ...bypass, redeemed: now + 5 });
    const revision = await revisionOf(one.database);
    expect(revision).toBe(before + 1);
    const { tokenHash, ...shown } = bypass;
    expect(await auditOf(one.database, { revision, result: null, changed: true })).toEqual([
      {
        revision,
        at: now + 5,
        actor: "visitor",
        action: "bypass.redeem",
        siteId: 1,
        before: shown,
        after: { ...shown, redeemed: now + 5 },
        reason: "",
      },
    ]);
    const [key] = await selectBypassKeys(one.database.orm);
    const audit = JSON.stringify(await readAudit(one.database.orm, { limit: 99 }));
    for (const secret of [token, tokenHash, key?.secret ?? ""]) {
      expect(secret.length).toBe(43);
      expect(audit).not.toContain(secret);
    }
  });

  test("again changes nothing, and gives what it gave", async () => {
    await using one = await testDatabase();
    const { bypass } = await makeBypass(one.database);
    await redeemBypass(one.database, { id: bypass.id, siteId: 1, now });
    const revision = await revisionOf(one.database);
    expect(await redeemBypass(one.database, { id: bypass.id, siteId: 1, now: now + 9 })).toBe("redeemed");
    expect(await revisionOf(one.database)).toBe(revision);
    expect((await readBypass(one.database.orm, bypass.id))?.redeemed).toBe(now);
  });

  test("for a single use again is refused", async () => {
    await using one = await testDatabase();
    const { bypass } = await makeBypass(one.database, { isSingleUse: true });
    const redeem = () => redeemBypass(one.database, { id: bypass.id, siteId: 1, now });
    expect([await redeem(), await redeem(), await redeem()]).toEqual(["redeemed", "used", "used"]);
  });

  test.each<[string, { readonly id?: number; readonly siteId?: number; readonly now?: number }, "redeemed" | "gone"]>([
    ["of its own site", {}, "redeemed"],
    ["just before it expires", { now: now + hour - 1 }, "redeemed"],
    ["when it expires", { now: now + hour }, "gone"],
    ["of another site", { siteId: 1 }, "gone"],
    ["that is not there", { id: 7 }, "gone"],
  ])("%s", async (_, change, outcome) => {
    await using one = await testDatabase();
    const sites = (await withSites(one.database, ["a.example"])).slice(1);
    const { bypass } = await makeBypass(one.database, { sites });
    const revision = await revisionOf(one.database);
    expect(await redeemBypass(one.database, { id: bypass.id, siteId: 2, now, ...change })).toBe(outcome);
    expect(await revisionOf(one.database)).toBe(revision + (outcome === "redeemed" ? 1 : 0));
    expect((await readBypass(one.database.orm, bypass.id))?.redeemed === null).toBe(outcome === "gone");
  });

  test("that was revoked a moment ago is gone", async () => {
    await using one = await testDatabase();
    const { bypass } = await makeBypass(one.database);
    await revokeBypass(one.database, context(), bypass.id);
    expect(await redeemBypass(one.database, { id: bypass.id, siteId: 1, now })).toBe("gone");
  });

  test("for a single use by many processes at once lets one of them alone in", async () => {
    await using one = await testDatabase();
    const { bypass } = await makeBypass(one.database, { isSingleUse: true });
    const path = one.folder.file("lull.db");
    const processes = await Promise.all([1, 2, 3].map(() => startRedeemingProcess(path, bypass.id)));
    const outcomes = await Promise.all(processes.map((each) => each.redeem()));
    expect(outcomes.toSorted()).toEqual(["redeemed", "used", "used"]);
    const redeemed = (await readAudit(one.database.orm, { limit: 99 })).filter(
      ({ action }) => action === "bypass.redeem",
    );
    expect(redeemed.length).toBe(1);
  });
});

describe("the database itself", () => {
  test.each([
    ["a path that is none", "path = 'x'"],
    ["a token where its hash belongs", "token_hash = 'short'"],
    ["a site that is not there", "site_id = 9"],
    ["the hash of another one", "token_hash = (SELECT token_hash FROM bypass WHERE id = 2)"],
  ])("refuses %s", async (_, change) => {
    await using one = await testDatabase();
    await makeBypass(one.database);
    await makeBypass(one.database);
    const update = one.database.client.execute(`UPDATE bypass SET ${change} WHERE id = 1`);
    expect(await refusalOf(update)).toContain("constraint");
    expect((await selectBypasses(one.database.orm)).length).toBe(2);
  });
});
