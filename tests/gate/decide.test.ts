import { describe, expect, test } from "bun:test";
import { decide, findSite } from "../../src/gate/decide.ts";
import type { Exemption } from "../../src/gate/exemption.ts";
import type { Period } from "../../src/gate/period.ts";
import { buildSnapshot, type SiteRecord, type Snapshot, type UnknownHost } from "../../src/gate/snapshot.ts";
import type { RawVisit } from "../../src/gate/visit.ts";
import { exempt, hour, now, period, record, site, visit } from "./builders.ts";

interface Given {
  readonly sites?: readonly SiteRecord[];
  readonly periods?: readonly Period[];
  readonly exemptions?: readonly Exemption[];
  readonly unknownHost?: UnknownHost;
  readonly defaultSite?: number;
}

function snapshot({
  sites = [record()],
  periods = [],
  exemptions = [],
  unknownHost = "default-site",
  defaultSite = 1,
}: Given): Snapshot {
  return buildSnapshot({
    revision: 1,
    sites,
    everywhere: { periods, exemptions },
    policy: { unknownHost, defaultSite },
  });
}

/** `closed period 1` and so on: what is decided, why, and for which site. */
function verdict(given: Given, change: Partial<RawVisit> = {}): string {
  const decided = decide(snapshot(given), visit(change), now);
  return `${decided.kind} ${decided.why} ${decided.site?.id ?? "-"}`;
}

const full = period();
const readonly = period({ id: 2, mode: "readonly" });
const everywhere = period({ id: 3, siteId: null });
const everywhereReadonly = period({ id: 4, siteId: null, mode: "readonly" });

describe("findSite", () => {
  const sites = [
    record({ site: site(1, "example.com", ["www.example.com"]) }),
    record({ site: site(2, "*.example.com") }),
    record({ site: site(3, "*.shop.example.com") }),
    record({ site: site(4, "café.example") }),
    record({ site: site(5, "[::1]") }),
  ].map((one) => (one.site.id === 4 ? { ...one, site: { ...one.site, domain: "xn--caf-dma.example" } } : one));
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
    const find = (all: readonly SiteRecord[]) =>
      findSite(snapshot({ sites: all, unknownHost: "open" }), visit(change))?.site.id ?? null;
    expect([find(sites), find([...sites, star])]).toEqual([without, withStar]);
  });
});

describe("decide", () => {
  const closed = [record({ periods: [full] })];
  const named = record({ site: site(1, "example.com"), periods: [full], exemptions: [exempt("path", "/own")] });
  const open = record({ site: site(2, "two.example") });

  test.each<[string, Given, Partial<RawVisit>, string]>([
    ["no period: open", {}, {}, "open no-period 1"],
    ["a running one: closed", { sites: closed }, {}, "closed period 1"],
    ["one on all sites: closed", { periods: [everywhere] }, {}, "closed period 1"],
    [
      "a read-only one lets GET through",
      { sites: [record({ periods: [readonly] })] },
      {},
      "open readonly-safe-method 1",
    ],
    ["and HEAD", { sites: [record({ periods: [readonly] })] }, { method: "HEAD" }, "open readonly-safe-method 1"],
    ["and OPTIONS", { sites: [record({ periods: [readonly] })] }, { method: "OPTIONS" }, "open readonly-safe-method 1"],
    ["but not POST", { sites: [record({ periods: [readonly] })] }, { method: "POST" }, "closed period 1"],
    [
      "nor get, which is another method",
      { sites: [record({ periods: [readonly] })] },
      { method: "get" },
      "closed period 1",
    ],
    [
      "a full one beside it holds GET",
      { sites: [record({ periods: [readonly] })], periods: [everywhere] },
      {},
      "closed period 1",
    ],
    ["an exemption of the site passes", { sites: [named] }, { target: "/own" }, "open exempt-path 1"],
    [
      "one for all sites passes",
      { sites: closed, exemptions: [exempt("exact", "/a")] },
      { target: "/a" },
      "open exempt-exact 1",
    ],
    [
      "one of another site does not",
      { sites: [named, open], periods: [everywhere] },
      { host: "two.example", target: "/own" },
      "closed period 2",
    ],
    [
      "a pattern passes",
      { sites: closed, exemptions: [exempt("pattern", "^a")] },
      { target: "/a" },
      "open exempt-pattern 1",
    ],
    [
      "a network passes",
      { sites: closed, exemptions: [exempt("network", "203.0.113.0/24")] },
      {},
      "open exempt-network 1",
    ],
    [
      "an exemption passes POST in a read-only period",
      { periods: [everywhereReadonly], exemptions: [exempt("path", "/a")] },
      { target: "/a", method: "POST" },
      "open exempt-path 1",
    ],

    ["no target: held while closed", { sites: [named] }, { target: null }, "closed unreadable-visit 1"],
    [
      "no method: held, exempt or not",
      { sites: [named] },
      { target: "/own", method: null },
      "closed unreadable-visit 1",
    ],
    [
      "no method: held by a read-only period as well",
      { periods: [everywhereReadonly] },
      { method: null },
      "closed unreadable-visit 1",
    ],
    [
      "no target on an open site: open",
      { sites: [named, open] },
      { host: "two.example", target: null },
      "open no-period 2",
    ],
    [
      "no host: held if any site is closed",
      { sites: [named, open] },
      { host: null, target: "/own" },
      "closed unreadable-visit -",
    ],
    ["no host: held if all sites are closed", { periods: [everywhere] }, { host: "a,b" }, "closed unreadable-visit -"],
    [
      "no host: held if any site is read-only",
      { sites: [open, record({ periods: [readonly] })] },
      { host: "a,b" },
      "closed unreadable-visit -",
    ],
    ["no host, nothing closed: open", { sites: [open] }, { host: null }, "open no-period -"],
    [
      "no host, strangers refused: held",
      { sites: [open], unknownHost: "closed" },
      { host: null },
      "closed unreadable-visit -",
    ],
    ["no host but a number: that site", { sites: [named, open] }, { host: null, site: "2" }, "open no-period 2"],
    [
      "a number that cannot be read: held if any site is closed",
      { sites: [named, open] },
      { host: "two.example", site: "x" },
      "closed unreadable-visit -",
    ],

    [
      "unknown host, default site closed: closed",
      { sites: [named, open] },
      { host: "else.example" },
      "closed period 1",
    ],
    [
      "unknown host, default site open: open",
      { sites: [named, open], defaultSite: 2 },
      { host: "else.example" },
      "open no-period 2",
    ],
    [
      "unknown host, no default site: open",
      { sites: [named], defaultSite: 7 },
      { host: "else.example" },
      "open unknown-host -",
    ],
    [
      "unless all sites are closed",
      { sites: [named], defaultSite: 7, periods: [everywhere] },
      { host: "else.example" },
      "closed period -",
    ],
    [
      "unknown host, let through: open",
      { sites: [named], unknownHost: "open" },
      { host: "else.example" },
      "open unknown-host -",
    ],
    [
      "unless all sites are closed, too",
      { sites: [named], unknownHost: "open", periods: [everywhere] },
      { host: "else.example" },
      "closed period -",
    ],
    [
      "or read-only",
      { sites: [named], unknownHost: "open", periods: [everywhereReadonly] },
      { host: "else.example", method: "PUT" },
      "closed period -",
    ],
    [
      "which GET passes",
      { sites: [named], unknownHost: "open", periods: [everywhereReadonly] },
      { host: "else.example" },
      "open readonly-safe-method -",
    ],
    [
      "unknown host, refused: held",
      { sites: [open], unknownHost: "closed" },
      { host: "else.example" },
      "closed unknown-host -",
    ],
    [
      "but for what is exempt on all sites",
      { sites: [named], unknownHost: "closed", exemptions: [exempt("path", "/a")] },
      { host: "else.example", target: "/a" },
      "open exempt-path -",
    ],
    [
      "not on one",
      { sites: [named], unknownHost: "closed" },
      { host: "else.example", target: "/own" },
      "closed unknown-host -",
    ],
    [
      "refused also in a read-only period",
      { unknownHost: "closed", sites: [open], periods: [everywhereReadonly] },
      { host: "else.example" },
      "closed unknown-host -",
    ],
    [
      "by the period, when all sites are closed",
      { unknownHost: "closed", sites: [open], periods: [everywhere] },
      { host: "else.example" },
      "closed period -",
    ],
    [
      "unreadable and refused: held",
      { unknownHost: "closed", sites: [open], exemptions: [exempt("path", "/a")] },
      { host: "else.example", target: "/a", method: null },
      "closed unreadable-visit -",
    ],
    [
      "a number that is nobody's is an unknown host",
      { sites: [named, open], defaultSite: 2 },
      { site: "77" },
      "open no-period 2",
    ],
    [
      "and refused like one",
      { sites: [named, record({ site: site(9, "*") })], unknownHost: "closed" },
      { site: "77" },
      "closed unknown-host -",
    ],
  ])("%s", (_sentence, given, change, expected) => {
    expect(verdict(given, change)).toBe(expected);
  });

  test("names the exemption that let a visit pass", () => {
    const decided = decide(snapshot({ sites: [named] }), visit({ target: "/own/x" }), now);
    expect(decided).toMatchObject({ kind: "open", exemption: "/own" });
  });
});

describe("the expected opening", () => {
  const at = (id: number, start: number, end: number | null, change: Partial<Period> = {}) =>
    period({ id, start: now + start * hour, end: end === null ? null : now + end * hour, ...change });

  test.each<[string, readonly Period[], Partial<RawVisit>, number, readonly number[], number | null]>([
    ["one period: its end", [at(1, -1, 1)], {}, 1, [1], 1],
    ["without an end: unknown", [at(1, -1, null)], {}, 1, [1], null],
    ["of two the one that ends last closes", [at(1, -1, 1), at(2, -2, 2)], {}, 2, [2, 1], 2],
    ["an unknown end is the last", [at(1, -1, 1), at(2, -2, null)], {}, 2, [2, 1], null],
    ["the lower number at the same end", [at(2, -1, 1), at(1, -1, 1)], {}, 1, [1, 2], 1],
    ["overlapping ones are followed", [at(1, -1, 1), at(2, 0.5, 3)], {}, 1, [1, 2], 3],
    ["adjoining ones are followed", [at(1, -1, 1), at(2, 1, 3)], {}, 1, [1, 2], 3],
    ["not over a gap", [at(1, -1, 1), at(2, 1.1, 3)], {}, 1, [1], 1],
    ["into one without an end: unknown", [at(1, -1, 1), at(2, 1, null)], {}, 1, [1, 2], null],
    ["a period of all sites is followed, too", [at(1, -1, 1), at(2, 1, 3, { siteId: null })], {}, 1, [1, 2], 3],
    ["disabled ones are not", [at(1, -1, 1), at(2, 1, 3, { enabled: false })], {}, 1, [1], 1],
    ["a read-only one does not hold GET", [at(1, -1, 1), at(2, 1, 3, { mode: "readonly" })], {}, 1, [1], 1],
    ["but holds POST", [at(1, -1, 1), at(2, 1, 3, { mode: "readonly" })], { method: "POST" }, 1, [1, 2], 3],
    [
      "a read-only one that ends last does not close for GET",
      [at(1, -1, 1), at(2, -1, 3, { mode: "readonly" })],
      {},
      1,
      [1],
      1,
    ],
    ["and closes for POST", [at(1, -1, 1), at(2, -1, 3, { mode: "readonly" })], { method: "POST" }, 2, [1, 2], 3],
    ["without a host the chain ends with the period", [at(1, -1, 1), at(2, 1, 3)], { host: null }, 1, [1], 1],
  ])("%s", (_sentence, periods, change, closing, chain, opensInHours) => {
    const own = periods.filter(({ siteId }) => siteId !== null);
    const all = periods.filter(({ siteId }) => siteId === null);
    const decided = decide(snapshot({ sites: [record({ periods: own })], periods: all }), visit(change), now);
    if (decided.kind === "open") throw new Error("open");
    expect(decided.period?.id).toBe(closing);
    expect(decided.chain.map(({ id }) => id)).toEqual([...chain]);
    expect(decided.opensAt).toBe(opensInHours === null ? null : now + opensInHours * hour);
  });
});
