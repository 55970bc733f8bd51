import { describe, expect, test } from "bun:test";
import { decide } from "../../src/gate/decide.ts";
import type { Exemption } from "../../src/gate/exemption.ts";
import type { Period } from "../../src/gate/period.ts";
import type { SiteRecord, UnknownHost } from "../../src/gate/snapshot.ts";
import type { RawVisit } from "../../src/gate/visit.ts";
import { exempt, now, period, record, site, snapshotOf, visit } from "./builders.ts";

interface Given {
  readonly sites?: readonly SiteRecord[];
  readonly periods?: readonly Period[];
  readonly exemptions?: readonly Exemption[];
  readonly unknownHost?: UnknownHost;
  readonly defaultSite?: number;
}

/** `closed period 1` and so on: what is decided, why, and for which site. */
function verdict(given: Given, change: Partial<RawVisit> = {}): string {
  const { sites = [record()], periods = [], exemptions = [], ...policy } = given;
  const decided = decide(snapshotOf({ sites, everywhere: { periods, exemptions }, policy }), visit(change), now);
  return `${decided.kind} ${decided.why} ${decided.site?.id ?? "-"}`;
}

const full = period();
const readonly = period({ id: 2, mode: "readonly" });
const everywhere = period({ id: 3, siteId: null });
const everywhereReadonly = period({ id: 4, siteId: null, mode: "readonly" });

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
      "no target: held when read-only",
      { periods: [everywhereReadonly] },
      { target: null },
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
    const decided = decide(snapshotOf({ sites: [named] }), visit({ target: "/own/x" }), now);
    expect(decided).toMatchObject({ kind: "open", exemption: "/own" });
  });
});
