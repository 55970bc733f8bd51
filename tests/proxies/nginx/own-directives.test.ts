import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { APPLICATION, type Gate, lacksGate, server, startGate } from "./gate.ts";

/** What operators say of their own answers, on the level that locations inherit from. */
const DIRECTIVES = `
  expires 30d;
  add_header Cache-Control "public, max-age=3600" always;
  add_header Content-Security-Policy "default-src 'self'" always;
  add_header Access-Control-Allow-Origin "*" always;
  proxy_force_ranges on;
  proxy_store on;
  proxy_set_body "x";
  proxy_redirect https:// http://;
  proxy_intercept_errors on;
  mirror /mirror;
  location = /mirror { internal; proxy_pass http://app/mirrored; }`;

const ORIGIN = "https://app.example";

describe.skipIf(await lacksGate())("a site with directives of its own", () => {
  let gate: Gate;
  beforeAll(async () => {
    const content = `root @folder@; ${DIRECTIVES} include snippets/lull.conf; location / { proxy_pass http://app; ${APPLICATION} }`;
    gate = await startGate({ servers: server("_", content) });
    await gate.lull.command("site", "set", "1", "--origins", ORIGIN);
    await gate.lull.command("setmaintenance", "on");
  }, 20_000);
  afterAll(() => gate.stop());

  test.each<[string, string, readonly string[], number]>([
    ["the page", "GET", ["Accept: text/html"], 503],
    ["JSON", "POST", ["Accept: application/json"], 503],
    ["an event stream", "GET", ["Accept: text/event-stream"], 200],
    ["a range of an event stream", "GET", ["Accept: text/event-stream", "Range: bytes=0-4"], 200],
    ["a preflight", "OPTIONS", [`Origin: ${ORIGIN}`, "Access-Control-Request-Method: PUT"], 204],
    ["an answer that a script reads", "GET", [`Origin: ${ORIGIN}`], 503],
  ])("changes nothing in %s", async (_, method, headers, status) => {
    gate.app.forget();
    const { response } = await gate.visit({ method, headers, body: method === "POST" ? "{}" : "" });
    expect(response.status).toBe(status);
    expect([response.header("cache-control"), response.header("expires")]).toEqual(["no-store", null]);
    const policy = response.header("content-security-policy");
    if (headers.includes("Accept: text/html")) expect(policy).toStartWith("default-src 'none'; style-src 'sha256-");
    else expect(policy).toBeNull();
    const isOrigin = headers.some((line) => line.startsWith("Origin"));
    expect(response.header("access-control-allow-origin")).toBe(isOrigin ? ORIGIN : null);
    expect([response.header("x-lull"), gate.app.hits()]).toEqual(["closed", 0]);
  });

  test("a redirect stays what it is, and is not kept", async () => {
    await gate.lull.command("site", "add", "elsewhere.test", "--redirect", "https://status.example/");
    await gate.lull.command("setmaintenance", "on", "elsewhere.test");
    const { response } = await gate.visit({ host: "elsewhere.test", headers: ["Accept: text/html"] });
    expect([response.status, response.header("location")]).toEqual([302, "https://status.example/"]);
    expect([response.header("cache-control"), response.header("expires")]).toEqual(["no-store", null]);
  });

  test("every form is held, again and again on the same connections", async () => {
    for (let visit = 0; visit < 40; visit++) {
      const { outcome } = await gate.visit({
        method: visit % 2 === 0 ? "POST" : "GET",
        body: visit % 2 === 0 ? "a=b" : "",
      });
      expect(outcome).toBe("held");
    }
  });

  test("/.lull/up is not kept either, and nothing is stored", async () => {
    const { response } = await gate.visit({ target: "/.lull/up" });
    expect([response.status, response.header("x-lull"), response.header("expires")]).toEqual([503, "closed", null]);
    const { exists } = Bun.file(`${gate.nginx.folder}/public`);
    expect([
      await exists.call(Bun.file(`${gate.nginx.folder}/public`)),
      await Bun.file(`${gate.nginx.folder}/answer`).exists(),
    ]).toEqual([false, false]);
  });
});
