import { describe, expect, test } from "bun:test";
import { addReadonlyRules, type ReadonlyRulesRequest, removeReadonlyRule } from "../../src/actions/readonly-rules.ts";
import { removeSite } from "../../src/actions/sites.ts";
import { selectReadonlyRules } from "../../src/store/readonly-rules.ts";
import { auditOf, context, refusalOf, revisionOf, testDatabase, withSites } from "../store/store-fixture.ts";

const search: ReadonlyRulesRequest = { sites: null, rules: [{ effect: "safe", text: "POST /search/" }] };
const logout: ReadonlyRulesRequest = { sites: null, rules: [{ effect: "unsafe", text: "get /logout" }] };
const both: ReadonlyRulesRequest = { sites: null, rules: [...search.rules, ...logout.rules] };

const searchRow = { effect: "safe", method: "POST", path: "/search" } as const;
const logoutRow = { effect: "unsafe", method: "GET", path: "/logout" } as const;

describe("adding rules of read-only sites", () => {
  test("keeps each in canonical form, once for each site", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    const done = await addReadonlyRules(one.database, context(), { ...both, sites: [...sites, ...sites] });
    const rows = [
      { id: 1, siteId: 1, ...searchRow },
      { id: 2, siteId: 1, ...logoutRow },
      { id: 3, siteId: 2, ...searchRow },
      { id: 4, siteId: 2, ...logoutRow },
    ];
    expect(done).toEqual({ result: rows.map((rule) => ({ kind: "added", rule })), revision: 3, changed: true });
    expect(await selectReadonlyRules(one.database.orm)).toEqual(rows);
    const audited = (await auditOf(one.database, done)).map(({ action, siteId, before, after }) => ({
      ...{ action, siteId, before, after },
    }));
    expect(audited).toEqual(
      rows.map((after) => ({ action: "readonly.add", siteId: after.siteId, before: null, after })),
    );
  });

  test("that are there already, or are given twice, changes nothing; another site, method or path is another", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    const first = await addReadonlyRules(one.database, context(), search);
    const rule = { id: 1, siteId: null, ...searchRow };
    expect(await addReadonlyRules(one.database, context(), search)).toEqual({
      result: [{ kind: "already", rule }],
      revision: first.revision,
      changed: false,
    });
    const twice = { sites: null, rules: [...search.rules, ...logout.rules, ...logout.rules] };
    const { result } = await addReadonlyRules(one.database, context(), twice);
    expect(result.map(({ kind, rule: { id } }) => `${kind} ${id}`)).toEqual(["already 1", "added 2", "already 2"]);
    const added = async (request: Partial<ReadonlyRulesRequest>) =>
      (await addReadonlyRules(one.database, context(), { ...search, ...request })).changed;
    expect(await added({ sites: sites.slice(1) })).toBe(true);
    expect(await added({ rules: [{ effect: "safe", text: "PUT /search" }] })).toBe(true);
    expect(await added({ rules: [{ effect: "safe", text: "POST /search/x" }] })).toBe(true);
  });

  test("refuses what contradicts a rule of the same site, and leaves that of another alone", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    const own = sites.slice(1);
    await addReadonlyRules(one.database, context(), search);
    await addReadonlyRules(one.database, context(), { ...search, sites: own });
    const revision = await revisionOf(one.database);
    const unsafe = [...logout.rules, { effect: "unsafe", text: "POST /search" } as const];
    expect(await refusalOf(addReadonlyRules(one.database, context(), { sites: null, rules: unsafe }))).toBe(
      'refused: "POST /search" is safe on all sites by rule 1, and cannot be unsafe too; "lull readonly remove 1" takes that away',
    );
    expect(await refusalOf(addReadonlyRules(one.database, context(), { sites: own, rules: unsafe }))).toBe(
      'refused: "POST /search" is safe on site 2 by rule 2, and cannot be unsafe too; "lull readonly remove 2" takes that away',
    );
    // All of a request, or none.
    expect(await selectReadonlyRules(one.database.orm)).toHaveLength(2);
    expect(await revisionOf(one.database)).toBe(revision);
    const elsewhere = { sites: sites.slice(0, 1), rules: unsafe };
    expect((await addReadonlyRules(one.database, context(), elsewhere)).changed).toBe(true);
  });

  test.each<[string, ReadonlyRulesRequest["rules"], string]>([
    [
      "a rule both ways at once",
      [...search.rules, { effect: "unsafe", text: "post /search" }],
      'refused: "POST /search" cannot be safe and unsafe at once; give it one way',
    ],
    ["what is no rule", [{ effect: "safe", text: "/search" }], 'usage: "/search" is not a method and a path'],
    ["what changes nothing", [{ effect: "safe", text: "GET /x" }], 'refused: "GET /x" is safe unless'],
    ["an ambiguous path", [{ effect: "unsafe", text: "GET //x" }], 'refused: the path "//x" can be read'],
  ])("refuses %s", async (_sentence, rules, message) => {
    await using one = await testDatabase();
    expect(await refusalOf(addReadonlyRules(one.database, context(), { sites: null, rules }))).toStartWith(message);
    expect(await revisionOf(one.database)).toBe(1);
  });

  test("refuses a site that is gone", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    await removeSite(one.database, context(), { site: "2", consent: "ask" });
    expect(await refusalOf(addReadonlyRules(one.database, context(), { ...search, sites }))).toBe(
      "refused: site 2 (a.example) was removed a moment ago",
    );
  });
});

describe("removing a rule", () => {
  test("is audited", async () => {
    await using one = await testDatabase();
    await addReadonlyRules(one.database, context(), both);
    const done = await removeReadonlyRule(one.database, context({ reason: "over" }), 2);
    const before = { id: 2, siteId: null, ...logoutRow };
    expect(done).toEqual({ result: before, revision: 3, changed: true });
    expect(await auditOf(one.database, done)).toMatchObject([
      { action: "readonly.remove", siteId: null, before, after: null, reason: "over" },
    ]);
    expect(await selectReadonlyRules(one.database.orm)).toMatchObject([{ id: 1 }]);
    expect(await refusalOf(removeReadonlyRule(one.database, context(), 2))).toBe(
      'refused: no read-only rule 2; "lull readonly list" shows those that there are',
    );
  });

  test("goes with its site, too", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    await addReadonlyRules(one.database, context(), { ...search, sites });
    await removeSite(one.database, context(), { site: "2", consent: "ask" });
    expect(await selectReadonlyRules(one.database.orm)).toMatchObject([{ siteId: 1 }]);
  });
});
