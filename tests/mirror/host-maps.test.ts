import { expect, test } from "bun:test";
import { foresee } from "../../src/mirror/held-site.ts";
import { hostsMap, statesMap, wildcardsMap } from "../../src/mirror/host-maps.ts";
import { now, period, record, site, snapshotOf } from "../gate/builders.ts";

const sites = [
  record({ site: site(1, "example.com", ["www.example.com"]) }),
  record({ site: site(2, "*.example.com", ["*.shop.example.com", "example.net"]) }),
];

const rest = (text: string) => text.split("\n").slice(1).join("\n");

test("hosts stand with the number of their site, in order, and all others last", () => {
  const text = hostsMap(snapshotOf({ sites, policy: { unknownHost: "default-site", defaultSite: 2 } }));
  expect(rest(text)).toBe("example.com 1\nexample.net 2\nwww.example.com 1\n* 2\n");
});

test.each([
  ["the site that is called *", { sites: [...sites, record({ site: site(3, "*") })] }, "3"],
  ["the default site", { sites, policy: { defaultSite: 1 } }, "1"],
  ["nobody's where the default site is none", { sites, policy: { defaultSite: 9 } }, "unknown"],
  ["nobody's where strangers are let in", { sites, policy: { unknownHost: "open" } }, "unknown"],
  ["nobody's where strangers are held", { sites, policy: { unknownHost: "closed" } }, "unknown"],
] as const)("a host that is not listed is %s", (_sentence, parts, expected) => {
  expect(hostsMap(snapshotOf(parts)).split("\n").at(-2)).toBe(`* ${expected}`);
});

test("wildcards are ends of hosts, the longest first, so that the first that fits is the right one", () => {
  expect(rest(wildcardsMap(snapshotOf({ sites })))).toBe(".shop.example.com 2\n.example.com 2\n");
});

test("only what is not open has a state", () => {
  const snapshot = snapshotOf({
    sites: [
      record({ site: site(1, "a.test"), periods: [period({ siteId: 1 })] }),
      record({ site: site(2, "b.test") }),
      record({ site: site(30, "c.test"), periods: [period({ id: 2, siteId: 30, mode: "readonly" })] }),
    ],
  });
  const held = [1, 2, 30].flatMap((id) => {
    const one = foresee(snapshot, id, now).held;
    return one === null ? [] : [[String(id), one] as const];
  });
  expect(rest(statesMap(new Map(held)))).toBe("1 closed\n30 readonly\n");
});
