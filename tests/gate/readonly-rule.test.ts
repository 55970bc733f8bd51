import { describe, expect, test } from "bun:test";
import { decide } from "../../src/gate/decide.ts";
import {
  decidingRule,
  isSafeMethod,
  isSafeVisit,
  parseReadonlyRule,
  type ReadonlyRule,
} from "../../src/gate/readonly-rule.ts";
import type { RawVisit } from "../../src/gate/visit.ts";
import { hour, now, period, record, site, snapshotOf, visit } from "./builders.ts";

type Effect = ReadonlyRule["effect"];

/** Written as on the command line: `safe POST /search`. */
function rule(text: string, siteId: number | null = 1): ReadonlyRule {
  const effect: Effect = text.startsWith("safe ") ? "safe" : "unsafe";
  return { id: 1, siteId, ...parseReadonlyRule(effect, text.slice(effect.length + 1)) };
}

/** `POST /search`. */
function visitOf(text: string): Partial<RawVisit> {
  const [method = "", target = ""] = text.split(" ");
  return { method, target };
}

describe("parseReadonlyRule", () => {
  test.each<[string, Effect, string, string]>([
    ["a method and a path", "safe", "POST /search", "POST /search"],
    ["with more space than needed", "safe", "  POST   /search ", "POST /search"],
    ["a method in small letters", "unsafe", "get /logout", "GET /logout"],
    ["a path with a final slash", "safe", "POST /search/", "POST /search"],
    ["the front page, which is everything", "safe", "POST /", "POST /"],
    ["a path with escapes", "safe", "POST /caf%C3%A9", "POST /café"],
    ["a path with a space", "safe", "POST /a b", "POST /a b"],
    ["a path with an escaped comma", "safe", "POST /a%2Cb", "POST /a,b"],
    ["a method of an extension", "safe", "PROPFIND /dav", "PROPFIND /dav"],
  ])("reads %s", (_sentence, effect, text, read) => {
    const parsed = parseReadonlyRule(effect, text);
    expect({ ...parsed, text: `${parsed.method} ${parsed.path}` }).toMatchObject({ effect, text: read });
    expect(parseReadonlyRule(effect, read)).toEqual(parsed);
  });

  test.each<[string, Effect, string, string]>([
    ["nothing", "safe", "", '"" is not a method and a path; write them as in "POST /search"'],
    ["a method alone", "safe", "POST", '"POST" is not a method and a path'],
    ["a path alone", "safe", "/search", '"/search" is not a method and a path'],
    ["a path before its method", "safe", "/search POST", '"/search POST" is not a method and a path'],
    ["a relative path", "safe", "POST search", '"POST search" is not a method and a path'],
    ["a URL", "safe", "POST https://example.com/search", "is not a method and a path"],
    ["what no method can hold", "safe", "POST, /search", '"POST, /search" is not a method and a path'],
    ["every method", "safe", "* /api", '"* /api": a rule is for one method; write one rule for each method'],
    ["ALL", "unsafe", "ALL /api", '"ALL /api": a rule is for one method'],
    ["ANY in small letters", "unsafe", "any /api", '"any /api": a rule is for one method'],
    ["what is no method", "safe", "GTE /x", '"GTE /x": GTE is no method of HTTP; write one such as GET, POST'],
    ["what only HTTP/2 itself says", "unsafe", "PRI /", "PRI is no method of HTTP"],
    ["a path with a query", "unsafe", "GET /logout?now", 'write "/logout"'],
    ["a path that can be read in more than one way", "unsafe", "GET /a/../logout", "more than one way"],
    [
      "GET as safe, which changes nothing",
      "safe",
      "GET /search",
      '"GET /search" is safe unless an unsafe rule covers it',
    ],
    ["HEAD as safe", "safe", "head /", '"head /" is safe unless'],
    ["OPTIONS as safe", "safe", "OPTIONS /", '"OPTIONS /" is safe unless'],
  ])("refuses %s", (_sentence, effect, text, message) => {
    expect(() => parseReadonlyRule(effect, text)).toThrow(message);
  });
});

test.each([
  ["GET", true],
  ["HEAD", true],
  ["OPTIONS", true],
  ["TRACE", false],
  ["POST", false],
  ["PUT", false],
  ["DELETE", false],
  ["CONNECT", false],
  ["PATCH", false],
  ["get", false],
  ["", false],
])("by RFC 9110 without TRACE, that %s is safe is %p", (method, safe) => {
  expect(isSafeMethod(method)).toBe(safe);
  expect(isSafeVisit(visit({ method }), [])).toBe(safe);
});

describe("isSafeVisit", () => {
  test.each<[string, readonly string[], string, boolean]>([
    ["a safe rule covers its path", ["safe POST /search"], "POST /search", true],
    ["with a query, too", ["safe POST /search"], "POST /search?q=1", true],
    ["and with a final slash", ["safe POST /search"], "POST /search/", true],
    ["and what is below it", ["safe POST /search"], "POST /search/advanced", true],
    ["in whole segments", ["safe POST /search"], "POST /searching", false],
    ["not what is above it", ["safe POST /search/advanced"], "POST /search", false],
    ["not another method", ["safe POST /search"], "PUT /search", false],
    ["not the method in other letters", ["safe POST /search"], "post /search", false],
    ["not in another case", ["safe POST /search"], "POST /Search", false],
    ["escapes do not matter", ["safe POST /café"], "POST /caf%C3%A9/x", true],
    ["/ covers everything", ["safe POST /"], "POST /any/thing", true],
    ["an unsafe rule holds a safe method", ["unsafe GET /logout"], "GET /logout", false],
    ["and what is below it", ["unsafe GET /logout"], "GET /logout/now", false],
    ["in whole segments, too", ["unsafe GET /logout"], "GET /logouts", true],
    ["of GET it holds HEAD as well", ["unsafe GET /logout"], "HEAD /logout", false],
    ["of GET it does not hold OPTIONS", ["unsafe GET /logout"], "OPTIONS /logout", true],
    ["of HEAD it does not hold GET", ["unsafe HEAD /logout"], "GET /logout", true],
    ["of HEAD it holds HEAD", ["unsafe HEAD /logout"], "HEAD /logout", false],
    ["unsafe wins over safe", ["safe POST /api", "unsafe POST /api/admin"], "POST /api/admin", false],
    ["in the other order, too", ["unsafe POST /api/admin", "safe POST /api"], "POST /api/admin", false],
    ["over a safe rule that says more", ["unsafe POST /api", "safe POST /api/search"], "POST /api/search", false],
    ["and beside it safe holds", ["unsafe POST /api/admin", "safe POST /api"], "POST /api/x", true],
    ["an ambiguous path is safe by no rule", ["safe POST /search"], "POST //search", false],
    ["not even by one for everything", ["safe POST /"], "POST /a/../b", false],
    ["it is by its method", ["safe POST /search"], "GET //search", true],
    ["unless an unsafe rule has that method", ["unsafe GET /logout"], "GET //anything", false],
    ["and HEAD when it has GET", ["unsafe GET /logout"], "HEAD /a;b", false],
    ["but not another method", ["unsafe GET /logout"], "OPTIONS //anything", true],
  ])("%s", (_sentence, rules, text, safe) => {
    expect(isSafeVisit(visit(visitOf(text)), [rules.map((each) => rule(each))])).toBe(safe);
  });

  test.each<[string, Partial<RawVisit>]>([
    ["without a target", { target: null }],
    ["without a method", { method: null }],
    ["with two methods", { method: "GET, GET" }],
    ["whose host cannot be read", { host: "a, b" }],
  ])("a visit %s is never safe", (_sentence, change) => {
    expect(isSafeVisit(visit(change), [[rule("safe POST /")]])).toBe(false);
  });

  test("an unsafe rule of one list wins over a safe one of another", () => {
    const lists = [[rule("safe POST /search")], [rule("unsafe POST /search", null)]];
    expect(isSafeVisit(visit(visitOf("POST /search")), lists)).toBe(false);
    expect(isSafeVisit(visit(visitOf("POST /search")), lists.toReversed())).toBe(false);
  });
});

describe("decidingRule", () => {
  test.each<[string, readonly string[], string, string | null]>([
    ["the method alone", ["safe POST /search"], "GET /search", null],
    ["the first of the safe rules", ["safe POST /", "safe POST /search"], "POST /search", "safe /"],
    ["an unsafe one before a safe one", ["safe POST /", "unsafe POST /admin"], "POST /admin", "unsafe /admin"],
    ["one of GET, of a HEAD", ["unsafe GET /logout"], "HEAD /logout", "unsafe /logout"],
  ])("is %s", (_sentence, rules, text, expected) => {
    const found = decidingRule(visit(visitOf(text)), [rules.map((each) => rule(each))]);
    expect(found === null ? null : `${found.effect} ${found.path}`).toBe(expected);
  });
});

describe("decide", () => {
  const readonly = period({ mode: "readonly", end: now + hour });
  const one = record({ periods: [readonly], readonlyRules: [rule("safe POST /search")] });
  const two = record({ site: site(2, "two.example"), periods: [period({ ...readonly, id: 2, siteId: 2 })] });
  const snapshot = snapshotOf({
    sites: [one, two],
    everywhere: { readonlyRules: [rule("unsafe GET /logout", null), rule("safe POST /everywhere", null)] },
  });

  test.each<[string, string, string, string]>([
    ["a site's own rule opens it", "one.example", "POST /search", "readonly-safe-method"],
    ["and no other site", "two.example", "POST /search", "period"],
    ["a rule on all sites opens the first", "one.example", "POST /everywhere", "readonly-safe-method"],
    ["and the second", "two.example", "POST /everywhere", "readonly-safe-method"],
    ["an unsafe one holds on the first", "one.example", "GET /logout", "period"],
    ["and on the second", "two.example", "HEAD /logout", "period"],
    ["what no rule covers is held by its method", "one.example", "POST /", "period"],
  ])("%s", (_sentence, host, text, why) => {
    expect(decide(snapshot, visit({ host, ...visitOf(text) }), now)).toMatchObject({ why });
  });

  test("rules mean nothing while a full period runs", () => {
    const sites = [record({ periods: [readonly, period({ id: 9 })], readonlyRules: one.readonlyRules })];
    expect(decide(snapshotOf({ sites }), visit(visitOf("POST /search")), now).why).toBe("period");
  });

  test("what an unsafe rule holds may be exempt all the same, and opens with the period", () => {
    const held = decide(snapshot, visit({ host: "one.example", ...visitOf("GET /logout") }), now);
    expect(held).toMatchObject({ kind: "closed", period: { id: 1 }, opensAt: now + hour });
  });
});
