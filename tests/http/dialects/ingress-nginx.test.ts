import { describe, expect, test } from "bun:test";
import { plainVectors } from "../../answer/answer-vectors.ts";
import { openConnection, sendRaw } from "../../support/raw-http.ts";
import { bypass, key, sealed } from "../bypass-builders.ts";
import { startFixture } from "../sidecar-fixture.ts";
import { ask, askers } from "./askers.ts";
import { closedHost, two } from "./two-sites.ts";

const [asker] = askers.filter(({ name }) => name === "ingress-nginx");
if (asker === undefined) throw new Error("nobody asks as ingress-nginx does");

describe("/check/ingress-nginx", () => {
  test.each<[string, string | null, number]>([
    ["an exempt path", "https://two.example/admin", 200],
    ["over plain http, with a port", "http://two.example:8080/admin?x=https://one.example/", 200],
    ["no host, as over HTTP/3", "https:///admin", 200],
    ["another path", "https://two.example/", 403],
    ["an open site's host, of the visitor's own saying", "https://one.example/", 403],
    ["an open site in the path", "https://two.example/https://one.example/", 403],
    ["a target that begins with its query", "https://two.example?x=/admin", 403],
    ["a host with a query in it", "https://one.example?x/admin", 403],
    ["a host with a fragment", "https://one.example#/admin", 403],
    ["no path", "https://two.example", 403],
    ["another scheme", "ftp://two.example/admin", 403],
    ["capitals, which nginx does not write", "HTTPS://two.example/admin", 403],
    ["a path alone", "/admin", 403],
    ["nothing", null, 403],
  ])("of the Ingress of a closed site: %s", async (_, url, status) => {
    await using sidecar = await startFixture(two);
    const response = await sendRaw(sidecar.unix, ask(asker, { query: "site=2", sent: { "X-Original-URL": url } }));
    expect(response.status).toBe(status);
  });

  test("the host chooses no site: with a number it says nothing, and without one any closed site holds", async () => {
    await using sidecar = await startFixture(two);
    const statusOf = async (path: string, host: string) => {
      const asked = ask(asker, { host }).replace(/^GET \S+/, `GET ${path}`);
      return (await sendRaw(sidecar.unix, asked)).status;
    };
    for (const host of ["one.example", "two.example", ""]) {
      expect(await statusOf("/check/ingress-nginx?site=1", host)).toBe(200);
      expect(await statusOf("/check/ingress-nginx?site=2", host)).toBe(403);
      expect(await statusOf("/check/ingress-nginx", host)).toBe(403);
    }
    sidecar.clock.elapsedMs = 60_000;
    expect(await statusOf("/check/ingress-nginx", "one.example")).toBe(200);
  });

  test("a bypass of one host's staff is none here, where the visitor says which host it is", async () => {
    const staff = bypass({ siteId: 2, standing: "staff" });
    await using sidecar = await startFixture({ ...two, bypasses: [staff], bypassKeys: [key] });
    const cookie = `__Host-lull-bypass=${sealed({ siteId: 2, standing: "staff" }, 2, "two.example")}`;
    const asked = { ...closedHost, headers: { Cookie: cookie } };
    expect((await sendRaw(sidecar.unix, ask(asker, asked))).status).toBe(403);
    const [other] = askers.filter(({ name }) => name === "nginx");
    if (other === undefined) throw new Error("nobody asks as nginx does");
    expect((await sendRaw(sidecar.unix, ask(other, asked))).status).toBe(204);
  });

  test("auth-method changes what it is asked with, and nothing else", async () => {
    await using sidecar = await startFixture({ ...two, periods: [{ siteId: 2, mode: "readonly" }] });
    for (const [method, status] of [
      ["GET", 200],
      ["POST", 403],
    ] as const) {
      const sent = { "X-Original-URI": "/admin", "X-Scheme": "https" };
      const asked = ask(asker, { ...closedHost, method, sent }).replace(/^GET/, "POST");
      expect((await sendRaw(sidecar.unix, asked)).status).toBe(status);
    }
  });
});

/** nginx.tmpl, CUSTOM_ERRORS: all of the visitor's headers, and these over them; the path is always `/`. */
function errorPage(change: Readonly<Record<string, string | null>> = {}, method = "GET", path = "/"): string {
  const headers = {
    "X-Code": "403",
    "X-Format": "text/html",
    "X-Original-URI": "/",
    "X-Namespace": "shop",
    "X-Ingress-Name": "shop",
    "X-Service-Name": "shop",
    "X-Service-Port": "80",
    "X-Request-ID": "5f1c",
    Host: "two.example",
    Accept: "text/html",
    ...change,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}\r\n`]));
  return `${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

describe("the default backend of ingress-nginx", () => {
  test("a closed site is the page with 503, and never stored", async () => {
    await using sidecar = await startFixture(two);
    const response = await sendRaw(sidecar.unix, errorPage());
    expect([response.status, response.header("Retry-After"), response.header("X-Lull")]).toEqual([503, "60", "closed"]);
    expect([response.header("Cache-Control"), response.header("Content-Type")]).toEqual([
      "no-store",
      "text/html; charset=utf-8",
    ]);
    expect(response.text()).toContain("<h1>Down for maintenance</h1>");
  });

  test.each<[string, Readonly<Record<string, string | null>>, number]>([
    ["an open site's own 403", { Host: "one.example" }, 403],
    ["an open site's own 404", { Host: "one.example", "X-Code": "404" }, 404],
    ["an open site's own 500", { Host: "one.example", "X-Code": "500" }, 500],
    ["an exempt path's own 403", { "X-Original-URI": "/admin" }, 403],
    ["a success of an open site", { Host: "one.example", "X-Code": "200" }, 500],
    ["a redirect of an open site", { Host: "one.example", "X-Code": "302" }, 500],
    ["no number", { Host: "one.example", "X-Code": "200 OK" }, 500],
    ["two numbers", { Host: "one.example", "X-Code": "403, 200" }, 500],
    ["an empty one", { Host: "one.example", "X-Code": "" }, 500],
    ["a number that nobody knows", { Host: "one.example", "X-Code": "499" }, 499],
    ["a success of a closed site", { "X-Code": "200" }, 503],
    ["a network of the visitor's own saying", { "X-Real-IP": "10.1.2.3", "X-Forwarded-For": "10.1.2.3" }, 503],
    ["a path that is missing", { "X-Original-URI": null }, 503],
  ])("%s", async (_, headers, status) => {
    await using sidecar = await startFixture(two);
    expect((await sendRaw(sidecar.unix, errorPage(headers))).status).toBe(status);
  });

  test.each(["/healthz", "/metrics", "/status", "/status/1/up", "/readyz", "/public", "/check", "/x", "/?site=1"])(
    "of a service without endpoints the path is the visitor's, and selects nothing: %s",
    async (path) => {
      await using sidecar = await startFixture(two);
      for (const [Host, status] of [
        ["one.example", 503],
        ["two.example", 503],
      ] as const) {
        const response = await sendRaw(sidecar.unix, errorPage({ Host, "X-Code": "503" }, "GET", path));
        expect(response.status).toBe(status);
        expect(response.text()).not.toContain("lull_");
      }
    },
  );

  test("nor does its query select a site", async () => {
    await using sidecar = await startFixture(two);
    expect((await sendRaw(sidecar.unix, errorPage({}, "GET", "/?site=1"))).status).toBe(503);
  });

  test.each(plainVectors)("never answers below 400: %s (%s)", async (_, _form, method, headers) => {
    const sites = two.sites.map((site) => ({ ...site, redirectUrl: "https://status.example/" }));
    await using sidecar = await startFixture({ ...two, sites });
    for (const Host of ["one.example", "two.example"]) {
      const response = await sendRaw(sidecar.unix, errorPage({ Accept: null, ...headers, Host }, method));
      expect(response.status).toBe(Host === "one.example" ? 403 : 503);
    }
  });

  test("who is let in, and whom the application refuses, sees its 403; a claim counts for nothing", async () => {
    const claims = { staff: { header: "x-groups", value: "staff" }, superuser: null };
    const staff = { blockStaff: false, claims, tokens: null, probe: null };
    const options = { ...two, bypasses: [bypass({ siteId: 2 })], bypassKeys: [key], config: { staff } };
    await using sidecar = await startFixture(options);
    const cookie = `__Host-lull-bypass=${sealed({ siteId: 2 }, 2)}`;
    expect((await sendRaw(sidecar.unix, errorPage({ Cookie: cookie }))).status).toBe(403);
    expect((await sendRaw(sidecar.unix, errorPage({ "X-Groups": "staff" }))).status).toBe(503);
  });

  test("HEAD, Connection: close, and no snapshot", async () => {
    await using sidecar = await startFixture({ empty: true });
    expect((await sendRaw(sidecar.unix, errorPage())).status).toBe(403);
    sidecar.place(two);
    const closing = await sendRaw(sidecar.unix, errorPage({ Connection: "close" }));
    expect([closing.status, closing.header("Connection")]).toEqual([503, "close"]);
    await using connection = await openConnection(sidecar.unix);
    connection.send(errorPage({}, "HEAD"));
    const head = await connection.receive("HEAD");
    expect([head.status, head.header("Retry-After")]).toEqual([503, "60"]);
  });

  test("without X-Code there is nothing", async () => {
    await using sidecar = await startFixture(two);
    expect((await sendRaw(sidecar.unix, errorPage({ "X-Code": null }))).status).toBe(404);
  });
});
