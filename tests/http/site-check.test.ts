import { describe, expect, test } from "bun:test";
import { sendRaw } from "../support/raw-http.ts";
import { bypass, key, sealed, token } from "./bypass-builders.ts";
import { two } from "./dialects/two-sites.ts";
import { type FixtureOptions, request, start, startFixture } from "./sidecar-fixture.ts";

const cacheControl = "max-age=1, stale-while-revalidate=2, stale-if-error=5";

async function state(options: FixtureOptions, path: string, headers: Readonly<Record<string, string | null>> = {}) {
  await using sidecar = await startFixture(options);
  const response = await sendRaw(sidecar.unix, request(path, headers));
  expect(response.body.length).toBe(0);
  return `${response.status} ${response.header("X-Lull")}`;
}

describe("/check/site", () => {
  test.each<[string, string, string, string]>([
    ["an open site", "/check/site", "one.example", "204 open"],
    ["a closed site", "/check/site", "two.example", "403 closed"],
    ["a number names it, whatever the host", "/check/site?site=2", "one.example", "403 closed"],
    ["a number names the open one", "/check/site?site=1", "two.example", "204 open"],
    ["a number that is none", "/check/site?site=x", "one.example", "403 closed"],
    ["a misspelt query", "/check/site?sit=1", "one.example", "403 closed"],
    ["a host that cannot be read, because one site is closed", "/check/site", "a b", "403 closed"],
  ])("%s", async (_, path, host, expected) => {
    expect(await state(two, path, { "X-Forwarded-Host": host })).toBe(expected);
  });

  test("a read-only site is asked about: who writes is held", async () => {
    const readonly: FixtureOptions = { periods: [{ mode: "readonly" }] };
    expect(await state(readonly, "/check/site", { "X-Forwarded-Method": "GET" })).toBe("403 readonly");
    const both: FixtureOptions = { periods: [{ mode: "readonly" }, { end: start + 1_000 }] };
    expect(await state(both, "/check/site")).toBe("403 closed");
  });

  test("is kept for a bounded second, open and closed", async () => {
    await using sidecar = await startFixture(two);
    const [open, closed] = await Promise.all(
      ["1", "2"].map((site) => sendRaw(sidecar.unix, request(`/check/site?site=${site}`))),
    );
    expect([open?.header("Cache-Control"), closed?.header("Cache-Control")]).toEqual([cacheControl, cacheControl]);
    expect([open?.header("Retry-After"), closed?.header("Retry-After")]).toEqual([null, "60"]);
    expect(closed?.header("Content-Length")).toBe("0");
  });

  test("has nothing of the visitor: whoever would be let in, all are told the same", async () => {
    const claims = { staff: { header: "x-groups", value: "staff" }, superuser: null };
    const staff = { blockStaff: false, claims, tokens: null, probe: null };
    const options: FixtureOptions = {
      ...two,
      bypasses: [bypass({ siteId: 2 })],
      bypassKeys: [key],
      exemptions: [...two.exemptions, { kind: "network", value: "127.0.0.0/8" }, { value: "/" }],
      config: { staff, trustedProxies: ["unix"] },
    };
    await using sidecar = await startFixture(options);
    const plain = await sendRaw(sidecar.unix, request("/check/site?site=2", { "X-Forwarded-Uri": "/x" }));
    const shown: readonly Readonly<Record<string, string>>[] = [
      { Cookie: `__Host-lull-bypass=${sealed({ siteId: 2 }, 2)}` },
      { "X-Lull-Bypass": token },
      { "X-Groups": "staff" },
      { "X-Real-IP": "10.1.2.3", "X-Forwarded-For": "10.1.2.3" },
      { "X-Forwarded-Uri": "/admin/" },
      { "X-Code": "403" },
      { "X-Code": "" },
      { "X-Forwarded-Method": "GET", Accept: "application/json", "Accept-Language": "de" },
    ];
    for (const headers of shown) {
      for (const address of [sidecar.unix, sidecar.tcp]) {
        const response = await sendRaw(address, request("/check/site?site=2", headers));
        expect([response.status, response.headers]).toEqual([403, plain.headers]);
      }
    }
  });

  test("time alone opens and closes", async () => {
    await using sidecar = await startFixture({ periods: [{ start: start + 1_000, end: start + 2_000 }] });
    const statuses: number[] = [];
    for (const elapsedMs of [999, 1_000, 1_999, 2_000]) {
      sidecar.clock.elapsedMs = elapsedMs;
      statuses.push((await sendRaw(sidecar.unix, request("/check/site"))).status);
    }
    expect(statuses).toEqual([204, 403, 403, 204]);
  });

  test("of hosts that are nobody's it says what the configuration does", async () => {
    const sites = [{ id: 1, domain: "one.example" }];
    const stranger = { "X-Forwarded-Host": "stranger.example" };
    for (const [unknownHost, expected] of [
      ["open", "204 open"],
      ["closed", "403 closed"],
      ["default-site", "403 closed"],
    ] as const) {
      const periods = [{ siteId: 1 }];
      expect(await state({ sites, periods, policy: { unknownHost } }, "/check/site", stranger)).toBe(expected);
    }
    const everywhere: FixtureOptions = { sites, periods: [{ siteId: null }], policy: { unknownHost: "open" } };
    expect(await state(everywhere, "/check/site", stranger)).toBe("403 closed");
  });

  test("without a snapshot it is an error, which nothing keeps", async () => {
    await using sidecar = await startFixture({ empty: true });
    const response = await sendRaw(sidecar.unix, request("/check/site"));
    expect([response.status, response.header("X-Lull"), response.header("Cache-Control")]).toEqual([
      503,
      "unknown",
      null,
    ]);
  });

  test("HEAD and Connection: close", async () => {
    await using sidecar = await startFixture(two);
    const head = await sendRaw(sidecar.unix, request("/check/site?site=2", { Connection: "close" }, "HEAD"));
    expect([head.status, head.header("X-Lull"), head.header("Connection")]).toEqual([403, "closed", "close"]);
  });
});
