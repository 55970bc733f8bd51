import { describe, expect, test } from "bun:test";
import type { Period } from "../../src/gate/period.ts";
import { openConnection, sendRaw } from "../support/raw-http.ts";
import { type Fixture, request, start, startFixture } from "./sidecar-fixture.ts";

const hour = 3_600_000;
const soon = { start: start + hour, end: start + 2 * hour, owner: "kim", reason: "disk", message: "Back at noon" };
const policy = { noticeLeadMs: 24 * hour };

async function visit(sidecar: Fixture, target: string, headers: Readonly<Record<string, string | null>> = {}) {
  return await sendRaw(sidecar.unix, request("/public", { "X-Forwarded-Uri": target, ...headers }));
}

describe("X-Lull-Upcoming on an open check", () => {
  test.each<[string, Partial<Period>, string | null]>([
    ["a period within the lead", soon, "2026-11-20T10:00:00Z/2026-11-20T11:00:00Z"],
    [
      "one that begins at the end of the lead",
      { ...soon, start: start + 24 * hour, end: null },
      "2026-11-21T09:00:00Z/..",
    ],
    ["one without an end", { ...soon, end: null }, "2026-11-20T10:00:00Z/.."],
    [
      "one whose end is expected",
      { ...soon, end: null, expectedEnd: start + 3 * hour },
      "2026-11-20T10:00:00Z/2026-11-20T12:00:00Z",
    ],
    [
      "parts of seconds, never shorter than it is",
      { ...soon, start: soon.start + 999, end: soon.end + 1 },
      "2026-11-20T10:00:00Z/2026-11-20T11:00:01Z",
    ],
    ["one past the lead", { ...soon, start: start + 24 * hour + 1, end: null }, null],
    ["a disabled one", { ...soon, enabled: false }, null],
    ["nothing", { ...soon, siteId: 2 }, null],
  ])("%s", async (_, planned, expected) => {
    await using sidecar = await startFixture({ periods: [planned], policy });
    const response = await sendRaw(sidecar.unix, request("/check/nginx"));
    expect([response.status, response.header("X-Lull-Upcoming")]).toEqual([204, expected]);
  });

  test("a closed check has none", async () => {
    await using sidecar = await startFixture({ periods: [{}, soon], policy });
    const response = await sendRaw(sidecar.unix, request("/check/nginx"));
    expect([response.status, response.header("X-Lull-Upcoming")]).toEqual([403, null]);
  });

  test("each of a thousand checks on one connection has its own", async () => {
    await using sidecar = await startFixture({
      sites: [{ domain: "one.example" }, { id: 2, domain: "two.example" }],
      periods: [{ ...soon, siteId: 2 }],
      policy,
    });
    await using connection = await openConnection(sidecar.unix);
    for (let turn = 0; turn < 1000; turn++) {
      const isNear = turn % 3 === 0;
      connection.send(request(`/check/nginx?site=${isNear ? 2 : 1}`));
      const response = await connection.receive();
      const expected = isNear ? "2026-11-20T10:00:00Z/2026-11-20T11:00:00Z" : null;
      expect([response.status, response.header("X-Lull-Upcoming")]).toEqual([204, expected]);
    }
  });

  test("stands beside Connection: close", async () => {
    await using sidecar = await startFixture({ periods: [soon], policy });
    const response = await sendRaw(sidecar.unix, request("/check/nginx", { Connection: "close" }));
    expect([response.header("Connection"), response.header("X-Lull-Upcoming")]).toEqual([
      "close",
      "2026-11-20T10:00:00Z/2026-11-20T11:00:00Z",
    ]);
  });
});

describe("/.lull/upcoming.json", () => {
  test("tells what is public, and nothing else", async () => {
    await using sidecar = await startFixture({
      periods: [{ name: "secret", reason: "now", owner: "kim", mode: "readonly", expectedEnd: start + hour }, soon],
      policy,
    });
    const response = await visit(sidecar, "/.lull/upcoming.json");
    expect(response.header("Content-Type")).toStartWith("application/json");
    expect(response.header("Cache-Control")).toBe("max-age=60, stale-if-error=600");
    expect(response.header("X-Content-Type-Options")).toBe("nosniff");
    expect(response.header("Access-Control-Allow-Origin")).toBeNull();
    expect(JSON.parse(response.text())).toEqual({
      schemaVersion: 1,
      now: "2026-11-20T09:00:00.000Z",
      noticeLeadSeconds: 86_400,
      periods: [
        {
          start: "2026-11-20T08:59:00.000Z",
          end: null,
          expectedEnd: "2026-11-20T10:00:00.000Z",
          mode: "readonly",
          reason: "now",
          message: "",
          running: true,
        },
        {
          start: "2026-11-20T10:00:00.000Z",
          end: "2026-11-20T11:00:00.000Z",
          expectedEnd: null,
          mode: "full",
          reason: "disk",
          message: "Back at noon",
          running: false,
        },
      ],
      truncated: false,
    });
  });

  test("has the time of the answer, however often it is asked for", async () => {
    await using sidecar = await startFixture({ periods: [soon] });
    const nowAfter = async (elapsedMs: number) => {
      sidecar.clock.elapsedMs = elapsedMs;
      return JSON.parse((await visit(sidecar, "/.lull/upcoming.json")).text()).now;
    };
    expect(await nowAfter(0)).toBe("2026-11-20T09:00:00.000Z");
    expect(await nowAfter(1_234)).toBe("2026-11-20T09:00:01.234Z");
  });

  test("says that a period runs from the instant of its start on", async () => {
    await using sidecar = await startFixture({ periods: [{ ...soon, start: start + 100 }] });
    const runs = async () => JSON.parse((await visit(sidecar, "/.lull/upcoming.json")).text()).periods[0].running;
    expect(await runs()).toBe(false);
    sidecar.clock.elapsedMs = 100;
    expect(await runs()).toBe(true);
  });

  test.each([
    ["twenty", 20, 20, false],
    ["twenty-one", 21, 20, true],
  ])("of %s periods", async (_, count, told, truncated) => {
    const periods = Array.from({ length: count }, (_, index) => ({ start: start + index + 1, end: start + hour }));
    await using sidecar = await startFixture({ periods });
    const body = JSON.parse((await visit(sidecar, "/.lull/upcoming.json")).text());
    expect([body.periods.length, body.truncated]).toEqual([told, truncated]);
  });

  test("looks 400 days ahead", async () => {
    const day = 24 * hour;
    const periods = [399, 400].map((days) => ({ start: start + days * day, end: null }));
    await using sidecar = await startFixture({ periods });
    expect(JSON.parse((await visit(sidecar, "/.lull/upcoming.json")).text()).periods.length).toBe(1);
  });

  test("is of the visitor's own site", async () => {
    await using sidecar = await startFixture({
      sites: [{ domain: "one.example" }, { id: 2, domain: "two.example" }],
      periods: [{ ...soon, siteId: 2 }],
    });
    const planned = async (headers: Readonly<Record<string, string>>) =>
      JSON.parse((await visit(sidecar, "/.lull/upcoming.json", headers)).text()).periods.length;
    expect(await planned({ "X-Forwarded-Host": "one.example" })).toBe(0);
    expect(await planned({ "X-Forwarded-Host": "two.example" })).toBe(1);
  });
});

test("long texts are cut, in both", async () => {
  const [reason, message] = ["r".repeat(501), "😀".repeat(501)];
  await using sidecar = await startFixture({
    sites: [{ name: "n".repeat(501) }],
    periods: [{ ...soon, reason, message }],
  });
  const cut = { reason: `${"r".repeat(499)}…`, message: `${"😀".repeat(499)}…` };
  expect(JSON.parse((await visit(sidecar, "/.lull/upcoming.json")).text()).periods).toMatchObject([cut]);
  const unfolded = (await visit(sidecar, "/.lull/calendar.ics")).text().replaceAll("\r\n ", "").split("\r\n");
  expect(unfolded).toContain(`NAME:${"n".repeat(499)}…`);
  expect(unfolded).toContain(`SUMMARY:${"n".repeat(499)}…: ${cut.reason}`);
  expect(unfolded).toContain(`DESCRIPTION:${cut.message}`);
});

test("without public reasons they tell when and not why, and this machine is told all the same", async () => {
  const options = { sites: [{ name: "Shop" }], periods: [soon, { reason: "leak", mode: "readonly" }] } as const;
  await using sidecar = await startFixture({ ...options, policy: { ...policy, publicReason: false } });
  const json = await visit(sidecar, "/.lull/upcoming.json");
  expect(JSON.parse(json.text()).periods).toMatchObject([
    { reason: "", running: true },
    { reason: "", message: "Back at noon" },
  ]);
  const calendar = await visit(sidecar, "/.lull/calendar.ics");
  expect(calendar.text().split("\r\n")).toContain("SUMMARY:Shop: Maintenance");
  expect(`${json.text()}${calendar.text()}`).not.toMatch(/disk|leak/);
  for (const target of ["/status", "/status/upcoming"]) {
    const told = (await sendRaw(sidecar.unix, request(target))).text();
    expect([told.includes("disk"), told.includes("leak")]).toEqual([true, true]);
  }
  // What is kept of the one is not told by the other.
  sidecar.place({ ...options, policy });
  expect((await visit(sidecar, "/.lull/upcoming.json")).text()).toContain("disk");
});

describe("what visitors may read of the plan", () => {
  const targets = ["/.lull/upcoming.json", "/.lull/calendar.ics", "/.lull/notice.js"];

  test.each(targets)("%s: GET and HEAD, and nothing else", async (target) => {
    await using sidecar = await startFixture({ periods: [soon] });
    await using connection = await openConnection(sidecar.unix);
    for (const [method, status] of [
      ["GET", 200],
      ["HEAD", 200],
      ["POST", 405],
      ["OPTIONS", 405],
      ["FOO", 405],
    ] as const) {
      const headers = { "X-Forwarded-Uri": target, "X-Forwarded-Method": method };
      const asked = method === "HEAD" ? "HEAD" : "GET";
      connection.send(request("/public", headers, asked));
      const response = await connection.receive(asked);
      expect([method, response.status]).toEqual([method, status]);
      expect(response.header("Allow")).toBe(status === 405 ? "GET, HEAD" : null);
    }
  });

  test.each(targets)("%s while the site is closed, and with a query", async (target) => {
    await using sidecar = await startFixture({ periods: [{}] });
    expect((await visit(sidecar, `${target}?x=1`)).status).toBe(200);
  });

  test.each([
    ["a slash more", "/.lull/upcoming.json/"],
    ["dots", "/.lull/x/../calendar.ics"],
    ["slashes", "/.lull//notice.js"],
    ["another case", "/.lull/Calendar.ics"],
  ])("%s: 404", async (_, target) => {
    await using sidecar = await startFixture();
    expect((await visit(sidecar, target)).status).toBe(404);
  });

  test("a host that is nobody's learns nothing", async () => {
    const options = { sites: [{ domain: "one.example" }], policy: { unknownHost: "open" } } as const;
    await using sidecar = await startFixture({ ...options, periods: [{ ...soon, siteId: null }] });
    expect((await visit(sidecar, "/.lull/upcoming.json", { "X-Forwarded-Host": "x.test" })).status).toBe(404);
    expect((await visit(sidecar, "/.lull/calendar.ics", { "X-Forwarded-Host": "x.test" })).status).toBe(404);
  });

  test("without a snapshot nothing is claimed", async () => {
    await using sidecar = await startFixture({ empty: true });
    expect((await visit(sidecar, "/.lull/upcoming.json")).status).toBe(503);
    expect((await visit(sidecar, "/.lull/calendar.ics")).status).toBe(503);
    expect((await visit(sidecar, "/.lull/notice.js")).status).toBe(200);
  });
});

test("/.lull/notice.js is a small script that nothing takes for something else", async () => {
  await using sidecar = await startFixture();
  const response = await visit(sidecar, "/.lull/notice.js");
  expect(response.header("Content-Type")).toBe("text/javascript; charset=utf-8");
  expect(response.header("X-Content-Type-Options")).toBe("nosniff");
  expect(response.header("Cache-Control")).toBe("max-age=300");
  expect(response.body.length).toBeLessThan(4096);
});
