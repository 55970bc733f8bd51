/** /check/forward, asked by a real Caddy over a unix socket. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startCaddy } from "../../support/caddy.ts";
import { openConnection, sendRaw } from "../../support/raw-http.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { countConnections } from "../nginx/connection-counter.ts";
import { requestText, type VisitParts, visit } from "../nginx/visit.ts";
import { type Gate, lacksGate, site, startGate } from "./gate.ts";

const EXEMPT_CLIENT = "198.51.100.7";
const BODY = "x".repeat(100 * 1024);
const BROWSER = ["Accept: text/html"];

const settings = {
  internal_ips: EXEMPT_CLIENT,
  trusted_proxies: "unix,127.0.0.0/8",
  staff_claim: "X-Auth-Groups: staff",
  superuser_claim: "X-Auth-Groups: admin",
};

const HANDSHAKE = [
  "Connection: Upgrade",
  "Upgrade: websocket",
  "Sec-WebSocket-Version: 13",
  "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
];

describe.skipIf(await lacksGate())("Caddy's forward_auth", () => {
  let gate: Gate;
  let token = "";
  let cookie = "";
  beforeAll(async () => {
    gate = await startGate(settings);
    const { command } = gate.lull;
    for (const domain of ["closed.test", "open.test", "readonly.test"]) await command("site", "add", domain);
    await command("setmaintenance", "on", "closed.test");
    await command("period", "add", "--site", "readonly.test", "--mode", "readonly");
    const link = await command("bypass", "create", "--site", "closed.test", "--for", "1h");
    token = /\/\.lull\/bypass\/([\w-]{43})(?![\w-])/.exec(link)?.[1] ?? "";
    const redeemed = await sendRaw(
      { unix: gate.lull.socket },
      `POST /public HTTP/1.1\r\nHost: lull\r\nX-Forwarded-Host: closed.test\r\nX-Forwarded-Method: POST\r\n` +
        `X-Forwarded-Uri: /.lull/bypass/${token}\r\nX-Forwarded-Proto: https\r\n\r\n`,
    );
    cookie = redeemed.header("Set-Cookie")?.split(";")[0] ?? "";
  }, 30_000);
  afterAll(() => gate.stop());

  const outcome = async (parts: VisitParts = {}) => (await gate.visit({ host: "closed.test", ...parts })).outcome;

  test.each<[string, VisitParts, string]>([
    ["an open site", { host: "open.test" }, "pass"],
    ["an open site, POST with 100 KB", { host: "open.test", method: "POST", target: "/echo", body: BODY }, "pass"],
    ["an open site, a query of the check's own", { host: "open.test", target: "/?site=2" }, "pass"],
    ["an open site's own 401", { host: "open.test", target: "/status/401" }, "application 401"],
    ["an open site's own 403", { host: "open.test", target: "/status/403" }, "application 403"],
    ["an open site's own 500", { host: "open.test", target: "/status/500" }, "application 500"],
    ["an open site's own 503", { host: "open.test", target: "/status/503" }, "application 503"],
    ["a closed site", {}, "held"],
    ["HEAD", { method: "HEAD" }, "held"],
    ["POST with 100 KB", { method: "POST", target: "/echo", body: BODY }, "held"],
    ["Expect: 100-continue", { method: "POST", body: "x", headers: ["Expect: 100-continue"] }, "held"],
    ["OPTIONS", { method: "OPTIONS" }, "held"],
    ["an event stream", { target: "/events", headers: ["Accept: text/event-stream"] }, "held"],
    ["gRPC", { method: "POST", headers: ["Content-Type: application/grpc"], body: "x" }, "held"],
    ["a handshake of WebSocket", { target: "/ws", headers: HANDSHAKE }, "held"],
    ["the host in capitals, with a port", { host: "CLOSED.test:8443" }, "held"],
    ["the host with a final dot", { host: "closed.test." }, "held"],
    ["a query that names an open site", { target: "/?site=3" }, "held"],
    ["an exempt path", { target: "/admin/x?y" }, "pass"],
    ["a path beside it", { target: "/administrator" }, "held"],
    ["a path that leads out of it", { target: "/admin/../x" }, "held"],
    ["the same, encoded", { target: "/admin/%2e%2e/x" }, "held"],
    ["with an encoded slash", { target: "/admin/..%2fx" }, "held"],
    ["repeated slashes", { target: "//admin/" }, "held"],
    ["a semicolon", { target: "/admin;/x" }, "held"],
    ["one of the sidecar's own paths", { target: "/healthz" }, "held"],
    ["a read-only site, reading", { host: "readonly.test" }, "pass"],
    ["a read-only site, writing", { host: "readonly.test", method: "POST", target: "/echo", body: "x" }, "held"],
  ])("%s", async (_, parts, expected) => {
    expect(await outcome(parts)).toBe(expected);
  });

  test("the page is the visitor's, with its form, its time and its mark", async () => {
    const { response } = await gate.visit({ host: "closed.test", headers: BROWSER });
    expect([response.status, response.header("X-Lull"), response.header("Retry-After")]).toEqual([
      503,
      "closed",
      "300",
    ]);
    expect(response.text()).toContain("<h1>Down for maintenance</h1>");
    const json = await gate.visit({ host: "closed.test", headers: ["Accept: application/json"] });
    expect(json.response.header("Content-Type")).toBe("application/problem+json");
  });

  test("a number in the configuration wins over every host", async () => {
    const visited = async (host: string) => (await gate.visit({ host }, "two")).outcome;
    expect([await visited("closed.test"), await visited("open.test"), await visited("x.test")]).toEqual([
      "held",
      "held",
      "held",
    ]);
    expect((await gate.visit({ host: "open.test", target: "/?site=3" }, "two")).outcome).toBe("held");
  });

  test("a websocket of an open site is one", async () => {
    await using connection = await openConnection(gate.address());
    connection.send(requestText({ host: "open.test", target: "/ws", client: null, headers: HANDSHAKE }));
    expect((await connection.receive()).status).toBe(101);
  });

  test.each<[string, () => readonly string[], string]>([
    ["a bypass's cookie", () => [`Cookie: a=b; ${cookie}`], "pass"],
    ["a bypass's token", () => [`X-Lull-Bypass: ${token}`], "pass"],
    ["a cookie that was changed", () => [`Cookie: ${cookie.replace(/.$/, "*")}`], "held"],
    ["a cookie that Connection takes away", () => ["Connection: Cookie", `Cookie: ${cookie}`], "held"],
    ["a cookie for another site, by its host", () => ["X-Forwarded-Host: open.test"], "held"],
  ])("%s", async (_, headers, expected) => {
    expect(cookie).toStartWith("__Host-lull-bypass=v1.");
    expect(await outcome({ headers: headers() })).toBe(expected);
    expect(await outcome({ headers: headers(), method: "POST", target: "/echo", body: BODY })).toBe(expected);
  });

  test("staff is whom Caddy says is staff", async () => {
    expect(await outcome({ target: "/for-staff" })).toBe("pass");
    expect(await outcome()).toBe("held");
  });

  test.each<[string, readonly string[]]>([
    ["a claim", ["X-Auth-Groups: staff"]],
    ["a claim twice", ["X-Auth-Groups: staff", "X-Auth-Groups: admin"]],
    ["a claim in other letters", ["x-auth-GROUPS: admin"]],
    ["a claim with underscores", ["X_Auth_Groups: admin"]],
    ["what the sidecar says", ["X-Lull: bypass", "X-Lull-Why: superuser"]],
    ["X-Forwarded-For", [`X-Forwarded-For: ${EXEMPT_CLIENT}`]],
    ["X-Forwarded-For twice", [`X-Forwarded-For: ${EXEMPT_CLIENT}`, `X-Forwarded-For: ${EXEMPT_CLIENT}`]],
    ["X-Real-IP", [`X-Real-IP: ${EXEMPT_CLIENT}`, `X_Real_IP: ${EXEMPT_CLIENT}`]],
    ["Forwarded", [`Forwarded: for=${EXEMPT_CLIENT};host=open.test`]],
    ["X-Forwarded-Host", ["X-Forwarded-Host: open.test"]],
    ["X-Forwarded-Uri", ["X-Forwarded-Uri: /admin/", "X-Original-Uri: /admin/", "X-Rewrite-URL: /admin/"]],
    ["a whole URL", ["X-Original-URL: http://open.test/admin/"]],
    ["X-Forwarded-Method", ["X-Forwarded-Method: GET", "X-HTTP-Method-Override: GET"]],
    ["underscores", ["X_Forwarded_Uri: /admin/", "X_Forwarded_Host: open.test", `X_Forwarded_For: ${EXEMPT_CLIENT}`]],
    ["what Connection takes away", ["Connection: X-Forwarded-Uri, X-Forwarded-Host, X-Forwarded-For, X-Auth-Groups"]],
    ["an error page of another proxy", ["X-Code: 200"]],
    ["an accel redirect", ["X-Accel-Redirect: /admin/"]],
  ])("what a visitor says about itself does nothing: %s", async (_, headers) => {
    expect(await outcome({ headers })).toBe("held");
    expect(await outcome({ host: "readonly.test", method: "POST", headers, body: "x" })).toBe("held");
    expect(await outcome({ host: "open.test", headers })).toBe("pass");
  });

  test.each<[string, string, string]>([
    ["the client that it names", EXEMPT_CLIENT, "pass"],
    ["another client", "203.0.113.9", "held"],
    ["a client's claim left of it", `${EXEMPT_CLIENT}, 203.0.113.9`, "held"],
    ["an exempt client behind another hop of ours", `203.0.113.9, ${EXEMPT_CLIENT}, 127.0.0.2`, "pass"],
    ["what is no address", `${EXEMPT_CLIENT}, unknown`, "held"],
  ])("behind a balancer X-Forwarded-For is read from the right: %s", async (_, list, expected) => {
    const headers = [`X-Forwarded-For: ${list}`];
    expect((await gate.visit({ host: "closed.test", headers }, "balanced")).outcome).toBe(expected);
  });

  test("one command opens and closes it", async () => {
    await gate.lull.command("setmaintenance", "off", "closed.test");
    expect(await outcome()).toBe("pass");
    await gate.lull.command("setmaintenance", "on", "closed.test");
    expect(await outcome()).toBe("held");
  });

  test("one connection serves a hundred checks, held and passed", async () => {
    await using folder = temporaryFolder();
    const socket = folder.file("counted.sock");
    const counter = await countConnections({ listen: socket, target: gate.lull.socket });
    const place = { socket, app: gate.app, query: "?", more: "" };
    const caddy = await startCaddy(site("web", place));
    const address = { host: "127.0.0.1", port: caddy.port("web") };
    for (let turn = 0; turn < 100; turn++) {
      const host = turn % 2 === 0 ? "open.test" : "closed.test";
      const { outcome } = await visit({ address, app: gate.app }, { host, client: null, headers: BROWSER });
      expect(outcome).toBe(turn % 2 === 0 ? "pass" : "held");
    }
    const counted = [counter.requests(), counter.connections()];
    await caddy.stop();
    await counter.stop();
    expect(counted).toEqual([100, 1]);
  });

  test("the sidecar has answered all of it", async () => {
    expect(await gate.caddy.log()).not.toMatch(/"level":"error"/);
  });
});
