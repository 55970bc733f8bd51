import { describe, expect, test } from "bun:test";
import { type ClientAddress, parseTrust } from "../../src/gate/client-ip.ts";
import { decide } from "../../src/gate/decide.ts";
import { canonicalExemption, type Exemption } from "../../src/gate/exemption.ts";
import type { Period } from "../../src/gate/period.ts";
import { type RawVisit, readVisit } from "../../src/gate/visit.ts";
import { exempt, hour, now, period, rawVisit, record, site, snapshotOf } from "./builders.ts";

/** What the configuration adds to every site unless it says otherwise; an entry that begins with `/` is a path. */
const adminIgnored = [exempt("path", "/admin")];
const defaults = ["/robots.txt", "/.well-known/acme-challenge/", "/.well-known/security.txt"].map((path) =>
  exempt("path", path),
);

interface Given {
  readonly periods?: readonly Period[];
  readonly exemptions?: readonly Exemption[];
  readonly admin?: readonly Exemption[];
  readonly at?: number;
  readonly visit?: Partial<RawVisit>;
}

type Outcome = "pass" | "held";

const on = [period()];
const pattern = (text: string): Given => ({ exemptions: [exempt("pattern", text)] });
const from = (client: string, ...networks: string[]): Given => ({
  exemptions: networks.map((network) => exempt("network", network)),
  visit: { addressHeader: client },
});
const between = (start: number, end: number | null, change: Partial<Period> = {}): Period =>
  period({ name: "downtime", start: now + start, end: end === null ? null : now + end, ...change });
const exactOnes = { exemptions: [exempt("exact", "/test/page/id"), exempt("exact", "/")] };

/** The cases of both packages that need neither staff nor a redirect; a space separates targets. */
const cases: ReadonlyArray<readonly [string, string, Given, string, Outcome]> = [
  ["A01", "no row", { periods: [] }, "/", "pass"],
  ["A02", "off", { periods: [period({ end: now })] }, "/", "pass"],
  ["A03", "on", {}, "/", "held"],
  ["A11", "an internal address", from("127.0.0.1", "127.0.0.1"), "/", "pass"],
  ["A12", "no internal addresses", from("127.0.0.1"), "/", "held"],
  ["A13", "an internal network", from("10.1.2.3", "10.0.0.0/8"), "/", "pass"],
  [
    "A14",
    "an internal address in a header of an untrusted peer",
    {
      exemptions: [exempt("network", "198.51.100.7")],
      visit: { peer: { kind: "ip", address: "192.0.2.1" }, addressHeader: "198.51.100.7" },
    },
    "/",
    "held",
  ],
  ["A15", "an internal IPv6 address in another form", from("0:0:0:0:0:0:0:1", "::1"), "/", "pass"],
  ["A16", "a mapped internal address", from("::ffff:127.0.0.1", "127.0.0.1"), "/", "pass"],
  ["A17", "the admin pages", {}, "/admin /admin/ /admin/login/", "pass"],
  ["A17b", "the admin pages with repeated slashes", {}, "//admin/ ///admin", "held"],
  ["A18", "what only begins like the admin pages", {}, "/administrators-only /admin-fake/x", "held"],
  ["A19", "another case, another place", {}, "/Admin/ /x/admin/", "held"],
  ["A19b", "the admin pages with dot segments", {}, "/./admin/ /x/../admin/", "held"],
  ["A20", "the admin pages, escaped", {}, "/%61dmin/", "pass"],
  ["A21", "no ignored URLs", { admin: [] }, "/admin/", "held"],
  ["A22", "static files", {}, "/static/a.css /favicon.ico /nope/", "held"],
  ["A22b", "the default exemptions", {}, "/robots.txt /.well-known/acme-challenge/x /.well-known/security.txt", "pass"],
  ["A30", "^ignored-page/$", pattern("^ignored-page/$"), "/ignored-page/ /ignored-page/?a=1", "pass"],
  ["A30b", "^ignored-page/$", pattern("^ignored-page/$"), "/ignored-page /ignored-page/x /x/ignored-page/", "held"],
  ["A31", "ignored-page/$", pattern("ignored-page/$"), "/ignored-page/", "pass"],
  ["A31", "ignored-page/$", pattern("ignored-page/$"), "/x/ignored-page/", "held"],
  ["A32", "^/ignored-page/$", pattern("^/ignored-page/$"), "/ignored-page/", "pass"],
  ["A33", "^$", pattern("^$"), "/", "pass"],
  ["A33", "^$", pattern("^$"), "/a", "held"],
  ["A35", "^api", pattern("^api"), "/api/v1 /apinot", "pass"],
  ["A35", "^api", pattern("^api"), "/API/ /v1/api", "held"],
  ["A36", "(?i)^api", pattern("(?i)^api"), "/API/", "pass"],
  ["A36b", "(?i)^/api", pattern("(?i)^/api"), "/API/", "pass"],
  ["A36b", "^(/a|/b)$", pattern("^(/a|/b)$"), "/a", "pass"],
  ["A37", ".*\\.css$", pattern(".*\\.css$"), "/static/a.css /a.css?x=1", "pass"],
  ["A37", ".*\\.css$", pattern(".*\\.css$"), "/static/a.css.map", "held"],
  ["A38", "docs|help", pattern("docs|help"), "/docs/ /help", "pass"],
  ["A38", "docs|help", pattern("docs|help"), "/x/help", "held"],
  ["A39", "^café/$", pattern("^café/$"), "/caf\xc3\xa9/ /caf%C3%A9/", "pass"],
  ["A40", "^page\\?x=1", pattern("^page\\?x=1"), "/page?x=1", "held"],
  ["A42", "^a b", pattern("^a b"), "/a%20b", "pass"],
  ...["HEAD", "POST", "PUT", "DELETE"].map((method) => ["A53", method, { visit: { method } }, "/", "held"] as const),
  ["B01", "none", { periods: [] }, "/", "pass"],
  ["B02", "running", { periods: [between(-hour, hour)] }, "/", "held"],
  ["B03", "disabled", { periods: [between(-hour, hour, { enabled: false })] }, "/", "pass"],
  ["B04", "ahead", { periods: [between(hour, 2 * hour)] }, "/", "pass"],
  ["B05", "past", { periods: [between(-2 * hour, -hour)] }, "/", "pass"],
  ["B06", "without an end", { periods: [between(-hour, null)] }, "/", "held"],
  ["B07", "ahead without an end", { periods: [between(hour, null)] }, "/", "pass"],
  ["B08", "the end before the start", { periods: [between(hour, -hour)] }, "/", "pass"],
  [
    "B09",
    "one past, one running",
    { periods: [between(-3 * hour, -hour), between(-hour, hour, { id: 2 })] },
    "/",
    "held",
  ],
  ["B10", "at the start", { periods: [between(0, hour)] }, "/", "held"],
  ["B10", "at the end", { periods: [between(-hour, 0)] }, "/", "pass"],
  ["B11", "the admin pages", {}, "/admin /admin/", "pass"],
  ["B11b", "what only begins like the admin pages", {}, "/administrator /admin-x", "held"],
  ["B12", "another case, another place, static files", {}, "/Admin/ /x/admin /static/a.css", "held"],
  ["B13", "exact URLs", exactOnes, "/test/page/id /", "pass"],
  ["B14", "exact URLs", exactOnes, "/test/page/id/ /test/page/id/child /TEST/page/id", "held"],
  ["B15", "path /a", { exemptions: [exempt("path", "/a")] }, "/a /a/b", "pass"],
  ["B15b", "path /a", { exemptions: [exempt("path", "/a")] }, "/abc", "held"],
  ["B17", "path /other only", { admin: [], exemptions: [exempt("path", "/other")] }, "/admin", "held"],
];

function outcome(given: Given, target: string): Outcome {
  const snapshot = snapshotOf({
    sites: [record({ periods: given.periods ?? on, exemptions: given.exemptions ?? [] })],
    everywhere: { exemptions: [...(given.admin ?? adminIgnored), ...defaults] },
  });
  const visit = readVisit(rawVisit({ ...given.visit, target }), parseTrust(["loopback", "unix"]));
  return decide(snapshot, visit, given.at ?? now).kind === "open" ? "pass" : "held";
}

describe("what the two packages do", () => {
  test.each([...cases])("%s %s", (_id, _sentence, given, targets, expected) => {
    for (const target of targets.split(" "))
      expect({ target, is: outcome(given, target) }).toEqual({ target, is: expected });
  });

  test("A14: the address of an untrusted peer is its own", () => {
    const raw = rawVisit({ peer: { kind: "ip", address: "192.0.2.1" }, addressHeader: "198.51.100.7" });
    expect(readVisit(raw, parseTrust(["loopback"])).client).toEqual<ClientAddress>({
      address: "192.0.2.1",
      known: true,
      isPeerTrusted: false,
    });
  });

  test.each([
    ["A34 an empty pattern", ""],
    ["A41 a broken pattern", "^("],
  ])("%s is refused when it is added", (_sentence, text) => {
    expect(() => canonicalExemption("pattern", text)).toThrow();
  });

  test("A56 of two sites only the one that is closed is held", () => {
    const snapshot = snapshotOf({
      sites: [
        record({ site: site(1, "one.example") }),
        record({ site: site(2, "two.example"), periods: [period({ siteId: 2 })] }),
      ],
    });
    const ask = (host: string) => decide(snapshot, readVisit(rawVisit({ host }), parseTrust(["unix"])), now).kind;
    expect([ask("one.example"), ask("two.example")]).toEqual(["open", "closed"]);
  });

  test("B02 a visitor can be told when it opens", () => {
    const snapshot = snapshotOf({ sites: [record({ periods: [between(-hour, hour)] })] });
    expect(decide(snapshot, readVisit(rawVisit(), parseTrust(["unix"])), now)).toMatchObject({
      kind: "closed",
      opensAt: now + hour,
    });
  });

  test.each<[string, Outcome]>([
    ["/", "held"],
    ["/admin", "pass"],
  ])("B19 without a database, closed for all sites: %s", (target, expected) => {
    const snapshot = snapshotOf({
      revision: 0,
      sites: [],
      everywhere: { periods: [period({ siteId: null })], exemptions: adminIgnored },
    });
    const verdict = decide(snapshot, readVisit(rawVisit({ target }), parseTrust(["unix"])), now);
    expect(verdict.kind === "open" ? "pass" : "held").toBe(expected);
  });
});
