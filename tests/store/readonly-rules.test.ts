import { expect, test } from "bun:test";
import { addReadonlyRules, removeReadonlyRule } from "../../src/actions/readonly-rules.ts";
import type { Site } from "../../src/gate/site.ts";
import { windowAround } from "../../src/gate/unroll-window.ts";
import type { Database } from "../../src/store/database.ts";
import { readRecords } from "../../src/store/snapshot.ts";
import { createUnroller } from "../../src/store/unroller.ts";
import { context, now, testDatabase, withSites } from "./store-fixture.ts";

async function add(database: Database, sites: readonly Site[] | null, text: string): Promise<number> {
  return (await addReadonlyRules(database, context(), { sites, rules: [{ effect: "safe", text }] })).revision;
}

/** The paths of the rules in what has changed after a revision: of each site that has, and of all sites. */
async function changedAfter(database: Database, revision: number) {
  const request = { window: windowAround(now), unroller: createUnroller(), changedAfter: revision };
  const { sites, everywhere } = await readRecords(database, request);
  const pathsOf = ({ readonlyRules }: typeof everywhere) => readonlyRules.map(({ path }) => path);
  return {
    sites: Object.fromEntries(sites.map((record) => [record.site.id, pathsOf(record)])),
    everywhere: pathsOf(everywhere),
  };
}

test("a rule on one site reaches those who read only what has changed, and no other site comes along", async () => {
  await using one = await testDatabase();
  const [first, second] = await withSites(one.database, ["a.example"]);
  if (first === undefined || second === undefined) throw new Error("a site is missing");
  const before = await add(one.database, [first], "POST /first");
  const after = await add(one.database, [second], "POST /second");
  expect(await changedAfter(one.database, before)).toEqual({ sites: { 2: ["/second"] }, everywhere: [] });
  const everywhere = await add(one.database, null, "POST /all");
  expect(await changedAfter(one.database, after)).toEqual({ sites: {}, everywhere: ["/all"] });
  await removeReadonlyRule(one.database, context(), 2);
  expect(await changedAfter(one.database, everywhere)).toEqual({ sites: { 2: [] }, everywhere: ["/all"] });
});
