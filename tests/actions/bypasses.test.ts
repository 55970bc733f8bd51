import { describe, expect, test } from "bun:test";
import { createBypass, revokeBypass, revokeBypasses, rotateBypassKeys } from "../../src/actions/bypasses.ts";
import { removeSite } from "../../src/actions/sites.ts";
import { bypassOf, hashOfToken, noCredentials, sealBypass, secureCookieName } from "../../src/gate/bypass.ts";
import { readAudit } from "../../src/store/audits.ts";
import { selectBypasses, selectBypassKeys } from "../../src/store/bypasses.ts";
import type { Database } from "../../src/store/database.ts";
import { readSnapshot } from "../../src/store/snapshot.ts";
import { bypassRequest, makeBypass } from "../store/bypass-builders.ts";
import {
  auditOf,
  columnOf,
  context,
  hour,
  now,
  refusalOf,
  revisionOf,
  testDatabase,
  withSites,
} from "../store/store-fixture.ts";
import { settings } from "../store/thread-fixture.ts";

const day = 24 * hour;

async function bookOf(database: Database) {
  return (await readSnapshot(database, settings, { now })).snapshot.bypasses;
}

async function numbersOf(database: Database): Promise<readonly number[]> {
  return (await selectBypasses(database.orm)).map(({ id }) => id);
}

async function keysOf(database: Database): Promise<readonly number[]> {
  return (await selectBypassKeys(database.orm)).map(({ id }) => id);
}

describe("creating a bypass", () => {
  test("keeps the hash of its token alone, and makes the first key", async () => {
    await using one = await testDatabase();
    const request = bypassRequest({ path: "/caf%C3%A9/", isSingleUse: true, mayBeInsecure: true });
    const done = await createBypass(one.database, context({ reason: "launch" }), request);
    const [{ bypass, token } = { bypass: undefined, token: "" }] = done.result;
    expect(token).toMatch(/^[\w-]{43}$/);
    const shown = {
      id: 1,
      siteId: null,
      label: "QA",
      expires: now + hour,
      path: "/café/",
      isSingleUse: true,
      mayBeInsecure: true,
      redeemed: null,
      standing: null,
    };
    expect(bypass).toEqual({ ...shown, tokenHash: hashOfToken(token) });
    expect(done).toMatchObject({ revision: 2, changed: true });
    const audited = (await auditOf(one.database, done)).map(({ action, siteId, before, after, reason }) => ({
      action,
      siteId,
      before,
      after,
      reason,
    }));
    expect(audited).toEqual([
      { action: "bypass.key.add", siteId: null, before: null, after: { id: 1 }, reason: "launch" },
      { action: "bypass.create", siteId: null, before: null, after: shown, reason: "launch" },
    ]);
    const everything = await one.database.client.execute("SELECT * FROM bypass, bypass_key, audit, meta, site");
    expect(JSON.stringify(everything.rows)).not.toContain(token);
  });

  test("makes one for each site, each once, with tokens of their own and the same key", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    const request = bypassRequest({ sites: [...sites, ...sites] });
    const first = await createBypass(one.database, context(), request);
    const second = await createBypass(one.database, context(), request);
    const all = [...first.result, ...second.result];
    expect(all.map(({ bypass }) => [bypass.id, bypass.siteId])).toEqual([
      [1, 1],
      [2, 2],
      [3, 1],
      [4, 2],
    ]);
    expect(new Set(all.map(({ token }) => token)).size).toBe(4);
    expect(await columnOf(one.database, "SELECT DISTINCT key_id FROM bypass")).toEqual([1]);
    expect(await keysOf(one.database)).toEqual([1]);
  });

  test.each<[string, Parameters<typeof bypassRequest>[0], string]>([
    ["what has expired", { expires: now }, "the bypass would have expired already: 2026-11-20T09:00:00Z is past"],
    [
      "what holds for too long",
      { expires: now + day + 1, longestMs: day },
      "the bypass would hold for 1d 1s, and 1d is",
    ],
    [
      "another host as a path",
      { path: "//evil.example" },
      'the path "//evil.example" can be read in more than one way',
    ],
    ["a backslash in a path", { path: "/\\evil.example" }, "can be read in more than one way"],
    ["a line break in a path", { path: "/%0d%0aSet-Cookie" }, "can be read in more than one way"],
    ["a path with a query", { path: "/a?b" }, 'has a query, which is never looked at: write "/a"'],
    ["what is no path", { path: "a" }, 'does not begin with "/": write "/a"'],
    ["a label that is too long", { label: "x".repeat(101) }, "has 101; write a shorter one"],
    ["a label of two lines", { label: "a\nb" }, 'a label has no control characters, and "a\\nb" has; write another'],
  ])("refuses %s, and changes nothing", async (_, change, message) => {
    await using one = await testDatabase();
    const refusal = await refusalOf(createBypass(one.database, context(), bypassRequest(change)));
    expect(refusal).toStartWith("refused: ");
    expect(refusal).toContain(message);
    expect([await revisionOf(one.database), await keysOf(one.database)]).toEqual([1, []]);
  });

  test("may hold for just as long as is allowed", async () => {
    await using one = await testDatabase();
    const request = bypassRequest({ expires: now + day, longestMs: day });
    expect((await createBypass(one.database, context(), request)).result.length).toBe(1);
  });

  test("refuses a site that was removed a moment ago", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    await removeSite(one.database, context(), { site: "2", consent: "ask" });
    expect(await refusalOf(createBypass(one.database, context(), bypassRequest({ sites })))).toBe(
      "refused: site 2 (a.example) was removed a moment ago",
    );
  });

  test("clears away what has expired for more than a day", async () => {
    await using one = await testDatabase();
    await makeBypass(one.database);
    await createBypass(one.database, context({ now: now + hour + day }), bypassRequest({ expires: now + 9 * day }));
    expect(await numbersOf(one.database)).toEqual([1, 2]);
    await createBypass(one.database, context({ now: now + hour + day + 1 }), bypassRequest({ expires: now + 9 * day }));
    expect(await numbersOf(one.database)).toEqual([2, 3]);
  });
});

describe("revoking", () => {
  test("ends a bypass and its cookies; the audit keeps it without anything to enter by", async () => {
    await using one = await testDatabase();
    const { bypass, token } = await makeBypass(one.database);
    const sealed = sealBypass(await bookOf(one.database), bypass, { siteId: 1, host: null, expires: bypass.expires });
    const credentials = { ...noCredentials, cookie: `${secureCookieName}=${sealed}` };
    expect(bypassOf(await bookOf(one.database), credentials, { siteId: 1, host: null, now })).toEqual(bypass);
    const done = await revokeBypass(one.database, context(), bypass.id);
    const { tokenHash, ...before } = bypass;
    expect(done).toMatchObject({ result: bypass, revision: 3, changed: true });
    expect(await auditOf(one.database, done)).toMatchObject([
      { action: "bypass.revoke", siteId: null, before, after: null },
    ]);
    expect(bypassOf(await bookOf(one.database), credentials, { siteId: 1, host: null, now })).toBeNull();
    const audit = JSON.stringify(await readAudit(one.database.orm, { limit: 99 }));
    for (const secret of [token, tokenHash]) expect(audit).not.toContain(secret);
    expect(await refusalOf(revokeBypass(one.database, context(), bypass.id))).toBe(
      'refused: no bypass 1; "lull bypass list" shows those that there are',
    );
  });

  test("all of some sites leaves those of other sites, and those of all", async () => {
    await using one = await testDatabase();
    const sites = (await withSites(one.database, ["a.example", "b.example"])).slice(1);
    await createBypass(one.database, context(), bypassRequest({ sites }));
    await makeBypass(one.database);
    const done = await revokeBypasses(one.database, context(), sites.slice(0, 1));
    expect(done.result.map(({ siteId }) => siteId)).toEqual([2]);
    expect(await numbersOf(one.database)).toEqual([2, 3]);
    const rest = await revokeBypasses(one.database, context(), null);
    expect([rest.result.length, (await auditOf(one.database, rest)).length]).toEqual([2, 2]);
    expect(await revokeBypasses(one.database, context(), null)).toEqual({
      result: [],
      revision: rest.revision,
      changed: false,
    });
  });

  test("comes with the removal of a site, whose audit row has no hash", async () => {
    await using one = await testDatabase();
    const sites = (await withSites(one.database, ["a.example"])).slice(1);
    const { bypass } = await makeBypass(one.database, { sites });
    const { tokenHash, ...shown } = bypass;
    const done = await removeSite(one.database, context(), { site: "2", consent: "ask" });
    const audited = await auditOf(one.database, done);
    expect(audited).toMatchObject([{ action: "site.remove", before: { bypasses: [shown] } }]);
    expect(JSON.stringify(audited)).not.toContain(tokenHash);
    expect(await numbersOf(one.database)).toEqual([]);
  });
});

describe("rotating the keys", () => {
  test("signs by the new one, and lets everybody in who was let in", async () => {
    await using one = await testDatabase();
    const { bypass } = await makeBypass(one.database);
    const cookies = [
      sealBypass(await bookOf(one.database), bypass, { siteId: 1, host: null, expires: bypass.expires }),
    ];
    const done = await rotateBypassKeys(one.database, context());
    expect(done).toMatchObject({ result: { added: 2, kept: [1], dropped: [] }, changed: true });
    cookies.push(sealBypass(await bookOf(one.database), bypass, { siteId: 1, host: null, expires: bypass.expires }));
    expect(new Set(cookies).size).toBe(2);
    for (const cookie of cookies) {
      const credentials = { ...noCredentials, cookie: `${secureCookieName}=${cookie}` };
      expect(bypassOf(await bookOf(one.database), credentials, { siteId: 1, host: null, now })).toEqual(bypass);
    }
    const [key] = await selectBypassKeys(one.database.orm);
    const audit = JSON.stringify(await readAudit(one.database.orm, { limit: 99 }));
    expect(audit).not.toContain(key?.secret ?? "missing");
  });

  test("drops a key when no bypass is left that is older than its successor", async () => {
    await using one = await testDatabase();
    const { bypass } = await makeBypass(one.database);
    await rotateBypassKeys(one.database, context());
    await makeBypass(one.database, { expires: now + 9 * hour });
    expect((await rotateBypassKeys(one.database, context())).result).toEqual({ added: 3, kept: [1, 2], dropped: [] });
    await revokeBypass(one.database, context(), bypass.id);
    const done = await rotateBypassKeys(one.database, context());
    expect(done.result).toEqual({ added: 4, kept: [2, 3], dropped: [1] });
    expect((await auditOf(one.database, done)).map(({ action, before }) => [action, before])).toEqual([
      ["bypass.key.add", null],
      ["bypass.key.remove", { id: 1 }],
    ]);
    const later = await rotateBypassKeys(one.database, context({ now: now + 9 * hour }));
    expect(later.result).toEqual({ added: 5, kept: [], dropped: [2, 3, 4] });
    expect(await keysOf(one.database)).toEqual([5]);
  });

  test("makes the first one where there is none", async () => {
    await using one = await testDatabase();
    expect((await rotateBypassKeys(one.database, context())).result).toEqual({ added: 1, kept: [], dropped: [] });
    await makeBypass(one.database);
    expect(await keysOf(one.database)).toEqual([1]);
  });
});
