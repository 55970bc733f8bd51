import { describe, expect, test } from "bun:test";
import { canonicalDomain, canonicalHost, canonicalHostOf } from "../../src/gate/host.ts";

const long = `${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(61)}`;

describe("canonicalHost", () => {
  test.each<[string, string, string | null]>([
    ["a plain name stays", "example.com", "example.com"],
    ["one label stays", "gw", "gw"],
    ["case does not matter", "Example.COM", "example.com"],
    ["a port does not matter", "example.com:8080", "example.com"],
    ["an empty port is allowed by RFC 3986", "example.com:", "example.com"],
    ["a final dot does not matter", "example.com.:443", "example.com"],
    ["an underscore is used in practice", "my_app.local", "my_app.local"],
    ["an IPv4 address is a name", "192.0.2.7:80", "192.0.2.7"],
    ["an IPv6 literal loses its port", "[::1]:8080", "[::1]"],
    ["an IPv6 literal gets the form of RFC 5952", "[2001:DB8:0:0::1]", "[2001:db8::1]"],
    ["bytes that are not UTF-8 are unreadable", "\xff\xfe.example", null],
    ["latin-1 is not UTF-8", "caf\xe9.example", null],
    ["UTF-8 in a header (a byte string) becomes punycode", "caf\xc3\xa9.example:80", "xn--caf-dma.example"],
    ["punycode stays", "xn--CAF-dma.example", "xn--caf-dma.example"],
    ["253 characters are allowed", long, long],
    ["254 characters are not", `${long}x`, null],
    ["254 characters after punycode are not", `é.${long}`, null],
    ["nothing is unreadable", "", null],
    ["a dot alone is unreadable", ".", null],
    ["a port alone is unreadable", ":80", null],
    ["a port that is none is unreadable", "example.com:http", null],
    ["a port above 65535 is unreadable", "example.com:65536", null],
    ["an empty label is unreadable", "example..com", null],
    ["two final dots are unreadable", "example.com..", null],
    ["a leading dot is unreadable", ".example.com", null],
    ["a doubled header is unreadable", "a.example, b.example", null],
    ["a comma is unreadable", "a.example,b.example", null],
    ["a space is unreadable", "a b", null],
    ["a slash is unreadable", "a/b", null],
    ["a backslash is unreadable", "a\\b", null],
    ["a user is unreadable", "user@example.com", null],
    ["an escape is unreadable, also beside Unicode", "a%2eé", null],
    ["a control is unreadable", "a\x00", null],
    ["a wildcard is no host", "*.example.com", null],
    ["an IPv6 address without brackets is unreadable", "::1", null],
    ["a bracket that stays open is unreadable", "[::1", null],
    ["a zone is unreadable", "[fe80::1%eth0]", null],
    ["64 KB are unreadable", "é".repeat(65_536), null],
  ])("%s", (_sentence, raw, host) => {
    expect(canonicalHost(raw)).toBe(host);
    if (host !== null) expect(canonicalHost(host)).toBe(host);
  });
});

describe("canonicalHostOf", () => {
  test.each([
    ["Unicode text becomes punycode", "CAFÉ.example", "xn--caf-dma.example"],
    ["text beyond Latin-1 becomes punycode", "пример.рф", "xn--e1afmkfd.xn--p1ai"],
  ])("%s", (_sentence, text, host) => {
    expect(canonicalHostOf(text)).toBe(host);
  });
});

describe("canonicalDomain", () => {
  test.each<[string, string, string]>([
    ["an exact domain", "Example.com", "example.com"],
    ["a wildcard", "*.Example.com.", "*.example.com"],
    ["every host", "*", "*"],
    ["Unicode", "*.café.example", "*.xn--caf-dma.example"],
    ["a wildcard under digits", "*.1", "*.1"],
    ["an IPv6 literal", "[0:0:0:0:0:0:0:1]", "[::1]"],
  ])("takes %s", (_sentence, text, domain) => {
    expect(canonicalDomain(text)).toBe(domain);
  });

  test.each<[string, string, string]>([
    ["nothing", "", "write example.com, *.example.com or *"],
    ["a URL, and says which domain is meant", "https://Example.com/x", 'write "example.com"'],
    ["a path, and says which domain is meant", "example.com/x", 'write "example.com"'],
    ["a port, and says what to write", "example.com:8000", 'write "example.com"'],
    ["a port behind a wildcard", "*.example.com:80", 'write "*.example.com"'],
    ["an IPv6 address without brackets", "::1", 'write "[::1]"'],
    ["a wildcard of an address", "*.[::1]", "not a domain"],
    ["a wildcard in the middle", "a.*.example", "not a domain"],
    ["a wildcard without a dot", "*example.com", "not a domain"],
    ["digits only, which commands take for a number", "01", "is digits only, which stand for a site's number"],
    ["digits and a final dot", "7.", "is digits only"],
    ["two names", "a.example, b.example", "not a domain"],
  ])("refuses %s", (_sentence, text, message) => {
    expect(() => canonicalDomain(text)).toThrow(message);
  });
});
