import { describe, expect, test } from "bun:test";
import { canonicalRedirect, readableRedirect } from "../../src/gate/redirect.ts";

const whole = 'write a whole one, such as "https://status.example.com/"';

describe("where held visitors are sent", () => {
  test.each([
    ["nowhere", "", ""],
    ["a host", "https://status.example", "https://status.example/"],
    [
      "in capitals, with the port that goes without saying",
      "HTTP://Status.Example:80/Down",
      "http://status.example/Down",
    ],
    ["a port, a query and a fragment", "https://a.example:8443/x?y=z#f", "https://a.example:8443/x?y=z#f"],
    ["in Unicode", "https://bücher.example/ü?ö#ä", "https://xn--bcher-kva.example/%C3%BC?%C3%B6#%C3%A4"],
    ["with a space", "https://a.example/x y", "https://a.example/x%20y"],
    ["an address", "http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/"],
    ["a backslash, which browsers take for a slash", "https://a.example\\@b.example/", "https://a.example/@b.example/"],
    ["as long as may be", `https://a.example/${"x".repeat(1_982)}`, `https://a.example/${"x".repeat(1_982)}`],
  ])("%s", (_sentence, text, url) => {
    expect(canonicalRedirect(text)).toBe(url);
    expect(canonicalRedirect(url)).toBe(url);
    expect(readableRedirect(url)).toBe(url);
  });

  test.each([
    ["no scheme", "status.example/x", 'write "https://status.example/x"'],
    ["no scheme, and a port", "status.example:8080", 'write "https://status.example:8080/"'],
    ["no scheme, and two slashes", "//status.example/x", 'write "https://status.example/x"'],
    ["a scheme without slashes", "http:status.example", 'write "http://status.example/"'],
    ["three slashes", "https:///status.example/", 'write "https://status.example/"'],
    ["backslashes", "https:\\\\status.example", 'write "https://status.example/"'],
    ["a path", "/down", whole],
    ["a word", "down", whole],
    ["no host", "https://", whole],
    ["another scheme", "ftp://status.example/", whole],
    ["a script", "javascript:alert(1)", whole],
    ["a port that is none", "https://status.example:99999/", whole],
    ["a space before it", " https://status.example/", whole],
  ])("refuses %s", (_sentence, text, advice) => {
    const words = `${JSON.stringify(text)} is no address that a visitor can be sent to: ${advice}`;
    expect(() => canonicalRedirect(text)).toThrow(new Error(words));
    expect(readableRedirect(text)).toBe("");
  });

  test.each([
    [
      "a line break",
      "https://a.example/\r\nX: y",
      '"https://a.example/\\r\\nX: y" has a control character: leave it out',
    ],
    [
      "a password",
      "https://ada:secret@a.example/x",
      '"https://ada:secret@a.example/x" has a user name or password, which every visitor would see: write "https://a.example/x"',
    ],
    ["two dots in the host", "https://a..example/", `"https://a..example/" has no host that can be read: ${whole}`],
    ["a star in the host", "https://*.a.example/", `"https://*.a.example/" has no host that can be read: ${whole}`],
    [
      "what is too long",
      `https://a.example/${"x".repeat(1_983)}`,
      `"https://a.example/${"x".repeat(62)}..." has 2001 characters, and at most 2000 are allowed: write a shorter one`,
    ],
    [
      "what is too long when it is sent",
      `https://a.example/${"ü".repeat(1_000)}`,
      `"https://a.example/${"ü".repeat(62)}..." has 6018 characters, and at most 2000 are allowed: write a shorter one`,
    ],
  ])("refuses %s", (_sentence, text, words) => {
    expect(() => canonicalRedirect(text)).toThrow(new Error(words));
    expect(readableRedirect(text)).toBe("");
  });
});
