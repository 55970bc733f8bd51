import { describe, expect, test } from "bun:test";
import { addExemption, type ExemptionRequest, removeExemption } from "../../src/actions/exemptions.ts";
import { removeSite } from "../../src/actions/sites.ts";
import { selectExemptions } from "../../src/store/exemptions.ts";
import { auditOf, context, hour, now, refusalOf, revisionOf, testDatabase, withSites } from "../store/store-fixture.ts";

const path: ExemptionRequest = { sites: null, kind: "path", value: "/a/", description: "the API", expires: null };

describe("adding an exemption", () => {
  test("keeps it in canonical form, once for each site", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    const done = await addExemption(one.database, context(), {
      ...path,
      sites: [...sites, ...sites],
      expires: now + 1,
    });
    const row = { kind: "path", value: "/a", description: "the API", expires: now + 1 } as const;
    const rows = [
      { id: 1, siteId: 1, ...row },
      { id: 2, siteId: 2, ...row },
    ];
    expect(done).toEqual({ result: rows, revision: 3, changed: true });
    expect(await selectExemptions(one.database.orm)).toEqual(rows);
    expect(
      (await auditOf(one.database, done)).map(({ action, siteId, before, after }) => ({
        action,
        siteId,
        before,
        after,
      })),
    ).toEqual(rows.map((after) => ({ action: "exemption.add", siteId: after.siteId, before: null, after })));
  });

  test("that is there already leaves it as it is; another kind, site or end is another", async () => {
    await using one = await testDatabase();
    const [, site] = await withSites(one.database, ["a.example"]);
    if (site === undefined) throw new Error("site 2 is missing");
    const first = await addExemption(one.database, context(), path);
    const again = await addExemption(one.database, context(), { ...path, value: "/a", description: "other" });
    expect(again).toEqual({ result: first.result, revision: 3, changed: false });
    for (const change of [{ kind: "exact" as const }, { sites: [site] }, { expires: now + hour }, { value: "/b" }]) {
      expect((await addExemption(one.database, context(), { ...path, ...change })).changed).toBe(true);
    }
  });

  test("refuses what has expired, what is broken, and a site that is gone", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    await removeSite(one.database, context(), { site: "2", consent: "ask" });
    const revision = await revisionOf(one.database);
    const refused = (change: Partial<ExemptionRequest>) =>
      refusalOf(addExemption(one.database, context(), { ...path, ...change }));
    expect(await refused({ expires: now })).toBe(
      "refused: the exemption would have expired already: 2026-11-20T09:00:00Z is past",
    );
    expect(await refused({ sites })).toBe("refused: site 2 (a.example) was removed a moment ago");
    for (const change of [
      { kind: "pattern", value: "" },
      { kind: "pattern", value: "^(" },
      { kind: "network", value: "10.0.0.0/33" },
      { kind: "path", value: "//a" },
      { kind: "path", value: "/" },
    ] as const)
      expect(await refused(change)).toStartWith("refused: ");
    expect(await revisionOf(one.database)).toBe(revision);
  });
});

describe("removing an exemption", () => {
  test("is audited", async () => {
    await using one = await testDatabase();
    const [before] = (await addExemption(one.database, context(), path)).result;
    const done = await removeExemption(one.database, context({ reason: "over" }), 1);
    expect(done).toMatchObject({ result: before, revision: 3, changed: true });
    expect(await auditOf(one.database, done)).toMatchObject([
      { action: "exemption.remove", siteId: null, before, after: null, reason: "over" },
    ]);
    expect(await selectExemptions(one.database.orm)).toEqual([]);
    expect(await refusalOf(removeExemption(one.database, context(), 1))).toBe(
      'refused: no exemption 1; "lull exempt list" shows those that there are',
    );
  });
});
