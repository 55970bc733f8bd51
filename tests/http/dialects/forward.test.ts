import { describe, expect, test } from "bun:test";
import { sendRaw } from "../../support/raw-http.ts";
import { request, startFixture } from "../sidecar-fixture.ts";
import { ask, askers, type Change } from "./askers.ts";
import { closedHost, outcome, two } from "./two-sites.ts";

const proxies = askers.filter(({ path }) => path === "/check/forward");
const redirectUrl = "https://status.example/";

describe.each(proxies.map((asker) => [asker.name, asker] as const))("/check/forward, asked by %s", (_, asker) => {
  test.each<[string, Change, string]>([
    ["a browser", { headers: { Accept: "text/html" } }, "text/html; charset=utf-8"],
    ["a script", { headers: { Accept: "application/json" } }, "application/problem+json"],
    ["a form", { method: "POST", headers: { Accept: "text/html" } }, "text/html; charset=utf-8"],
    [
      "JSON that is sent",
      { method: "POST", headers: { "Content-Type": "application/json" } },
      "application/problem+json",
    ],
    ["curl", { headers: { Accept: "*/*" } }, "text/plain; charset=utf-8"],
    ["a handshake of WebSocket", { headers: { Accept: "text/html", Upgrade: "websocket" } }, "text/"],
    ["an event stream, which would be 200 elsewhere", { headers: { Accept: "text/event-stream" } }, "text/plain"],
    [
      "gRPC, which would be 200 elsewhere",
      { method: "POST", headers: { "Content-Type": "application/grpc" } },
      "text/plain",
    ],
  ])("the answer is in the form of who visits: %s", async (_, change, type) => {
    await using sidecar = await startFixture(two);
    const response = await sendRaw(sidecar.unix, ask(asker, { ...closedHost, ...change }));
    expect([response.status, outcome(asker, response)]).toEqual([503, "held"]);
    expect(response.header("Content-Type")).toStartWith(type);
    expect(response.header("Cache-Control")).toBe("no-store");
    expect(response.header("Vary")).toContain("Accept");
  });

  test("it is what /answer says, letter by letter", async () => {
    await using sidecar = await startFixture(two);
    const headers = { Accept: "text/html", "Accept-Language": "de" };
    const whole = await sendRaw(sidecar.unix, ask(asker, { ...closedHost, headers }));
    const answered = await sendRaw(sidecar.unix, request("/answer?site=2", { ...headers }));
    expect(whole.text()).toBe(answered.text());
    const unmarked = whole.headers.filter(([name]) => name !== "X-Lull");
    expect(unmarked.sort()).toEqual([...answered.headers].sort());
  });

  test("a site that sends its visitors elsewhere does so with 302, which is no pass", async () => {
    const sites = two.sites.map((site) => ({ ...site, redirectUrl }));
    await using sidecar = await startFixture({ ...two, sites });
    const response = await sendRaw(sidecar.unix, ask(asker, { ...closedHost, headers: { Accept: "text/html" } }));
    expect([response.status, response.header("Location"), response.header("X-Lull")]).toEqual([
      302,
      redirectUrl,
      "closed",
    ]);
  });

  test("a preflight of a trusted origin is held: its 204 would be a pass", async () => {
    const sites = two.sites.map((site) => ({ ...site, origins: ["https://app.example"] }));
    await using sidecar = await startFixture({ ...two, sites });
    const headers = { Origin: "https://app.example", "Access-Control-Request-Method": "PUT" };
    const response = await sendRaw(sidecar.unix, ask(asker, { ...closedHost, method: "OPTIONS", headers }));
    expect(outcome(asker, response)).toBe("held");
    expect(response.header("Access-Control-Allow-Origin")).toBe("https://app.example");
  });

  test("nothing of the page tells who names no site what is closed", async () => {
    const periods = [{ siteId: 2, message: "the secret" }];
    await using sidecar = await startFixture({ ...two, periods });
    const response = await sendRaw(sidecar.unix, ask(asker, { sent: { "X-Forwarded-Host": null } }));
    expect(outcome(asker, response)).toBe("held");
    expect(response.text()).not.toContain("the secret");
  });
});
