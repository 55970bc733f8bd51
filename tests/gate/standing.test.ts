import { describe, expect, test } from "bun:test";
import type { Bypass, Credentials } from "../../src/gate/bypass.ts";
import { compileBypasses, hashOfToken, sealBypass, secureCookieName } from "../../src/gate/bypass.ts";
import { decide } from "../../src/gate/decide.ts";
import { claimedStanding, type HeaderClaims, higherStanding, letsIn, type Standing } from "../../src/gate/standing.ts";
import { hour, now, period, record, shows, site, snapshotOf, visit } from "./builders.ts";

const groups: HeaderClaims = {
  staff: { header: "x-groups", value: "staff" },
  superuser: { header: "x-groups", value: "root" },
};

describe("a header claims", () => {
  test.each<[string, string | null, Standing | null]>([
    ["the value", "staff", "staff"],
    ["one of a list", "users,staff", "staff"],
    ["one of a list with spaces", "users , staff ,x", "staff"],
    ["one of a list with bars", "users|staff", "staff"],
    ["the higher of two", "staff, root", "superuser"],
    ["nothing when it is not there", null, null],
    ["nothing when it is empty", "", null],
    ["nothing by a part of a word", "staffing", null],
    ["nothing by a word within another", "not-staff", null],
    ["nothing by other letters", "Staff", null],
    ["nothing by letters that look alike", "st\u0430ff", null],
    ["nothing by two words", "no staff", null],
    ["nothing by another separator", "users;staff", null],
    ["nothing in more than 8 KB", `staff,${"x".repeat(8_187)}`, null],
    ["it in 8 KB", `staff,${"x".repeat(8_186)}`, "staff"],
  ])("%s", (_, header, expected) => {
    expect(claimedStanding(groups, (name) => (name === "x-groups" ? header : null))).toBe(expected);
  });

  test("a value that holds commas by the whole header", () => {
    const claims = { staff: { header: "x-dn", value: "cn=staff,dc=example" }, superuser: null };
    expect(claimedStanding(claims, () => "cn=staff,dc=example")).toBe("staff");
    expect(claimedStanding(claims, () => "cn=x, cn=staff,dc=example")).toBeNull();
  });

  test("nothing that is not configured", () => {
    expect(claimedStanding({ staff: null, superuser: null }, () => "staff")).toBeNull();
  });
});

test.each<[Standing | null, Standing | null, Standing | null]>([
  [null, null, null],
  ["staff", null, "staff"],
  [null, "staff", "staff"],
  ["staff", "superuser", "superuser"],
  ["superuser", "staff", "superuser"],
  ["superuser", null, "superuser"],
])("of %p and %p the higher is %p", (one, other, expected) => {
  expect(higherStanding(one, other)).toBe(expected);
});

test.each<[Standing | null, boolean, boolean]>([
  [null, false, false],
  [null, true, false],
  ["staff", false, true],
  ["staff", true, false],
  ["superuser", false, true],
  ["superuser", true, true],
])("%p gets in when staff is blocked (%p): %p", (standing, blockStaff, expected) => {
  expect(letsIn(standing, { blockStaff })).toBe(expected);
});

describe("a verdict on a closed site", () => {
  const key = { id: 1, secret: Buffer.alloc(32, 7).toString("base64url") };
  const given = (standing: Standing | null): Bypass => ({
    id: 5,
    siteId: null,
    label: "",
    expires: now + 24 * hour,
    path: "/",
    isSingleUse: false,
    mayBeInsecure: false,
    tokenHash: hashOfToken("x"),
    redeemed: null,
    standing,
  });
  const entered = (standing: Standing | null, expires = now + hour, host = "example.com"): Credentials => {
    const book = compileBypasses("db", [given(standing)], [key]);
    return shows({ cookie: `${secureCookieName}=${sealBypass(book, given(standing), { siteId: 1, host, expires })}` });
  };
  const closed = (blockStaff: boolean, standing: Standing | null) =>
    snapshotOf({
      databaseId: "db",
      sites: [record({ site: site(1, "example.com"), periods: [period({ siteId: 1 })] })],
      policy: { blockStaff },
      bypasses: [given(standing)],
      bypassKeys: [key],
    });
  const stranger = { peer: { kind: "ip", address: "192.0.2.1" } } as const;

  test.each<[string, Parameters<typeof visit>[0], Standing | null, string, string]>([
    ["who shows nothing", {}, "staff", "period", "period"],
    ["whom the proxy calls staff", { credentials: shows({ claimed: "staff" }) }, null, "staff", "period"],
    ["whom it calls a superuser", { credentials: shows({ claimed: "superuser" }) }, null, "superuser", "superuser"],
    [
      "whom somebody calls a superuser who is not trusted",
      { ...stranger, credentials: shows({ claimed: "superuser" }) },
      null,
      "period",
      "period",
    ],
    ["who came in as staff", { credentials: entered("staff") }, "staff", "staff", "period"],
    ["who came in as a superuser", { credentials: entered("superuser") }, "superuser", "superuser", "superuser"],
    ["who came in by a link", { credentials: entered(null) }, null, "bypass", "bypass"],
    [
      "who is called staff and came in by a link",
      { credentials: { ...entered(null), claimed: "staff" } },
      null,
      "staff",
      "bypass",
    ],
    [
      "who is staff on another host of the site",
      { credentials: entered("superuser", now + hour, "other.example") },
      "superuser",
      "period",
      "period",
    ],
    [
      "who came in by a link on another host of the site",
      { credentials: entered(null, now + hour, "other.example") },
      null,
      "bypass",
      "bypass",
    ],
    [
      "of staff whose host is not told, although its site is",
      { site: "1", host: null, credentials: entered("staff", now + hour, "null") },
      "staff",
      "period",
      "period",
    ],
    ["whose half hour is over", { credentials: entered("staff", now) }, "staff", "period", "period"],
    [
      "of staff whose visit cannot be read",
      { target: null, credentials: shows({ claimed: "superuser" }) },
      null,
      "unreadable-visit",
      "unreadable-visit",
    ],
  ])("of %s", (_, change, standing, why, whenBlocked) => {
    const whys = [false, true].map((blockStaff) => `${decide(closed(blockStaff, standing), visit(change), now).why}`);
    expect(whys).toEqual([why, whenBlocked]);
  });

  test.each<[Standing | null, string, string]>([
    [null, "period", "period"],
    ["staff", "staff", "period"],
    ["superuser", "superuser", "superuser"],
  ])("of whom a token proves %p", (proven, why, whenBlocked) => {
    const whys = [false, true].map((blockStaff) => decide(closed(blockStaff, null), { ...visit(), proven }, now).why);
    expect(whys.map(String)).toEqual([why, whenBlocked]);
  });
});
