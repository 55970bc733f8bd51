import { describe, expect, test } from "bun:test";
import {
  type Bypass,
  type BypassBook,
  bypassOf,
  bypassOfToken,
  type Credentials,
  compileBypasses,
  hashOfToken,
  insecureCookieName,
  sealBypass,
  secureCookieName,
} from "../../src/gate/bypass.ts";
import { decide } from "../../src/gate/decide.ts";
import { now, period, record, shows, site, snapshotOf, visit } from "./builders.ts";

const token = "t".repeat(43);
const key = { id: 3, secret: Buffer.alloc(32, 7).toString("base64url") };
const use = { siteId: 1, host: null, now };
const hour = 3_600_000;

function bypass(change: Partial<Bypass> = {}): Bypass {
  return {
    id: 5,
    siteId: 1,
    label: "QA",
    expires: now + hour,
    path: "/",
    isSingleUse: false,
    mayBeInsecure: false,
    tokenHash: hashOfToken(token),
    redeemed: null,
    standing: null,
    ...change,
  };
}

const book = (change: Partial<Bypass> = {}, keys = [key]): BypassBook => compileBypasses("db", [bypass(change)], keys);
const seal = (from: BypassBook, siteId = 1) =>
  sealBypass(from, bypass(), { siteId, host: null, expires: bypass().expires }) ?? "";
const value = seal(book());
const cookie = (text: string) => shows({ cookie: text });
const named = (text: string) => cookie(`${secureCookieName}=${text}`);
const enters = (credentials: Credentials, from = book(), at = use) => bypassOf(from, credentials, at)?.id ?? null;

describe("a cookie", () => {
  test.each<[string, string]>([
    ["alone", `${secureCookieName}=${value}`],
    ["behind others", `a=b; sessionid=x; ${secureCookieName}=${value}`],
    ["before others", `${secureCookieName}=${value}; a=b`],
    ["after one of the same name that is none", `${secureCookieName}=x; ${secureCookieName}=${value}`],
    ["without spaces", `a=b;${secureCookieName}=${value};c=d`],
    ["behind 8 KB of others", `${"a=bcdefgh; ".repeat(800)}${secureCookieName}=${value}`],
  ])("lets in %s", (_, header) => {
    expect(enters(cookie(header))).toBe(5);
  });

  const [version = "", id = "", siteId = "", expires = "", keyId = "", mac = ""] = value.split(".");
  test.each<[string, string]>([
    ["empty", ""],
    ["of another version", ["v2", id, siteId, expires, keyId, mac].join(".")],
    ["for another bypass", [version, "6", siteId, expires, keyId, mac].join(".")],
    ["for another site", [version, id, "2", expires, keyId, mac].join(".")],
    ["that lasts longer", [version, id, siteId, String(Number(expires) + 1), keyId, mac].join(".")],
    ["of another key", [version, id, siteId, expires, "4", mac].join(".")],
    ["without a signature", [version, id, siteId, expires, keyId, ""].join(".")],
    ["with half a signature", [version, id, siteId, expires, keyId, mac.slice(0, 20)].join(".")],
    ["with a longer signature", `${value}A`],
    ["with leading zeros", [version, `0${id}`, siteId, expires, keyId, mac].join(".")],
    ["with a sign", [version, `+${id}`, siteId, expires, keyId, mac].join(".")],
    ["with an exponent", [version, "5e0", siteId, expires, keyId, mac].join(".")],
    ["in quotes", `"${value}"`],
    ["with a space in it", value.replace(".", " .")],
    ["in capitals", value.toUpperCase()],
    ["of a part more", `${value}.x`],
    ["that is the token", token],
    ["of 100 KB", value + "x".repeat(100_000)],
  ])("%s lets nobody in", (_, forged) => {
    expect(enters(named(forged))).toBeNull();
  });

  test("with one character changed lets nobody in, wherever it is", () => {
    for (let at = 0; at < value.length; at++) {
      for (const other of "12AQgw-_.") {
        const changed = value.slice(0, at) + other + value.slice(at + 1);
        expect([at, other, enters(named(changed))]).toEqual([at, other, changed === value ? 5 : null]);
      }
    }
  });

  test.each([
    ["in the value of another", `a=b ${secureCookieName}=${value}`],
    ["at the end of a longer name", `x${secureCookieName}=${value}`],
    ["in another case", `${secureCookieName.toLowerCase()}=${value}`],
    ["far behind white space in the value of another", `a=b${" ".repeat(20)}${secureCookieName}=${value}`],
    ["behind a comma", `a=b,${secureCookieName}=${value}`],
  ])("lets nobody in %s", (_, header) => {
    expect(enters(cookie(header))).toBeNull();
  });

  test("is not hidden by what only looks like one", () => {
    const inside = `a=1 ${secureCookieName}=x ${secureCookieName}=y`;
    expect(enters(cookie(`${inside}; ${secureCookieName}=${value}`))).toBe(5);
  });

  const forged = (name: string, count: number) => `${name}=${value.slice(0, -4)}AAAA; `.repeat(count);
  const other = (length: number, count: number) => `${secureCookieName}=${"x".repeat(length)}; `.repeat(count);
  const [secure, insecure] = [`${secureCookieName}=${value}`, `${insecureCookieName}=${value}`];
  // So much work does a request get done, and no more: one signature, and two looks at either name.
  test.each<[string, string, number | null]>([
    ["behind a forged one of its name is not looked at", forged(secureCookieName, 1) + secure, null],
    ["behind a hundred is not either", forged(secureCookieName, 100) + secure, null],
    ["behind a forged one of the other name is not looked at", forged(secureCookieName, 1) + insecure, null],
    ["before a forged one of its name is found", `${secure}; ${forged(secureCookieName, 1)}`, 5],
    ["behind a forged one of the name that counts less is found", forged(insecureCookieName, 1) + secure, 5],
    ["behind one that could be none is found", other(128, 1) + secure, 5],
    ["of the other name behind two that could be none is found", other(128, 2) + insecure, 5],
    ["behind two that could be as long as one is not looked at", other(128, 2) + secure, null],
    ["behind seven that are longer, and are not looked at, is found", other(129, 7) + secure, 5],
    ["behind eight is not", other(129, 8) + secure, null],
    ["behind seven that only look like one is found", `${`a=${secureCookieName}=x; `.repeat(7)}${secure}`, 5],
    ["behind eight of those is not either", `${`a=${secureCookieName}=x; `.repeat(8)}${secure}`, null],
    ["behind seven spaces is found", `a=b;${" ".repeat(7)}${secure}`, 5],
    ["behind eight is not", `a=b;${" ".repeat(8)}${secure}`, null],
    ["behind seven tabs at the beginning is found", "\t".repeat(7) + secure, 5],
    ["behind eight is not either", "\t".repeat(8) + secure, null],
  ])("%s", (_, header, expected) => {
    expect(enters(cookie(header), book({ mayBeInsecure: true }))).toBe(expected);
  });

  test.each<[string, BypassBook, typeof use]>([
    [
      "of a bypass with the same number in a copy of the database",
      book({ tokenHash: hashOfToken("u".repeat(43)) }),
      use,
    ],
    ["of another database", compileBypasses("other", [bypass()], [key]), use],
    ["whose key has changed", book({}, [{ id: 3, secret: Buffer.alloc(32, 8).toString("base64url") }]), use],
    ["whose key is gone", book({}, [{ id: 4, secret: key.secret }]), use],
    ["of a bypass that is revoked", compileBypasses("db", [], [key]), use],
    ["of a bypass that was shortened", book({ expires: now }), use],
    ["that has expired", book({ expires: now + 2 * hour }), { siteId: 1, host: null, now: now + hour }],
    ["on another site", book({ siteId: null }), { siteId: 2, host: null, now }],
    ["on a site that its bypass has left", book({ siteId: 2 }), use],
  ])("%s lets nobody in", (_, from, at) => {
    expect(enters(named(value), from, at)).toBeNull();
  });

  test("of plain http is taken only where the bypass allows it", () => {
    const insecure = cookie(`${insecureCookieName}=${value}`);
    expect([enters(insecure), enters(insecure, book({ mayBeInsecure: true }))]).toEqual([null, 5]);
  });

  test("goes on while older keys are known, and new ones are signed with the newest", () => {
    const both = book({}, [key, { id: 9, secret: Buffer.alloc(32, 9).toString("base64url") }]);
    expect(enters(named(value), both)).toBe(5);
    expect(seal(both)).toContain(".9.");
    expect(enters(named(seal(both)), both)).toBe(5);
  });

  test("of a bypass for all sites is for the one on which it was redeemed", () => {
    const all = book({ siteId: null });
    const second = named(seal(all, 2));
    expect([enters(second, all), enters(second, all, { siteId: 2, host: null, now })]).toEqual([null, 5]);
  });

  test("is not made without a key", () => {
    expect(sealBypass(book({}, []), bypass(), { siteId: 1, host: null, expires: now + hour })).toBeNull();
  });
});

describe("a token", () => {
  const header = (text: string) => shows({ token: text });
  test.each<[string, string, Partial<Bypass>, number | null]>([
    ["lets in", token, {}, 5],
    ["of a single use lets nobody in by itself", token, { isSingleUse: true }, null],
    ["of another site", token, { siteId: 2 }, null],
    ["that has expired", token, { expires: now }, null],
    ["that is another", "u".repeat(43), {}, null],
    ["that is its hash", hashOfToken(token), {}, null],
    ["that is longer", `${token}t`, {}, null],
    ["doubled", `${token}, ${token}`, {}, null],
    ["with a space", ` ${token}`, {}, null],
    ["that is empty", "", {}, null],
    ["of 64 KB", "t".repeat(65_536), {}, null],
  ])("%s", (_, text, change, expected) => {
    expect(enters(header(text), book(change))).toBe(expected);
  });

  test("of a single use is still known to its link", () => {
    expect(bypassOfToken(book({ isSingleUse: true }), token, use)?.id).toBe(5);
  });
});

describe("a verdict", () => {
  const closed = (change: Partial<Bypass> = {}) =>
    snapshotOf({
      databaseId: "db",
      sites: [record({ site: site(1, "example.com"), periods: [period({ siteId: 1 })] })],
      bypasses: [bypass(change)],
      bypassKeys: [key],
    });

  test.each<[string, Parameters<typeof visit>[0], string]>([
    ["who has the cookie", { credentials: named(value) }, "bypass"],
    ["who has the token", { credentials: shows({ token }) }, "bypass"],
    ["whose path can be read in two ways", { credentials: named(value), target: "/x/..%2fadmin" }, "bypass"],
    ["who has neither", {}, "period"],
    ["whose visit cannot be read", { credentials: named(value), target: null }, "unreadable-visit"],
    ["whose host cannot be read", { credentials: named(value), host: null }, "unreadable-visit"],
  ])("of %s", (_, change, why) => {
    expect(`${decide(closed(), visit(change), now).why}`).toBe(why);
  });
});
