/**
 * A database that the program of schema 4 has made (commit 9096080, under a clock of the 20th of November 2026):
 * corpora/schema-4.sqlite is what its `lull backup` wrote after what has made schema-3.sqlite, one `period add` more, and
 * `bypass create` of all kinds (one site, all sites, a single use, plain http, one that goes with its site), first uses as
 * sidecars write them down, `bypass rotate-keys`, `bypass create` with the new key, and `bypass revoke`.
 * corpora/schema-4-verdicts.jsonl is what its `decide` said of 18 visits at nine instants, eleven of them with a cookie
 * or a token: `cookie` is what it signed for those who used a link.
 */
import { describe, expect, test } from "bun:test";
import { revokeBypass } from "../../src/actions/bypasses.ts";
import { selectBypasses, selectBypassKeys } from "../../src/store/bypasses.ts";
import { migrate } from "../../src/store/migrate.ts";
import { makeBypass } from "./bypass-builders.ts";
import { olderDatabase, recordedVerdicts } from "./older-database.ts";
import { context, now, revisionOf } from "./store-fixture.ts";

/** When the first link was used, and when all of them were made, within the minute. */
const noon = Date.UTC(2026, 10, 20, 12);

describe("a database of schema 4", () => {
  test("has its bypasses and its keys", async () => {
    await using old = await olderDatabase("schema-4");
    await migrate(old.database, now);
    const plain = { path: "/", isSingleUse: false, mayBeInsecure: false };
    const redeemed = (second: number) => noon + second * 1_000;
    expect(await selectBypasses(old.database.orm)).toMatchObject([
      { ...plain, id: 2, siteId: 2, label: "QA, Maya", path: "/checkout", redeemed: redeemed(32) },
      { ...plain, id: 3, siteId: null, label: "everywhere", redeemed: redeemed(33) },
      { ...plain, id: 4, siteId: 2, label: "courier", isSingleUse: true, redeemed: redeemed(34) },
      { ...plain, id: 5, siteId: 3, label: "a guest", isSingleUse: true, redeemed: null },
      { ...plain, id: 6, siteId: 2, label: "old tablet", mayBeInsecure: true, redeemed: redeemed(35) },
      { ...plain, id: 8, siteId: 1, label: "Grace", redeemed: null },
    ]);
    expect((await selectBypassKeys(old.database.orm)).map(({ id }) => id)).toEqual([1, 2]);
  });

  test("had let in many who showed something, and kept many out", () => {
    const shown = recordedVerdicts("schema-4").filter(({ cookie, token }) => (cookie ?? token) !== undefined);
    const told = (why: string) => shown.filter((visit) => visit.why === why).length;
    expect([shown.length, told("bypass"), told("period")]).toEqual([99, 17, 22]);
  });

  test("takes changes of today's kind", async () => {
    await using old = await olderDatabase("schema-4");
    await migrate(old.database, now);
    const { bypass } = await makeBypass(old.database);
    expect([bypass.id, await revisionOf(old.database)]).toEqual([9, 43]);
    const { result } = await revokeBypass(old.database, context(), 2);
    expect([result.label, await revisionOf(old.database)]).toEqual(["QA, Maya", 44]);
  });
});
