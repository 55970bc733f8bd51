import { describe, expect, test } from "bun:test";
import { sendRaw } from "../support/raw-http.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Fixture, request, start, startFixture } from "./sidecar-fixture.ts";

const two = {
  sites: [
    { id: 1, domain: "one.example", name: "One" },
    { id: 2, domain: "two.example", aliases: ["*.two.example"] },
  ],
  periods: [{ siteId: 2, end: start + 60_000, owner: "kim", reason: "disk", start: start - 30_000 }],
};

describe("/public", () => {
  test.each<[string, Record<string, string | null>, number]>([
    ["up of an open site", { "X-Forwarded-Host": "one.example" }, 204],
    ["up of a closed site", { "X-Forwarded-Host": "two.example" }, 503],
    ["up of a closed site that exempts the visit", { "X-Forwarded-Host": "two.example", "X-Real-IP": "10.1.1.1" }, 503],
    ["with a query", { "X-Forwarded-Host": "one.example", "X-Forwarded-Uri": "/.lull/up?x=1" }, 204],
    ["anything else", { "X-Forwarded-Uri": "/.lull/metrics" }, 404],
    ["a path that only begins like it", { "X-Forwarded-Uri": "/.lull/up/" }, 404],
    ["two readings: dots", { "X-Forwarded-Uri": "/.lull/x/../up" }, 404],
    ["two readings: a backslash", { "X-Forwarded-Uri": "/.lull/..\\metrics" }, 404],
    ["two readings: slashes", { "X-Forwarded-Uri": "/.lull//up" }, 404],
    ["no target", { "X-Forwarded-Uri": null }, 404],
    ["a host that cannot be read", { "X-Forwarded-Host": null }, 404],
  ])("%s", async (_, headers, status) => {
    await using sidecar = await startFixture({ ...two, exemptions: [{ kind: "network", value: "10.0.0.0/8" }] });
    const response = await sendRaw(sidecar.unix, request("/public", { "X-Forwarded-Uri": "/.lull/up", ...headers }));
    expect(response.status).toBe(status);
    if (status !== 404) expect(response.header("Cache-Control")).toBe("no-store");
    if (status === 503) expect(response.header("Retry-After")).toBe("60");
  });
});

describe("/status", () => {
  test("says what is closed until when, and on a local connection why and by whom", async () => {
    await using sidecar = await startFixture(two);
    sidecar.clock.elapsedMs = 1500;
    const period = {
      name: "maintenance",
      mode: "full",
      start: "2026-11-20T08:59:30.000Z",
      end: "2026-11-20T09:01:00.000Z",
      expectedEnd: null,
      leaseEnd: null,
      allSites: false,
      recurrence: null,
      owner: "kim",
      reason: "disk",
    };
    expect(JSON.parse((await sendRaw(sidecar.unix, request("/status"))).text())).toEqual({
      schemaVersion: 1,
      revision: 7,
      snapshotAgeSeconds: 1.5,
      sites: [
        { id: 1, domain: "one.example", name: "One", state: "open", opensAt: null, periods: [], next: null },
        {
          id: 2,
          domain: "two.example",
          name: "",
          state: "closed",
          opensAt: "2026-11-20T09:01:00.000Z",
          periods: [period],
          next: null,
        },
      ],
    });
  });

  test("says what is next, when a lease ends and when it should be over", async () => {
    await using sidecar = await startFixture({
      periods: [
        { name: "deploy", leaseMs: 60_000, leaseEnd: start + 60_000, expectedEnd: start + 120_000 },
        { name: "night", siteId: null, mode: "readonly", start: start + 3_600_000, owner: "kim", reason: "backup" },
      ],
    });
    expect(JSON.parse((await sendRaw(sidecar.unix, request("/status/1"))).text()).sites).toMatchObject([
      {
        state: "closed",
        opensAt: "2026-11-20T09:02:00.000Z",
        periods: [
          {
            end: null,
            leaseEnd: "2026-11-20T09:01:00.000Z",
            expectedEnd: "2026-11-20T09:02:00.000Z",
            recurrence: null,
          },
        ],
        next: { name: "night", mode: "readonly", allSites: true, end: null, owner: "kim", reason: "backup" },
      },
    ]);
  });

  test.each([
    ["a number", "/status/2", 200],
    ["a domain", "/status/two.example", 200],
    ["an alias, encoded", "/status/%2A.TWO.example", 200],
    ["an unknown number", "/status/9", 404],
    ["an unknown name", "/status/x.example", 404],
    ["a broken escape", "/status/%zz", 404],
    ["up of a number, open", "/status/1/up", 204],
    ["up of a number, closed", "/status/2/up", 503],
    ["up of a domain", "/status/one.example/up", 204],
    ["up of nobody", "/status/9/up", 404],
  ])("a site by %s", async (_, path, status) => {
    await using sidecar = await startFixture(two);
    const response = await sendRaw(sidecar.tcp, request(path));
    expect(response.status).toBe(status);
    if (status === 200) expect(JSON.parse(response.text()).sites).toMatchObject([{ id: 2, state: "closed" }]);
  });

  test("a read-only site is up", async () => {
    await using sidecar = await startFixture({ periods: [{ mode: "readonly" }] });
    expect((await sendRaw(sidecar.tcp, request("/status/1/up"))).status).toBe(204);
  });
});

describe("health", () => {
  test.each([
    ["/healthz", 200],
    ["/readyz", 200],
    ["/status/1/up", 204],
    ["/metrics", 200],
  ])("HAProxy's HTTP/1.0 check without Host reaches %s", async (path, status) => {
    await using sidecar = await startFixture();
    for (const method of ["GET", "HEAD"]) {
      expect((await sendRaw(sidecar.tcp, `${method} ${path} HTTP/1.0\r\n\r\n`)).status).toBe(status);
    }
  });

  test("a Host of two letters is a host", async () => {
    await using sidecar = await startFixture();
    expect((await sendRaw(sidecar.tcp, request("/healthz", { Host: "gw" }))).status).toBe(200);
  });

  test("a sidecar without a snapshot is alive and not ready, and says why", async () => {
    await using sidecar = await startFixture({ empty: true });
    sidecar.serving.fail("database /x: the disk is full");
    expect((await sendRaw(sidecar.tcp, request("/healthz"))).status).toBe(200);
    const ready = await sendRaw(sidecar.tcp, request("/readyz"));
    expect([ready.status, ready.text()]).toEqual([503, "not ready: no snapshot yet: database /x: the disk is full\n"]);
  });

  test("a snapshot that is too old is not ready, and still decides", async () => {
    await using sidecar = await startFixture({ periods: [{}] });
    sidecar.clock.elapsedMs = 30_000;
    expect((await sendRaw(sidecar.tcp, request("/readyz"))).status).toBe(200);
    sidecar.clock.elapsedMs = 31_000;
    const ready = await sendRaw(sidecar.tcp, request("/readyz"));
    expect([ready.status, ready.text()]).toEqual([503, "not ready: the snapshot is 31 s old, ready_max_age is 30 s\n"]);
    expect((await sendRaw(sidecar.tcp, request("/check/nginx"))).status).toBe(403);
  });

  test("without any database (serve --closed) it does not grow old", async () => {
    await using sidecar = await startFixture({ empty: true });
    sidecar.serving.swap(sidecar.snapshot({ periods: [{ siteId: null }] }));
    sidecar.clock.elapsedMs = 1_000_000;
    expect((await sendRaw(sidecar.tcp, request("/readyz"))).status).toBe(200);
  });
});

describe("a folder of a page", () => {
  const ready = async (sidecar: Fixture) => (await sendRaw(sidecar.tcp, request("/readyz"))).text();
  const sites = [
    { id: 1, domain: "one.example" },
    { id: 2, domain: "shop.example", aliases: ["www.shop.example", "*.shop.example"] },
  ];

  test("that is named like no site's domain is said, for the sites that there are now", async () => {
    await using folder = temporaryFolder();
    for (const name of ["one.example", "WWW.shop.example", "*.shop.example", "x.shop.example", "later.example"]) {
      await Bun.write(folder.file(`${name}/503.html`), "page");
    }
    await Bun.write(folder.file("nobody.example/note.txt"), "no page");
    await using sidecar = await startFixture({ sites, config: { templates: folder.path } });
    const alias = "is no site's domain: it is an alias of site 2 (shop.example), name it after that";
    const lines = [
      "ready",
      `warning: templates folder "*.shop.example" ${alias}`,
      `warning: templates folder "www.shop.example" ${alias}`,
      'warning: templates folder "later.example" is no site\'s domain: no site is called that',
      'warning: templates folder "x.shop.example" is no site\'s domain: no site is called that',
    ];
    expect((await ready(sidecar)).trim().split("\n").toSorted()).toEqual(lines.toSorted());

    const names = ["www.shop.example", "*.shop.example", "x.shop.example", "later.example"];
    sidecar.place({ sites: [...sites, ...names.map((domain, index) => ({ id: index + 3, domain }))] });
    expect(await ready(sidecar)).toBe("ready\n");
  });

  test("is not judged while no site is known", async () => {
    await using folder = temporaryFolder();
    await Bun.write(folder.file("shop.example/503.html"), "page");
    await using sidecar = await startFixture({ empty: true, config: { templates: folder.path } });
    expect(await ready(sidecar)).toBe("not ready: no snapshot yet\n");
    sidecar.serving.swap({ ...sidecar.snapshot({}), revision: 0 });
    expect(await ready(sidecar)).toBe("ready\n");
  });
});

describe("what is not there", () => {
  test.each([
    ["an unknown path", "GET", "/", 404],
    ["another dialect", "GET", "/check/apache", 404],
    ["a longer path", "GET", "/check/nginx/x", 404],
    ["no dots into a check", "GET", "/x/../check/nginx2", 404],
    ["POST to the state", "POST", "/status", 405],
    ["DELETE of a site's state", "DELETE", "/status/1", 405],
    ["POST to health", "POST", "/healthz", 405],
    ["POST to metrics", "POST", "/metrics", 405],
  ])("%s", async (_, method, path, status) => {
    await using sidecar = await startFixture();
    const response = await sendRaw(sidecar.tcp, request(path, {}, method));
    expect(response.status).toBe(status);
    expect(response.text()).toMatch(/^[^\n]{1,40}\n$/);
    expect(response.header("Allow")).toBe(status === 405 ? "GET, HEAD" : null);
  });

  test("a bug is one line outside and all of it in the log", async () => {
    await using sidecar = await startFixture();
    sidecar.breakSnapshot();
    const response = await sendRaw(sidecar.tcp, request("/status?secret=1"));
    expect([response.status, response.text()]).toEqual([500, "internal error\n"]);
    expect((await sendRaw(sidecar.tcp, request("/check/nginx"))).status).toBe(503);
    expect((await sendRaw(sidecar.tcp, request("/answer"))).status).toBe(503);
    const bugs = sidecar.logged.filter(({ event }) => event === "bug");
    expect(bugs.map(({ where }) => where)).toEqual(["/status", "check nginx", "answer"]);
    expect(JSON.stringify(bugs)).toContain("broken on purpose");
  });
});
