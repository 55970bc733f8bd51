import { describe, expect, test } from "bun:test";
import { findSite } from "../../src/gate/decide.ts";
import type { SiteRecord } from "../../src/gate/snapshot.ts";
import type { RawVisit } from "../../src/gate/visit.ts";
import { record, site, snapshotOf, visit } from "./builders.ts";

function find(sites: readonly SiteRecord[], change: Partial<RawVisit>): number | null {
  return findSite(snapshotOf({ sites, policy: { unknownHost: "open" } }), visit(change))?.site.id ?? null;
}

describe("findSite", () => {
  const sites = [
    record({ site: site(1, "example.com", ["www.example.com"]) }),
    record({ site: site(2, "*.example.com") }),
    record({ site: site(3, "*.shop.example.com") }),
    record({ site: site(4, "xn--caf-dma.example") }),
    record({ site: site(5, "[::1]") }),
  ];
  const star = record({ site: site(9, "*") });

  test.each<[string, Partial<RawVisit>, number | null, number | null]>([
    ["the exact name", { host: "Example.com:443" }, 1, 1],
    ["an alias, before a wildcard", { host: "www.example.com" }, 1, 1],
    ["a wildcard", { host: "a.example.com" }, 2, 2],
    ["a wildcard covers several labels", { host: "a.b.example.com" }, 2, 2],
    ["the longest wildcard wins", { host: "a.b.shop.example.com" }, 3, 3],
    ["a wildcard is not its own domain", { host: "shop.example.com" }, 2, 2],
    ["a wildcard begins at a dot", { host: "aexample.com" }, null, 9],
    ["punycode", { host: "caf\xc3\xa9.example" }, 4, 4],
    ["an IPv6 literal", { host: "[0::1]:80" }, 5, 5],
    ["nobody's name", { host: "other.example" }, null, 9],
    ["a number, whatever the host", { host: "example.com", site: "2" }, 2, 2],
    ["a number, with a host that cannot be read", { host: "a, b", site: "2" }, 2, 2],
    ["a number that is nobody's, whatever the host", { host: "example.com", site: "77" }, null, null],
    ["a number that cannot be read, whatever the host", { host: "example.com", site: "x" }, null, null],
    ["a host that cannot be read", { host: "a, b" }, null, null],
  ])("%s", (_sentence, change, without, withStar) => {
    expect([find(sites, change), find([...sites, star], change)]).toEqual([without, withStar]);
  });
});
