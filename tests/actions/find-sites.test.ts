import { describe, expect, test } from "bun:test";
import { findSites, requirePresent, requireSite, requireSites, siteLabel } from "../../src/actions/find-sites.ts";
import type { Site } from "../../src/gate/site.ts";
import { refusalOf, testDatabase, withSites } from "../store/store-fixture.ts";

const site = (id: number, domain: string, aliases: readonly string[] = []): Site => ({
  id,
  domain,
  aliases,
  name: "",
  message: "",
});
const sites = [site(1, "*"), site(2, "a.example", ["*.a.example", "café.example"]), site(7, "b.example")];

describe("a site is found", () => {
  test.each([
    ["by number", "7", 7],
    ["by a number with zeros before it", "007", 7],
    ["by domain", "a.example", 2],
    ["by domain, whatever its case", "A.Example.", 2],
    ["by domain with a port", "a.example:8080", 2],
    ["by a wildcard alias", "*.A.example", 2],
    ["by *", "*", 1],
  ])("%s", (_sentence, name, id) => {
    expect(requireSite(sites, name).id).toBe(id);
  });

  test("in the order of the names, twice when it is named twice", () => {
    const { found, unknown } = findSites(sites, ["7", "x.example", "2", "9", "a.example"]);
    expect(found.map((each) => each.id)).toEqual([7, 2, 2]);
    expect(unknown).toEqual(["x.example", "9"]);
  });
});

describe("a site that is nobody's is refused:", () => {
  test.each([["8"], ["x.example"], ["sub.a.example"], ["abc"], ["*.b.example"], ["-1"], ["1.0"]])("%s", (name) => {
    expect(() => requireSite(sites, name)).toThrow(`no site ${name}; "lull site list" shows those that there are`);
  });

  test("all of them at once", () => {
    expect(() => requireSites(sites, ["1", "8", "x.example"])).toThrow(
      'no site 8, x.example; "lull site list" shows those that there are',
    );
    expect(requireSites(sites, ["7", "1"]).map(siteLabel)).toEqual(["7 (b.example)", "1 (*)"]);
  });

  test("also when it was removed between the choice and the change", async () => {
    await using one = await testDatabase();
    const present = await withSites(one.database, ["a.example"]);
    expect(await requirePresent(one.database.orm, [...present, ...present])).toEqual(new Set([1, 2]));
    expect(await requirePresent(one.database.orm, null)).toEqual(new Set([null]));
    expect(await refusalOf(requirePresent(one.database.orm, [...present, site(9, "gone.example")]))).toBe(
      "refused: site 9 (gone.example) was removed a moment ago",
    );
  });
});
