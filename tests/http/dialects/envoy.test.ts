import { describe, expect, test } from "bun:test";
import { sendRaw } from "../../support/raw-http.ts";
import { startFixture } from "../sidecar-fixture.ts";
import { ask, askers, type Change } from "./askers.ts";
import { closedHost, outcome, two } from "./two-sites.ts";

const [asker] = askers.filter(({ name }) => name === "Envoy");
if (asker === undefined) throw new Error("nobody asks as Envoy does");

/** `path_prefix` as somebody wrote it, and Envoy's target after it. */
function asks(path: string, headers: Readonly<Record<string, string>> = {}): string {
  const lines = Object.entries({ Host: "two.example", ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

describe("/check/envoy", () => {
  test.each<[string, string, number]>([
    ["an exempt path", "/check/envoy?path=/admin/", 200],
    ["and its query", "/check/envoy?path=/admin/?a=b&c=d?e", 200],
    ["an exempt path behind the number", "/check/envoy?site=2&path=/admin/", 200],
    ["an open site by its number", "/check/envoy?site=1&path=/", 200],
    ["a closed site by its number", "/check/envoy?site=2&path=/", 403],
    ["a number in the visitor's part", "/check/envoy?path=/&site=1", 403],
    ["a number in its query", "/check/envoy?path=/?site=1&path=/admin", 403],
    ["another path in the visitor's part", "/check/envoy?path=/x&path=/admin", 403],
    ["a number that is none", "/check/envoy?site=two&path=/admin", 403],
    ["two numbers", "/check/envoy?site=1&site=1&path=/", 403],
    ["an ampersand in the path", "/check/envoy?path=/admin&x", 403],
    ["another parameter before it", "/check/envoy?a=b&path=/admin", 403],
    ["a parameter that only ends like it", "/check/envoy?xpath=/admin", 403],
    ["no target", "/check/envoy?path=", 403],
    ["no parameter", "/check/envoy", 403],
    ["a target that begins with no slash", "/check/envoy?path=admin", 403],
    ["an absolute one", "/check/envoy?path=http://one.example/admin", 403],
    ["the asterisk", "/check/envoy?path=*", 403],
    ["a fragment", "/check/envoy?path=/admin#", 403],
    ["dots", "/check/envoy?path=/admin/../x", 403],
    ["a semicolon", "/check/envoy?path=/admin;x", 403],
    ["a backslash", "/check/envoy?path=/admin\\x", 403],
    ["a NUL", "/check/envoy?path=/admin/%00", 403],
    ["a malformed escape", "/check/envoy?path=/admin/%zz", 403],
    ["a byte that is not UTF-8", "/check/envoy?path=/admin/\xff", 403],
    ["UTF-8", "/check/envoy?path=/admin/caf\xc3\xa9", 200],
    ["quotation marks", "/check/envoy?path=/admin/\"'<>", 200],
  ])("%s", async (_, path, status) => {
    await using sidecar = await startFixture(two);
    expect((await sendRaw(sidecar.unix, asks(path))).status).toBe(status);
  });

  test.each([
    "/check/envoy/admin",
    "/check/envoy//admin",
    "/check/envoy/%2e%2e%2fhealthz",
    "/check/envoy%3fpath=/admin",
    "/check/envoy;/admin",
  ])("a target that is appended to the path itself is nobody's, and no pass: %s", async (path) => {
    await using sidecar = await startFixture(two);
    expect((await sendRaw(sidecar.unix, asks(path))).status).toBe(404);
  });

  test.each([
    "one.example/healthz?",
    "/healthz?",
    "one.example/../../healthz#",
    "http://one.example/healthz?",
    "two.example@one.example",
    "one.example, one.example",
    "one.example two.example",
    "\xff",
    "",
  ])("a Host selects neither a path of the sidecar's nor an open site: %p", async (Host) => {
    await using sidecar = await startFixture(two);
    const response = await sendRaw(sidecar.unix, asks("/check/envoy?path=/", { Host }));
    expect(outcome(asker, response)).toBe("held");
  });

  test("a held visit is 403 with the page: 5xx would be an error, which may let everybody in", async () => {
    await using sidecar = await startFixture(two);
    const change: Change = { ...closedHost, headers: { Accept: "text/html", "Accept-Language": "de" } };
    const response = await sendRaw(sidecar.unix, ask(asker, change));
    expect([response.status, response.header("Content-Type")]).toEqual([403, "text/html; charset=utf-8"]);
    expect(response.text()).toContain("<h1>");
    expect(response.header("Retry-After")).toBe("60");
    const redirected = two.sites.map((site) => ({ ...site, redirectUrl: "https://status.example/" }));
    sidecar.place({ ...two, sites: redirected });
    expect((await sendRaw(sidecar.unix, ask(asker, change))).status).toBe(302);
  });

  test("the visitor's own method is the request's", async () => {
    await using sidecar = await startFixture({ ...two, periods: [{ siteId: 2, mode: "readonly" }] });
    const sent = { "X-Forwarded-Method": "GET", "X-Original-Method": "GET", "X-HTTP-Method-Override": "GET" };
    for (const method of ["POST", "PUT", "PATCH", "DELETE", "PURGE", "PROPFIND", "TRACE", "QUERY"]) {
      expect(outcome(asker, await sendRaw(sidecar.unix, ask(asker, { ...closedHost, method, sent })))).toBe("held");
    }
    for (const method of ["GET", "OPTIONS"]) {
      expect(outcome(asker, await sendRaw(sidecar.unix, ask(asker, { ...closedHost, method })))).toBe("passes");
    }
  });
});
