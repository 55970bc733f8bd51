import { describe, expect, test } from "bun:test";
import { addExemption } from "../../src/actions/exemptions.ts";
import { beginHold } from "../../src/actions/hold.ts";
import { addPeriod, disablePeriod } from "../../src/actions/periods.ts";
import { addAlias, addSite, removeAlias, removeSite, setSite } from "../../src/actions/sites.ts";
import { readSites } from "../../src/store/sites.ts";
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

const whole = { domain: "a.example", name: "", message: "", redirectUrl: "", origins: [] };

async function withA() {
  const one = await testDatabase();
  await withSites(one.database, ["a.example"]);
  return one;
}

describe("adding a site", () => {
  test("gives it the next number and its domain in canonical form, and is audited", async () => {
    await using one = await testDatabase();
    const done = await addSite(one.database, context({ reason: "new" }), {
      domain: "Bücher.Example.",
      name: "Shop",
      message: "Soon",
      redirectUrl: "HTTPS://Status.Example/down?from=shop",
      origins: ["HTTPS://App.example:443/", "http://localhost:3000"],
    });
    const site = {
      id: 2,
      domain: "xn--bcher-kva.example",
      name: "Shop",
      message: "Soon",
      aliases: [],
      redirectUrl: "https://status.example/down?from=shop",
      origins: ["https://app.example", "http://localhost:3000"],
    };
    expect(done).toEqual({ result: site, revision: 2, changed: true });
    expect(await auditOf(one.database, done)).toEqual([
      {
        revision: 2,
        at: now,
        actor: "ada@desk",
        action: "site.add",
        siteId: 2,
        before: null,
        after: site,
        reason: "new",
      },
    ]);
  });

  test("never gives the number of a removed site again", async () => {
    await using one = await withA();
    await removeSite(one.database, context(), { site: "2", consent: "ask" });
    expect((await addSite(one.database, context(), whole)).result.id).toBe(3);
  });

  test.each([
    ["a domain that is taken", "A.example", "a.example belongs to site 2 (a.example) already"],
    ["an alias that is taken", "b.example", "b.example belongs to site 2 (a.example) already"],
    ["the * that is taken", "*", "* belongs to site 1 (*) already"],
  ])("refuses %s", async (_sentence, domain, words) => {
    await using one = await withA();
    await addAlias(one.database, context(), { site: "2", host: "b.example" });
    expect(await refusalOf(addSite(one.database, context(), { ...whole, domain }))).toBe(`refused: ${words}`);
    expect(await revisionOf(one.database)).toBe(3);
  });

  test("refuses what is no domain", async () => {
    await using one = await testDatabase();
    expect(await refusalOf(addSite(one.database, context(), { ...whole, domain: "a b" }))).toStartWith("refused: ");
  });
});

describe("setting a site", () => {
  test("changes what is given and leaves the rest", async () => {
    await using one = await withA();
    const done = await setSite(one.database, context(), { site: "a.example", message: "Soon", consent: "ask" });
    const before = { id: 2, ...whole, aliases: [] };
    expect(done.result).toEqual({ ...before, message: "Soon" });
    expect(
      (await auditOf(one.database, done)).map(({ action, siteId, before, after }) => ({
        action,
        siteId,
        before,
        after,
      })),
    ).toEqual([{ action: "site.set", siteId: 2, before, after: { ...before, message: "Soon" } }]);
    expect((await readSites(one.database.orm))[1]).toEqual({ ...before, message: "Soon" });
  });

  test("to what it is changes nothing", async () => {
    await using one = await withA();
    const done = await setSite(one.database, context(), { site: "2", domain: "A.EXAMPLE", name: "", consent: "ask" });
    expect(done).toMatchObject({ revision: 2, changed: false });
  });

  test.each([
    ["a domain that is taken", "2", "*", "* belongs to site 1 (*) already"],
    ["a site that is nobody's", "3", "c.example", 'no site 3; "lull site list" shows those that there are'],
    [
      "taking * away",
      "1",
      "c.example",
      "site 1 (*) answers for every host that is nobody else's, and that would end; the setting unknown_host then decides. Add --force to do it",
    ],
  ])("refuses %s", async (_sentence, site, domain, words) => {
    await using one = await withA();
    expect(await refusalOf(setSite(one.database, context(), { site, domain, consent: "ask" }))).toBe(
      `refused: ${words}`,
    );
    expect(await revisionOf(one.database)).toBe(2);
  });

  test("takes * away when it is forced to, and may change the rest of that site without", async () => {
    await using one = await withA();
    expect((await setSite(one.database, context(), { site: "*", name: "Main", consent: "ask" })).changed).toBe(true);
    const done = await setSite(one.database, context(), { site: "*", domain: "c.example", consent: "force" });
    expect(done.result.domain).toBe("c.example");
  });
});

describe("an alias", () => {
  test("is added once and removed, and both are audited", async () => {
    await using one = await withA();
    const added = await addAlias(one.database, context(), { site: "2", host: "*.A.example" });
    const before = { id: 2, ...whole, aliases: [] };
    const after = { ...before, aliases: ["*.a.example"] };
    expect(added).toEqual({ result: after, revision: 3, changed: true });
    expect(await addAlias(one.database, context(), { site: "2", host: "*.a.example" })).toMatchObject({
      changed: false,
    });
    const removed = await removeAlias(one.database, context(), { site: "2", host: "*.a.example", consent: "ask" });
    expect(removed).toEqual({ result: before, revision: 4, changed: true });
    const audited = [...(await auditOf(one.database, added)), ...(await auditOf(one.database, removed))];
    expect(audited.map(({ action, siteId, before, after }) => ({ action, siteId, before, after }))).toEqual([
      { action: "site.alias.add", siteId: 2, before, after },
      { action: "site.alias.remove", siteId: 2, before: after, after: before },
    ]);
    expect((await readSites(one.database.orm))[1]).toEqual(before);
  });

  test("is refused when it is somebody's, or the site's own domain", async () => {
    await using one = await withA();
    expect(await refusalOf(addAlias(one.database, context(), { site: "1", host: "a.example" }))).toBe(
      "refused: a.example belongs to site 2 (a.example) already",
    );
    expect(await refusalOf(addAlias(one.database, context(), { site: "2", host: "a.example" }))).toBe(
      "refused: a.example belongs to site 2 (a.example) already",
    );
  });

  test("that is not there cannot be removed", async () => {
    await using one = await withA();
    const remove = () => removeAlias(one.database, context(), { site: "2", host: "b.example", consent: "force" });
    expect(await refusalOf(remove())).toBe("refused: site 2 (a.example) has no alias b.example; it has none");
    await addAlias(one.database, context(), { site: "2", host: "c.example" });
    await addAlias(one.database, context(), { site: "2", host: "d.example" });
    expect(await refusalOf(remove())).toBe(
      "refused: site 2 (a.example) has no alias b.example; it has c.example, d.example",
    );
  });

  test("* is taken away only by force", async () => {
    await using one = await withA();
    await setSite(one.database, context(), { site: "1", domain: "c.example", consent: "force" });
    await addAlias(one.database, context(), { site: "2", host: "*" });
    const remove = { site: "2", host: "*" };
    expect(await refusalOf(removeAlias(one.database, context(), { ...remove, consent: "ask" }))).toBe(
      "refused: site 2 (a.example) answers for every host that is nobody else's, and that would end; the setting unknown_host then decides. Add --force to do it",
    );
    expect(await refusalOf(removeSite(one.database, context(), { site: "2", consent: "ask" }))).toStartWith(
      "refused: site 2 (a.example) answers for every host",
    );
    expect((await removeAlias(one.database, context(), { ...remove, consent: "force" })).changed).toBe(true);
  });
});

describe("removing a site", () => {
  const closed = (name: string) =>
    `refused: site 2 (a.example) is closed by "${name}", and removing it would open it or hand its visitors to another site; open it first, or add --force`;

  test("takes its aliases, periods and exemptions with it, and the audit keeps them", async () => {
    await using one = await withA();
    const { database } = one;
    const [, site] = await readSites(database.orm);
    if (site === undefined) throw new Error("site 2 is missing");
    await addAlias(database, context(), { site: "2", host: "b.example" });
    const planned = { name: "tomorrow", start: now + hour, end: null, mode: "full", message: "" } as const;
    const [period] = (await addPeriod(database, context(), { ...planned, sites: [site] })).result;
    const path = { kind: "path", value: "/a", description: "", expires: null } as const;
    const [exemption] = (await addExemption(database, context(), { ...path, sites: [site] })).result;
    await addPeriod(database, context(), { ...planned, sites: null });
    await addExemption(database, context(), { ...path, sites: null });
    const done = await removeSite(database, context(), { site: "b.example", consent: "ask" });
    const rows = { periods: [period], recurrences: [], exemptions: [exemption], readonlyRules: [], bypasses: [] };
    const before = { ...site, aliases: ["b.example"], ...rows };
    expect(
      (await auditOf(database, done)).map(({ action, siteId, before, after }) => ({ action, siteId, before, after })),
    ).toEqual([{ action: "site.remove", siteId: 2, before, after: null }]);
    for (const table of ["period", "exemption"])
      expect(await columnOf(database, `SELECT site_id FROM ${table}`)).toEqual([null]);
    expect(await columnOf(database, "SELECT host FROM site_alias")).toEqual([]);
  });

  test("that is closed is refused, also by a period on all sites; a period that does not run does not matter", async () => {
    await using one = await withA();
    const { database } = one;
    const hold = { end: null, mode: "readonly", whenShorter: "keep" } as const;
    const remove = () => removeSite(database, context(), { site: "2", consent: "ask" });
    const [, site] = await readSites(database.orm);
    if (site === undefined) throw new Error("site 2 is missing");
    const own = await beginHold(database, context(), { ...hold, sites: [site], name: "own" });
    expect(await refusalOf(remove())).toBe(closed("own"));
    await disablePeriod(database, context(), own.result[0]?.period.id ?? 0);
    const all = await beginHold(database, context(), { ...hold, sites: null, name: "all" });
    expect(await refusalOf(remove())).toBe(closed("all"));
    await disablePeriod(database, context(), all.result[0]?.period.id ?? 0);
    expect((await remove()).changed).toBe(true);
  });

  test("that is closed or * is done by force", async () => {
    await using one = await withA();
    const hold = { end: null, mode: "full", whenShorter: "keep", name: "n" } as const;
    await beginHold(one.database, context(), { ...hold, sites: null });
    for (const site of ["1", "2"]) {
      expect((await removeSite(one.database, context(), { site, consent: "force" })).changed).toBe(true);
    }
    expect(await readSites(one.database.orm)).toEqual([]);
  });
});
