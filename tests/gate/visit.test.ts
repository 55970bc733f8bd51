import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { noCredentials } from "../../src/gate/bypass.ts";
import { type RawVisit, readVisit, type VisitFault } from "../../src/gate/visit.ts";
import { rawVisit, trust, visit } from "./builders.ts";

describe("readVisit", () => {
  test("makes everything canonical", () => {
    expect(
      visit({ site: "2", host: "Example.COM:80", target: "/caf%C3%A9?x", addressHeader: "::ffff:1.2.3.4" }),
    ).toEqual({
      siteId: 2,
      host: "example.com",
      path: "/café",
      method: "GET",
      client: { address: "1.2.3.4", known: true, isPeerTrusted: true },
      credentials: noCredentials,
      proven: null,
      fault: null,
    });
  });

  test.each<[string, Partial<RawVisit>, VisitFault | null]>([
    ["an ordinary visit has none", {}, null],
    ["an ambiguous path is none", { target: "//a" }, null],
    ["an unknown client is none", { addressHeader: "unknown" }, null],
    ["a lower-case method is none", { method: "get" }, null],
    ["no host", { host: null }, "host-unreadable"],
    ["an empty host", { host: "" }, "host-unreadable"],
    ["a doubled host", { host: "example.com, example.com" }, "host-unreadable"],
    ["a host of 64 KB", { host: "a".repeat(65_536) }, "host-unreadable"],
    ["a host that is not UTF-8", { host: "caf\xe9.example" }, "host-unreadable"],
    ["a bad host beside a site's number is none", { site: "1", host: "a, b" }, null],
    ["no target", { target: null }, "target-missing"],
    ["an empty target", { target: "" }, "target-missing"],
    ["no method", { method: null }, "method-missing"],
    ["an empty method", { method: "" }, "method-missing"],
    ["a doubled method", { method: "GET, GET" }, "method-missing"],
    ["a method of 64 KB", { method: "G".repeat(65_536) }, "method-missing"],
    ["an empty site", { site: "" }, "site-unreadable"],
    ["site zero", { site: "0" }, "site-unreadable"],
    ["a negative site", { site: "-1" }, "site-unreadable"],
    ["a site in words", { site: "one" }, "site-unreadable"],
    ["a site with a space", { site: " 1" }, "site-unreadable"],
    ["a site with a zero in front", { site: "01" }, "site-unreadable"],
    ["a site in exponents", { site: "1e3" }, "site-unreadable"],
    ["a doubled site", { site: "1, 1" }, "site-unreadable"],
    ["a site beyond all numbers", { site: "9".repeat(16) }, "site-unreadable"],
    ["of several, where the visit goes comes first", { host: null, target: null, method: null }, "host-unreadable"],
    ["a site's number is not replaced by the host", { site: "x", host: null }, "site-unreadable"],
  ])("fault: %s", (_sentence, change, fault) => {
    expect(visit(change).fault).toBe(fault);
  });

  test("never throws, and is the same for the same headers", () => {
    const header = fc.option(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 40 }),
        fc.constantFrom("é", "\ud800", ",", " ", "%", "[", "1", "a.", "::", "\0").map((unit) => unit.repeat(65_536)),
        fc.constantFrom("a, b", "1.2.3.4, 5.6.7.8", "/a, /b", "[::1", "%", "xn--", "xn--a.é"),
      ),
    );
    const peer = fc.oneof(
      fc.constant<RawVisit["peer"]>({ kind: "unix" }),
      fc.string().map((address): RawVisit["peer"] => ({ kind: "ip", address })),
    );
    const raw = fc.record({
      site: header,
      host: header,
      target: header,
      method: header,
      peer,
      addressHeader: header,
      credentials: fc.constant(noCredentials),
    });
    fc.assert(
      fc.property(raw, (any) => {
        expect(readVisit(any, trust)).toEqual(readVisit({ ...any }, trust));
      }),
      { numRuns: 60 },
    );
  });

  test("reads 64 KB in every header in a few milliseconds", () => {
    const big = rawVisit({
      host: "é.".repeat(32_768),
      target: `/${"%41".repeat(21_845)}`,
      method: "A".repeat(65_536),
      addressHeader: "10.0.0.1,".repeat(7_282),
    });
    const start = performance.now();
    for (let count = 0; count < 10; count++) readVisit(big, trust);
    expect((performance.now() - start) / 10).toBeLessThan(20);
  });
});
