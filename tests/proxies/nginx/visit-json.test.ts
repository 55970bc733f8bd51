/** `/.lull/visit.json` through a real nginx: what it tells a visitor is what becomes of the visitor's next request. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { secureCookieName } from "../../../src/gate/bypass.ts";
import { type BypassGate, lacksBypassGate, startBypassGate } from "./bypass-gate.ts";
import { APPLICATION, server, startGate } from "./gate.ts";

const groups = `map $remote_addr $lull_groups { default ""; 203.0.113.21 staff; 203.0.113.22 admin; }`;
const [nobody, staff, superuser, colleague] = ["203.0.113.9", "203.0.113.21", "203.0.113.22", "10.1.2.3"];
const settings = { staff_claim: "X-Auth-Groups: staff", superuser_claim: "X-Auth-Groups: admin" };

function answer(site: string, visitor: string, why: string): string {
  return JSON.stringify({ schemaVersion: 1, site, visitor, why });
}

describe.skipIf(await lacksBypassGate())("visit.json of a closed site", () => {
  let closed: BypassGate;
  let token = "";
  let cookie = "";
  beforeAll(async () => {
    closed = await startBypassGate({ settings, groups });
    await closed.gate.lull.command("exempt", "add", "--network", "10.0.0.0/8");
    await closed.gate.lull.command("exempt", "add", "--path", "/.lull");
    token = await closed.create("--site", "one.test");
    cookie = await closed.redeem(token);
  });
  afterAll(() => closed.stop());

  test.each<[string, string, () => readonly string[], string | null]>([
    ["nobody", nobody, () => [], null],
    ["staff", staff, () => [], "staff"],
    ["a superuser", superuser, () => [], "superuser"],
    ["a colleague", colleague, () => [], "exempt-network"],
    ["a script with a token", nobody, () => [`X-Lull-Bypass: ${token}`], "bypass"],
    ["who has redeemed", nobody, () => [`Cookie: a=b; ${cookie}`], "bypass"],
    ["a token and a half", nobody, () => [`X-Lull-Bypass: ${token}${token.slice(21)}`], null],
    ["a forged cookie", nobody, () => [`Cookie: ${secureCookieName}=v1.1.2.9999999999999.1.${"A".repeat(43)}`], null],
    ["groups that the visitor names", nobody, () => ["X-Auth-Groups: staff, admin"], null],
    ["an address that the visitor names", nobody, () => ["X-Real-IP: 10.1.2.3", "X-Forwarded-For: 10.1.2.3"], null],
    ["another address of a page", nobody, () => ["X-Forwarded-Uri: /admin/", "X-Forwarded-Host: two.test"], null],
    ["another method", nobody, () => ["X-Forwarded-Method: OPTIONS", "X-HTTP-Method-Override: OPTIONS"], null],
    ["what the sidecar says", nobody, () => ["X-Lull: bypass", "X-Lull-Why: superuser"], null],
    ["a token that nobody has signed", nobody, () => ["Authorization: Bearer e30.e30.e30"], null],
  ])("tells %s what the next request will meet", async (_, client, headers, why) => {
    const visitor = { client, headers: headers() };
    const told = await closed.gate.visit({ ...visitor, target: "/.lull/visit.json" });
    expect([told.response.status, told.response.text()]).toEqual([
      200,
      answer("closed", why === null ? "held" : "passes", why ?? "period"),
    ]);
    expect(told.response.header("Cache-Control")).toBe("private, no-store");
    const next = await closed.gate.visit(visitor);
    expect(next.outcome).toBe(why === null ? "held" : "pass");
  });
});

describe.skipIf(await lacksBypassGate())("what a site says of its own answers", () => {
  test("does not let pages of other sites read it, nor anything keep it", async () => {
    const lines = [
      "add_header Access-Control-Allow-Origin $http_origin always;",
      "add_header Access-Control-Allow-Credentials true always;",
      "add_header Cross-Origin-Resource-Policy cross-origin always;",
      'add_header Cache-Control "public, max-age=600" always;',
    ];
    const content = `include snippets/lull.conf; ${lines.join(" ")} location / { proxy_pass http://app; ${APPLICATION} }`;
    await using gate = await startGate({ servers: server("_", content) });
    await gate.lull.command("setmaintenance", "on");
    const { response } = await gate.visit({ target: "/.lull/visit.json", headers: ["Origin: https://evil.example"] });
    const told = (name: string) =>
      response.headers.filter(([each]) => each.toLowerCase() === name).map(([, text]) => text);
    expect([response.status, told("cache-control")]).toEqual([200, ["private, no-store"]]);
    expect(told("cross-origin-resource-policy")).toEqual(["same-origin"]);
    expect(told("access-control-allow-origin")).toEqual([]);
  });
});
