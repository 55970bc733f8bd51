import { describe, expect, test } from "bun:test";
import {
  canonicalExemption,
  compileExemptions,
  coveringExemption,
  type Exemption,
  type ExemptionKind,
} from "../../src/gate/exemption.ts";
import type { RawVisit } from "../../src/gate/visit.ts";
import { exempt, hour, now, visit } from "./builders.ts";

function covering(list: readonly Exemption[], change: Partial<RawVisit>): string | null {
  return coveringExemption(compileExemptions(list), visit(change), now)?.value ?? null;
}

describe("canonicalExemption", () => {
  test.each<[string, ExemptionKind, string, string]>([
    ["an exact path keeps its final slash", "exact", "/a/", "/a/"],
    ["the front page may be exempt", "exact", "/", "/"],
    ["a path loses its final slash", "path", "/.well-known/acme-challenge/", "/.well-known/acme-challenge"],
    ["a path is decoded", "path", "/caf%C3%A9", "/café"],
    ["a pattern stays", "pattern", "^/a", "^/a"],
    ["an address becomes a network", "network", "::ffff:10.0.0.1", "10.0.0.1/32"],
  ])("%s", (_sentence, kind, value, canonical) => {
    expect(canonicalExemption(kind, value)).toBe(canonical);
    expect(canonicalExemption(kind, canonical)).toBe(canonical);
  });

  test.each<[string, ExemptionKind, string, string]>([
    ["the path that covers everything", "path", "/", 'use "setmaintenance off" or "downtime_end"'],
    ["a network of everybody", "network", "0.0.0.0/0", 'use "setmaintenance off" or "downtime_end"'],
    ["an ambiguous path", "path", "/a//b", "more than one way"],
    ["a relative exact path", "exact", "a", 'write "/a"'],
    ["an empty pattern", "pattern", "", "matches every path"],
    ["a network with host bits", "network", "10.0.0.1/8", "host bits"],
  ])("refuses %s", (_sentence, kind, value, message) => {
    expect(() => canonicalExemption(kind, value)).toThrow(message);
  });
});

describe("coveringExemption", () => {
  test.each<[string, ExemptionKind, string, string, boolean]>([
    ["an exact path covers itself", "exact", "/a", "/a", true],
    ["with a query, too", "exact", "/a", "/a?b", true],
    ["not with a final slash", "exact", "/a", "/a/", false],
    ["not what is below it", "exact", "/a", "/a/b", false],
    ["not in another case", "exact", "/a", "/A", false],
    ["a path covers itself", "path", "/a", "/a", true],
    ["and with a final slash", "path", "/a", "/a/", true],
    ["and what is below it", "path", "/a", "/a/b/c", true],
    ["in whole segments", "path", "/a", "/abc", false],
    ["from the start", "path", "/a", "/x/a", false],
    ["a path with a final slash covers itself as well", "path", "/a/", "/a", true],
    ["a deep path covers what is below it", "path", "/a/b", "/a/b/c", true],
    ["and not what is beside it", "path", "/a/b", "/a/c", false],
    ["nor what is above it", "path", "/a/b", "/a", false],
    ["escapes do not matter", "path", "/café", "/caf%C3%A9/x", true],
    ["an ambiguous path is never exempt", "path", "/a", "/a//b", false],
    ["nor by a pattern", "pattern", "^a.+", "/a;b", false],
    ["but its client may be", "network", "203.0.113.0/24", "/a;b", true],
    ["a client elsewhere is not", "network", "198.51.100.0/24", "/a", false],
  ])("%s", (_sentence, kind, value, target, covered) => {
    expect(covering([exempt(kind, value)], { target })).toBe(covered ? canonicalExemption(kind, value) : null);
  });

  test.each<[string, Partial<RawVisit>]>([
    ["that is not known", { addressHeader: null, peer: { kind: "ip", address: "127.0.0.1" } }],
    [
      "behind which something unreadable stands",
      { addressHeader: "x, 127.0.0.1", peer: { kind: "ip", address: "127.0.0.1" } },
    ],
    ["of a unix socket without the header", { addressHeader: null }],
  ])("a client's address %s matches no network", (_sentence, change) => {
    expect(covering([exempt("network", "127.0.0.0/8"), exempt("network", "::/1")], change)).toBeNull();
  });

  test("a visit that cannot be read is not covered by anything", () => {
    const all = [
      exempt("network", "203.0.113.9"),
      exempt("path", "/a"),
      exempt("exact", "/a"),
      exempt("pattern", "^a"),
    ];
    expect(covering(all, { target: "/a", method: null })).toBeNull();
    expect(covering(all, { target: "/a", host: "a,b" })).toBeNull();
    expect(covering(all, { target: null })).toBeNull();
  });

  test.each<[ExemptionKind, string]>([
    ["exact", "/a"],
    ["path", "/a"],
    ["pattern", "^a"],
    ["network", "203.0.113.9"],
  ])("of kind %s it covers nothing from the instant at which it expires", (kind, value) => {
    const compiled = compileExemptions([exempt(kind, value, { expires: now })]);
    const seen = visit({ target: "/a" });
    expect(coveringExemption(compiled, seen, now - 1)).not.toBeNull();
    expect(coveringExemption(compiled, seen, now)).toBeNull();
  });

  test("of the same exemptions the one that lasts longest counts, in any order", () => {
    const list = [now - hour, null, now].map((expires, id) => exempt("path", "/a", { expires, id }));
    for (const order of [list, list.toReversed()]) {
      expect(coveringExemption(compileExemptions(order), visit({ target: "/a" }), now)?.id).toBe(1);
    }
  });

  test("of several patterns the same one is named, in any order", () => {
    const list = [exempt("pattern", "^a/b"), exempt("pattern", "^a"), exempt("pattern", "/a")];
    for (const order of [list, list.toReversed()]) expect(covering(order, { target: "/a/b" })).toBe("/a");
  });

  test("an expired exemption does not hide another one", () => {
    const expires = now - hour;
    expect(covering([exempt("path", "/a", { expires }), exempt("path", "/a/b")], { target: "/a/b" })).toBe("/a/b");
    expect(covering([exempt("pattern", "^a", { expires }), exempt("pattern", "^a/b")], { target: "/a/b" })).toBe(
      "^a/b",
    );
    expect(covering([exempt("exact", "/a", { expires }), exempt("pattern", "^a$")], { target: "/a" })).toBe("^a$");
  });

  test("rows that nobody made canonical exempt nothing, and never throw", () => {
    const raw = (kind: ExemptionKind, value: string): Exemption => ({ ...exempt("exact", "/"), kind, value });
    const list = [
      raw("pattern", "^("),
      raw("pattern", ""),
      raw("network", "nonsense"),
      raw("path", "/"),
      raw("path", ""),
    ];
    expect(covering(list, { target: "/a" })).toBeNull();
    expect(covering([...list, raw("path", "/a/")], { target: "/a" })).toBe("/a/");
  });

  test("compiling 10,000 lists looks into none of them", () => {
    const trap: Exemption = {
      ...exempt("exact", "/"),
      get value(): string {
        throw new Error("looked");
      },
    };
    for (let count = 0; count < 10_000; count++) compileExemptions([trap]);
    expect(() => covering([trap], {})).toThrow("looked");
  });
});
