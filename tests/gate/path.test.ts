import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { asByteString, canonicalPath, canonicalPathOf } from "../../src/gate/path.ts";
import { readCorpus } from "./builders.ts";
import { generateTargets } from "./path-targets.ts";

interface NginxRow {
  readonly raw: string;
  readonly nginx_uri: string | null;
  readonly nginx_uri_merge_slashes_off?: string;
}

interface ProxyRow {
  readonly proxy: string;
  readonly raw: string;
  readonly status: number;
  readonly seen?: string;
}

function isNginxRow(row: unknown): row is NginxRow {
  return typeof row === "object" && row !== null && "raw" in row && "nginx_uri" in row;
}

function isProxyRow(row: unknown): row is ProxyRow {
  return typeof row === "object" && row !== null && "raw" in row && "proxy" in row;
}

const nginxRows = readCorpus("nginx-paths.jsonl").filter(isNginxRow);
const proxyRows = readCorpus("other-proxy-paths.jsonl").filter(isProxyRow);

describe("canonicalPath and what nginx made of a target", () => {
  test("all targets are there", () => expect(nginxRows).toHaveLength(175));

  test.each(nginxRows.map((row) => [JSON.stringify(row.raw), row] as const))(
    "%s is ambiguous or nginx's $uri",
    (_raw, row) => {
      const path = canonicalPath(row.raw);
      if (path === null) return;
      expect(row.nginx_uri).toBe(asByteString(path));
      expect(row.nginx_uri_merge_slashes_off).toBe(asByteString(path));
    },
  );

  test("exactly these of them have one reading", () => {
    const readable = nginxRows.flatMap(({ raw }) => (canonicalPath(raw) === null ? [] : [raw]));
    expect(readable.join("  ")).toBe(
      "/  /admin  /admin/  /ADMIN/  /index.html  /a/b/c  /..admin  /.a  /a/.b  /a/.../b  /%41dmin  /%61%64%6d%69%6e  " +
        "/%61%64%6D%69%6E  /%7Euser  /a%20b  /a%2Bb  /a%2bb  /%7e  /admin?  /?  /a?b?c  /public?/../admin  /a?%00  " +
        "/%C3%A9  /%c3%a9  /\xc3\xa9  /{admin}  /admin|x  /\"admin\"  /'admin'  /<admin>  /`admin`  /[admin]  /(admin)  " +
        "/admin*  /admin&x=1  /admin!  /$uri  /.well-known/acme-challenge/x  /healthz%20  /admin.css  /admin/.css  /admin?.css",
    );
  });
});

test("a path with one reading is read the same by Caddy, Apache, HAProxy, Varnish and Bun", () => {
  const differing = proxyRows.flatMap(({ proxy, raw, seen }) => {
    const path = canonicalPath(raw);
    return path === null || seen === undefined || unescaped(seen) === asByteString(path) ? [] : [`${proxy} ${raw}`];
  });
  // These told what they saw in a header, whose final space is lost on the way.
  const lostSpace = ["caddy", "apache", "apache-nodecode-nocanon", "apache-encodedslashes-on"];
  expect(differing).toEqual(lostSpace.map((proxy) => `${proxy} /healthz%20`));
});

/** Some of them report the target as it came, others the decoded path. */
function unescaped(seen: string): string {
  const [path = ""] = seen.split("?");
  return path.replace(/%([0-9a-f]{2})/gi, (_escape, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

describe("canonicalPath", () => {
  test.each<[string, string, string | null]>([
    ["escapes are decoded once", "/caf%C3%A9", "/café"],
    ["raw UTF-8 is decoded", "/caf\xc3\xa9/", "/café/"],
    ["half escaped UTF-8 is decoded", "/%C3\xa9", "/é"],
    ["four bytes are one character", "/%F0%9F%98%80", "/😀"],
    ["the query is cut off", "/a?b=/../c", "/a"],
    ["an escaped dot beside letters is a dot", "/a%2ecss", "/a.css"],
    ["three dots are a name", "/.%2e.", "/..."],
    ["a byte order mark stays", "/%EF%BB%BFa", "/\ufeffa"],
    ["a final slash stays", "/a/", "/a/"],
    ["an escaped percent sign is ambiguous", "/%2561", null],
    ["an escaped dot segment at the end is ambiguous", "/a/%2E%2e", null],
    ["a dot segment before the query is ambiguous", "/a/..?b", null],
    ["an escaped question mark is ambiguous", "/a%3Fb", null],
    ["an escaped number sign is ambiguous", "/a%23", null],
    ["a number sign in the query is ambiguous", "/a?b#c", null],
    ["a raw space in the query is ambiguous", "/a?b c", null],
    ["a delete in the query is ambiguous", "/a?\x7f", null],
    ["overlong UTF-8 is ambiguous", "/%c0%ae%c0%ae/a", null],
    ["an escaped surrogate is ambiguous", "/%ed%a0%80", null],
    ["absolute form is ambiguous", "http://example.com/a", null],
    ["asterisk form is ambiguous", "*", null],
    ["a doubled header is ambiguous", "/robots.txt, /robots.txt", null],
    ["text that is no byte string is ambiguous", "/€", null],
    ["also in the query", "/a?€", null],
    ["8,192 bytes are a path", `/${"a".repeat(8_191)}`, `/${"a".repeat(8_191)}`],
    ["8,193 bytes are none", `/${"a".repeat(8_192)}`, null],
    ["a long query is no long path", `/a?${"a".repeat(60_000)}`, "/a"],
  ])("%s", (_sentence, target, path) => {
    expect(canonicalPath(target)).toBe(path);
  });

  test("what it returns reads as itself, raw or escaped", () => {
    for (const target of generateTargets(5_000, 7)) {
      const path = canonicalPath(target);
      if (path === null) continue;
      expect(canonicalPath(asByteString(path).replaceAll(" ", "%20"))).toBe(path);
      expect(canonicalPath(encodeURI(path))).toBe(path);
      expect(canonicalPathOf(path)).toBe(path);
    }
  });

  test("any bytes are ambiguous or safe to compare", () => {
    const bytes = fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 24 });
    fc.assert(
      fc.property(bytes, (codes) => {
        const path = canonicalPath(`/${String.fromCharCode(...codes)}`);
        if (path === null) return;
        expect(path).toMatch(/^\/(?!.*\/\/)(?!.*\/\.{1,2}(?:\/|$))[^\\;#?%]*$/su);
        expect([...path].every((character) => character >= " " && character !== "\x7f")).toBe(true);
      }),
    );
  });
});

describe("canonicalPathOf", () => {
  test.each<[string, string, string]>([
    ["text", "/café", "/café"],
    ["escapes", "/caf%C3%A9", "/café"],
    ["a space", "/a b", "/a b"],
    ["an escaped space", "/a%20b", "/a b"],
  ])("takes %s", (_sentence, text, path) => {
    expect(canonicalPathOf(text)).toBe(path);
  });

  test.each<[string, string, string]>([
    ["a relative path", "admin", 'write "/admin"'],
    ["a URL", "https://example.com/a", 'write "/a"'],
    ["a query", "/a?b", 'has a query, which is never looked at: write "/a"'],
    ["two slashes", "//a", "write one slash"],
    ["dot segments", "/a/../b", 'leave out the segments "." and ".."'],
    ["escaped dot segments", "/a/%2e%2e", 'leave out the segments "." and ".."'],
    ["a malformed escape", "/100%", "two hexadecimal digits"],
    ["parameters", "/a;b", "leave out"],
    ["half a surrogate pair", "/\ud800", "not valid Unicode"],
    ["a path that no visit has", `/${"é".repeat(5_000)}`, "a path of 10001 bytes"],
  ])("refuses %s", (_sentence, text, message) => {
    expect(() => canonicalPathOf(text)).toThrow(message);
  });
});
