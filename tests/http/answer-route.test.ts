import { describe, expect, test } from "bun:test";
import { openConnection, sendRaw } from "../support/raw-http.ts";
import { request as checkRequest, start, startFixture } from "./sidecar-fixture.ts";

/** Of a browser that navigates, unless told otherwise. */
function request(path: string, headers: Readonly<Record<string, string | null>> = {}, method = "GET"): string {
  return checkRequest(path, { Accept: "text/html", ...headers }, method);
}

const closed = { periods: [{ end: start + 60_000, message: "Back <soon>", reason: "the reason" }] };

describe("/answer", () => {
  test("is 503 with Retry-After, no-store and the page", async () => {
    await using sidecar = await startFixture(closed);
    const response = await sendRaw(sidecar.unix, request("/answer"));
    expect([response.status, response.header("Retry-After"), response.header("Cache-Control")]).toEqual([
      503,
      "60",
      "no-store",
    ]);
    expect(response.header("Content-Type")).toBe("text/html; charset=utf-8");
    expect(response.text()).toContain("Back &lt;soon&gt;");
    expect(response.text()).toContain("the reason");
  });

  test("keeps the reason to itself where reasons are not public", async () => {
    await using sidecar = await startFixture({ ...closed, policy: { publicReason: false } });
    for (const accept of ["text/html", "*/*", "application/json"]) {
      expect((await sendRaw(sidecar.unix, request("/answer", { Accept: accept }))).text()).not.toContain("the reason");
    }
  });

  test.each(["GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "PURGE"])("is the same for %s", async (method) => {
    await using sidecar = await startFixture(closed);
    const response = await sendRaw(sidecar.unix, request("/answer", { "X-Forwarded-Method": method }, method));
    expect([response.status, response.text().includes("<h1>")]).toEqual([503, true]);
  });

  test("answers before the body has come, however long it says it is", async () => {
    await using sidecar = await startFixture(closed);
    await using connection = await openConnection(sidecar.unix);
    connection.send(
      request("/answer", { "Content-Length": "500000000000", "Content-Type": "application/json" }, "POST"),
    );
    expect((await connection.receive()).status).toBe(503);
  });

  test("HEAD has the headers of GET and no body", async () => {
    await using sidecar = await startFixture(closed);
    const get = await sendRaw(sidecar.unix, request("/answer"));
    const head = await sendRaw(sidecar.unix, request("/answer", { "X-Forwarded-Method": "HEAD" }, "HEAD"));
    expect([head.status, head.header("Retry-After")]).toEqual([503, "60"]);
    expect(head.header("Content-Length")).toBe(get.header("Content-Length"));
  });

  test("a HEAD that comes as GET has no body either", async () => {
    await using sidecar = await startFixture(closed);
    const head = await sendRaw(sidecar.unix, request("/answer", { "X-Forwarded-Method": "HEAD" }));
    expect([head.status, head.header("Retry-After"), head.text()]).toEqual([503, "60", ""]);
  });

  test.each([
    ["Accept", { Accept: "application/json" }],
    ["Content-Type with parameters", { "Content-Type": "application/json; charset=utf-8" }],
    ["X-Requested-With", { Accept: "*/*", "X-Requested-With": "XMLHttpRequest" }],
  ])("%s asks for the problem", async (_, headers) => {
    await using sidecar = await startFixture(closed);
    const response = await sendRaw(
      sidecar.unix,
      request("/answer", { "X-Forwarded-Uri": "/caf%C3%A9/?x=1", ...headers }),
    );
    expect([response.status, response.header("Content-Type")]).toEqual([503, "application/problem+json"]);
    const problem = JSON.parse(response.text());
    expect(response.header("Retry-After")).toBe(String(problem.retryAfter));
    expect(problem.retryAfter >= 60 && problem.retryAfter <= 66).toBe(true);
    expect(problem).toEqual({
      type: "about:blank",
      title: "Service Unavailable",
      status: 503,
      detail: "Back <soon>",
      instance: "/caf%C3%A9/",
      retryAfter: expect.any(Number),
      start: "2026-11-20T08:59:00.000Z",
      end: "2026-11-20T09:01:00.000Z",
      code: 503,
      error: "temporarily_unavailable",
      reason: "maintenance",
      error_description: "Sorry, the service is temporarily down for maintenance",
    });
  });

  test("an unknown opening is retry_after", async () => {
    await using sidecar = await startFixture({ periods: [{}] });
    expect((await sendRaw(sidecar.unix, request("/answer"))).header("Retry-After")).toBe("300");
  });

  test("a site that opened in between is one second away", async () => {
    await using sidecar = await startFixture();
    const response = await sendRaw(sidecar.unix, request("/answer"));
    expect([response.status, response.header("Retry-After")]).toEqual([503, "1"]);
  });

  test("without a snapshot it is 503 as well", async () => {
    await using sidecar = await startFixture({ empty: true });
    const response = await sendRaw(sidecar.unix, request("/answer"));
    expect([response.status, response.header("Retry-After")]).toEqual([503, "300"]);
  });

  test("a site that opened in between lets no preflight pass and sends nobody elsewhere", async () => {
    const site = { origins: ["https://app.example"], redirectUrl: "https://status.example/" };
    const preflight = { Origin: "https://app.example", "Access-Control-Request-Method": "PUT", Accept: "*/*" };
    const ask = () => request("/answer", { ...preflight, "X-Forwarded-Method": "OPTIONS" });
    await using sidecar = await startFixture({ ...closed, sites: [site] });
    expect((await sendRaw(sidecar.unix, ask())).status).toBe(204);
    expect((await sendRaw(sidecar.unix, request("/answer"))).status).toBe(302);
    sidecar.place({ sites: [site] });
    const opened = await sendRaw(sidecar.unix, ask());
    expect([opened.status, opened.header("Access-Control-Allow-Origin")]).toEqual([503, null]);
    expect((await sendRaw(sidecar.unix, request("/answer"))).status).toBe(503);
  });

  test("the site's message serves where the period has none", async () => {
    await using sidecar = await startFixture({ sites: [{ message: "of the site" }], periods: [{}] });
    expect((await sendRaw(sidecar.unix, request("/answer"))).text()).toContain("of the site");
  });

  test("whoever names no host learns nothing of the site that is closed", async () => {
    await using sidecar = await startFixture({ ...closed, sites: [{ name: "Secret shop" }] });
    const text = (await sendRaw(sidecar.unix, request("/answer", { "X-Forwarded-Host": null }))).text();
    expect(text).not.toMatch(/Back &lt;soon|Secret/);
  });

  test.each([
    ["no host", null],
    ["a host that cannot be read", "a?"],
  ])("whoever names %s is not told when a single site opens, and is told when all do", async (_, host) => {
    await using sidecar = await startFixture(closed);
    const ask = () => sendRaw(sidecar.unix, request("/answer", { "X-Forwarded-Host": host }));
    const ofOne = await ask();
    expect([ofOne.status, ofOne.header("Retry-After")]).toEqual([503, "300"]);
    expect(ofOne.text()).not.toContain("09:01");
    sidecar.place({ periods: [{ end: start + 60_000, siteId: null }] });
    const ofAll = await ask();
    expect([ofAll.status, ofAll.header("Retry-After")]).toEqual([503, "60"]);
    expect(ofAll.text()).toContain("09:01");
  });

  test.each([
    ["a target of 64 KB", { "X-Forwarded-Uri": `/${"a".repeat(65_536)}` }],
    ["an Accept of 64 KB", { Accept: "application/json;".repeat(4_000) }],
    ["bytes that are no UTF-8", { "X-Forwarded-Uri": "/\xff", Accept: "\xff", "Accept-Language": "\xff" }],
    ["half a surrogate", { "X-Forwarded-Uri": "/%ED%A0%80", Accept: "application/json" }],
    ["nothing at all", { "X-Forwarded-Uri": null, "X-Forwarded-Method": null, "X-Real-IP": null }],
  ])("%s is 503 and no error", async (_, headers) => {
    await using sidecar = await startFixture(closed);
    expect((await sendRaw(sidecar.unix, request("/answer", headers))).status).toBe(503);
    expect(sidecar.logged.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("the operator's page serves, after a reload another one, and a broken one gives way", async () => {
    await using sidecar = await startFixture(closed);
    const file = `${sidecar.folder}/own.eta`;
    const config = { ...sidecar.config, maintenance503Template: file };
    await Bun.write(file, "own: <%= it.message %>");
    await sidecar.server.reload(config);
    expect((await sendRaw(sidecar.unix, request("/answer"))).text()).toBe("own: Back &lt;soon&gt;");
    await Bun.write(file, "{% extends 'base.html' %}");
    await sidecar.server.reload(config);
    expect((await sendRaw(sidecar.unix, request("/answer"))).text()).toContain("<h1>Down for maintenance</h1>");
    const ready = await sendRaw(sidecar.unix, request("/readyz"));
    expect(ready.status).toBe(200);
    expect(ready.text()).toMatch(/^ready\nwarning: template .*own\.eta: it holds "\{%"/);
  });
});
