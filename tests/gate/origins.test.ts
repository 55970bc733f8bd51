import { describe, expect, test } from "bun:test";
import { canonicalOrigin, canonicalOrigins, readableOrigins } from "../../src/gate/origins.ts";

const whole = 'write a scheme and a host, such as "https://app.example.com", or "*" alone for every one';

describe("an origin", () => {
  test.each([
    ["every one", "*", "*"],
    ["as browsers send it", "https://app.example.com", "https://app.example.com"],
    ["in capitals", "HTTPS://App.Example", "https://app.example"],
    ["with the port that goes without saying", "https://a.example:443", "https://a.example"],
    ["with the port that goes without saying for http", "http://a.example:80", "http://a.example"],
    ["with the port of the other scheme", "http://a.example:443", "http://a.example:443"],
    ["with a lone slash", "https://a.example/", "https://a.example"],
    ["in Unicode", "https://bücher.example", "https://xn--bcher-kva.example"],
    ["of this machine", "http://localhost:3000", "http://localhost:3000"],
    ["an address", "http://[::1]:3000", "http://[::1]:3000"],
  ])("%s", (_sentence, text, origin) => {
    expect(canonicalOrigin(text)).toBe(origin);
    expect(canonicalOrigin(origin)).toBe(origin);
    expect(readableOrigins(origin)).toEqual([origin]);
  });

  test.each([
    ["no scheme", "a.example", 'write "https://a.example"'],
    ["no scheme, and a port", "a.example:3000", 'write "https://a.example:3000"'],
    ["no scheme, and two slashes", "//a.example", 'write "https://a.example"'],
    ["a path", "http://a.example:8080/x", 'write "http://a.example:8080"'],
    ["a query", "https://a.example?x", 'write "https://a.example"'],
    ["two slashes at the end", "https://a.example//", 'write "https://a.example"'],
    ["a user", "https://ada@a.example", 'write "https://a.example"'],
    ["null", "null", whole],
    ["null with a scheme", "https://null/x", whole],
    ["nothing", "", whole],
    ["no host", "https://", whole],
    ["another scheme", "ws://a.example", whole],
    ["a file", "file:///x", whole],
    ["a wildcard", "https://*.a.example", whole],
    ["a port that is none", "https://a.example:99999", whole],
    ["a space that is none of ASCII", "https://a.example\u00a0", whole],
    ["a line break", "https://a.example\n", whole],
  ])("refuses %s", (_sentence, text, advice) => {
    expect(() => canonicalOrigin(text)).toThrow(new Error(`${JSON.stringify(text)} is no origin: ${advice}`));
    expect(readableOrigins(text)).toEqual([]);
  });
});

describe("several origins", () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `https://a${index}.example`);

  test.each<[string, readonly string[], readonly string[]]>([
    ["none", [], []],
    ["in their order", ["https://b.example", "https://a.example"], ["https://b.example", "https://a.example"]],
    ["each once", ["https://a.example", "HTTPS://A.example/"], ["https://a.example"]],
    ["as many as may be", many(50), many(50)],
  ])("%s", (_sentence, texts, origins) => {
    expect(canonicalOrigins(texts)).toEqual(origins);
    expect(readableOrigins(origins.join(" "))).toEqual(origins);
  });

  test.each<[string, readonly string[], string]>([
    ["* beside others", ["https://a.example", "*"], '"*" is every origin: write it alone, or leave it out'],
    ["too many", many(51), "51 origins, and a site has at most 50"],
  ])("refuses %s", (_sentence, texts, words) => {
    expect(() => canonicalOrigins(texts)).toThrow(new Error(words));
  });

  test("beyond the number that a site has are left out where somebody wrote them", () => {
    expect(readableOrigins(many(51).join(" "))).toEqual(many(50));
  });
});
