import { describe, expect, test } from "bun:test";
import {
  describeUnknown,
  findSites,
  requirePresent,
  requireSite,
  requireSites,
  siteLabel,
} from "../../src/actions/find-sites.ts";
import type { Site } from "../../src/gate/site.ts";
import { refusalOf, testDatabase, withSites } from "../store/store-fixture.ts";

const site = (id: number, domain: string, aliases: readonly string[] = []): Site => ({
  id,
  domain,
  aliases,
  name: "",
  message: "",
  redirectUrl: "",
  origins: [],
});
const sites = [site(1, "*"), site(2, "a.example", ["*.a.example", "café.example"]), site(7, "b.example")];

/** The whole message. */
function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "nothing was refused";
}

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
  const named = sites.slice(1);

  test.each([["8"], ["x.example"], ["suba.example"], ["abc"], ["*.b.example"], ["-1"], ["1.0"], ["no host"]])(
    "%s",
    (name) => {
      expect(refusal(() => requireSite(named, name))).toBe(
        `no site ${name}; "lull site list" shows those that there are`,
      );
      expect(describeUnknown(named, name)).toBe(`no site ${name}`);
    },
  );

  test("all of them at once", () => {
    expect(refusal(() => requireSites(named, ["2", "8", "x.example"]))).toBe(
      'no site 8, x.example; "lull site list" shows those that there are',
    );
    expect(requireSites(sites, ["7", "1"]).map(siteLabel)).toEqual(["7 (b.example)", "1 (*)"]);
  });

  const wide = [
    site(1, "*"),
    site(2, "shop.example.org"),
    site(3, "*.example.org"),
    site(4, "*.blog.example.org"),
    site(5, "c.example", ["*.c.example"]),
  ];

  test.each([
    ["a wildcard", "news.example.org", "3 (*.example.org)"],
    ["a wildcard, whatever case and port", "News.Example.org:443", "3 (*.example.org)"],
    ["a wildcard for a wildcard below it", "*.news.example.org", "3 (*.example.org)"],
    ["the longest wildcard", "a.blog.example.org", "4 (*.blog.example.org)"],
    ["a wildcard above one that does not cover it", "blog.example.org", "3 (*.example.org)"],
    ["a wildcard below an exact domain", "a.shop.example.org", "3 (*.example.org)"],
    ["a wildcard that is an alias", "a.c.example", "5 (c.example)"],
    ["* in the end", "example.com", "1 (*)"],
    ["* for a name without a dot", "intranet", "1 (*)"],
    ["* for an address", "192.0.2.7", "1 (*)"],
  ])("with the site that answers for it: %s", (_sentence, name, answering) => {
    const words = `no site ${name}; site ${answering} answers for it`;
    expect(refusal(() => requireSite(wide, name))).toBe(words);
    expect(refusal(() => requireSites(wide, ["2", name]))).toBe(words);
    expect(describeUnknown(wide, name)).toBe(words);
  });

  test.each(["8", "1.0", "-1", "--json", "no host"])("nobody answers for %s", (name) => {
    expect(describeUnknown(wide, name)).toBe(`no site ${name}`);
  });

  test("those that are nobody's beside one that somebody answers for", () => {
    expect(refusal(() => requireSites(wide, ["9", "x.example.org", "8"]))).toBe(
      'no site x.example.org; site 3 (*.example.org) answers for it; no site 9, 8; "lull site list" shows those that there are',
    );
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
