import { describe, expect, test } from "bun:test";
import { openConnection, sendRaw } from "../support/raw-http.ts";
import { baseConfig, request, start, startFixture } from "./sidecar-fixture.ts";

const closed = [{ end: start + 90_500 }];

describe("/check/nginx", () => {
  test("an open site is 204 with nothing else", async () => {
    await using sidecar = await startFixture();
    const response = await sendRaw(sidecar.unix, request("/check/nginx"));
    expect(response.status).toBe(204);
    expect(response.headers.map(([name]) => name)).toEqual(["Date"]);
  });

  test("a closed site is 403 with an empty body, the mark, and the whole seconds to the opening", async () => {
    await using sidecar = await startFixture({ periods: closed });
    const response = await sendRaw(sidecar.unix, request("/check/nginx"));
    expect([response.status, response.header("X-Lull"), response.header("Retry-After")]).toEqual([403, "closed", "91"]);
    expect(response.header("Content-Length")).toBe("0");
  });

  test("time alone opens the site", async () => {
    await using sidecar = await startFixture({ periods: closed });
    sidecar.clock.elapsedMs = 90_499;
    expect((await sendRaw(sidecar.tcp, request("/check/nginx"))).header("Retry-After")).toBe("1");
    sidecar.clock.elapsedMs = 90_500;
    expect((await sendRaw(sidecar.tcp, request("/check/nginx"))).status).toBe(204);
  });

  test("every answer on one connection is whole: a thousand holds keep their headers", async () => {
    await using sidecar = await startFixture({ periods: [{}], exemptions: [{ value: "/open" }] });
    await using connection = await openConnection(sidecar.unix);
    for (let turn = 0; turn < 1000; turn++) {
      connection.send(request("/check/nginx", turn % 2 === 0 ? {} : { "X-Forwarded-Uri": "/open" }));
      const response = await connection.receive();
      expect([response.status, response.header("X-Lull"), response.header("Retry-After")]).toEqual(
        turn % 2 === 0 ? [403, "closed", "300"] : [204, null, null],
      );
    }
  });

  const two = {
    sites: [
      { id: 1, domain: "one.example" },
      { id: 2, domain: "two.example" },
    ],
    periods: [{ siteId: 2 }],
    exemptions: [{ value: "/admin" }, { kind: "network", value: "10.0.0.0/8" }] as const,
  };
  const big = "a".repeat(65_536);

  test.each<[string, string, Record<string, string | null>, number]>([
    ["the host tells the site, open", "/check/nginx", { "X-Forwarded-Host": "one.example" }, 204],
    ["the host tells the site, closed", "/check/nginx", { "X-Forwarded-Host": "two.example" }, 403],
    ["a number names the site, whatever the host", "/check/nginx?site=2", { "X-Forwarded-Host": "one.example" }, 403],
    ["a number names the open site", "/check/nginx?site=1", { "X-Forwarded-Host": "two.example" }, 204],
    ["a misspelt query does not pass for none", "/check/nginx?sit=1", { "X-Forwarded-Host": "one.example" }, 403],
    ["a doubled site is none", "/check/nginx?site=1&site=2", { "X-Forwarded-Host": "one.example" }, 403],
    ["the Host header does not count", "/check/nginx?site=2", { Host: "one.example" }, 403],
    ["an exempt path passes", "/check/nginx?site=2", { "X-Forwarded-Uri": "/admin/x?y" }, 204],
    ["an ambiguous path does not", "/check/nginx?site=2", { "X-Forwarded-Uri": "//admin/x" }, 403],
    ["an exempt network passes", "/check/nginx?site=2", { "X-Real-IP": "10.1.2.3" }, 204],
    [
      "another family's header does not count",
      "/check/nginx?site=2",
      { "X-Real-IP": null, "X-Forwarded-For": "10.1.2.3" },
      403,
    ],
    ["a doubled address is read from the right", "/check/nginx?site=2", { "X-Real-IP": "10.1.2.3, 203.0.113.9" }, 403],
    ["without a host: held, because one site is closed", "/check/nginx", { "X-Forwarded-Host": null }, 403],
    ["a doubled host: held", "/check/nginx", { "X-Forwarded-Host": "one.example, one.example" }, 403],
    ["a host that is not UTF-8: held", "/check/nginx", { "X-Forwarded-Host": "\xff\xfe.example" }, 403],
    ["without a target on the closed site", "/check/nginx?site=2", { "X-Forwarded-Uri": null }, 403],
    ["without a target on the open site", "/check/nginx?site=1", { "X-Forwarded-Uri": null }, 204],
    ["without a method", "/check/nginx?site=2", { "X-Forwarded-Method": null }, 403],
    ["a host of 64 KB", "/check/nginx", { "X-Forwarded-Host": big }, 403],
    ["a target of 64 KB on the closed site", "/check/nginx?site=2", { "X-Forwarded-Uri": `/${big}` }, 403],
    ["a target of 64 KB on the open site", "/check/nginx?site=1", { "X-Forwarded-Uri": `/${big}` }, 204],
    ["a method of 64 KB", "/check/nginx?site=2", { "X-Forwarded-Method": big }, 403],
    ["an address of 64 KB", "/check/nginx?site=2", { "X-Real-IP": big }, 403],
    ["a cookie of 200 KB on the open site", "/check/nginx?site=1", { Cookie: "c".repeat(200_000) }, 204],
    ["a target that is not UTF-8 on the closed site", "/check/nginx?site=2", { "X-Forwarded-Uri": "/admin/\xff" }, 403],
    ["a target that is not UTF-8 on the open site", "/check/nginx?site=1", { "X-Forwarded-Uri": "/\xff" }, 204],
    ["an address that is not UTF-8", "/check/nginx?site=2", { "X-Real-IP": "10.0.0.\xff" }, 403],
    ["a Host that is no host", "/check/nginx?site=2", { Host: "a b" }, 403],
    ["a Host of one letter", "/check/nginx?site=2", { Host: "g" }, 403],
    ["an empty Host", "/check/nginx?site=1", { Host: "" }, 204],
  ])("%s", async (_, path, headers, status) => {
    await using sidecar = await startFixture(two);
    expect((await sendRaw(sidecar.unix, request(path, headers))).status).toBe(status);
    expect((await sendRaw(sidecar.tcp, request(path, headers))).status).toBe(status);
    expect(sidecar.logged.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("the address header counts only from a trusted peer", async () => {
    await using sidecar = await startFixture({ ...two, config: { trustedProxies: ["unix"] } });
    const asked = request("/check/nginx?site=2", { "X-Real-IP": "10.1.2.3" });
    expect((await sendRaw(sidecar.unix, asked)).status).toBe(204);
    expect((await sendRaw(sidecar.tcp, asked)).status).toBe(403);
  });

  test("another address header can be configured, and reloaded", async () => {
    await using sidecar = await startFixture(two);
    const asked = request("/check/nginx?site=2", { "CF-Connecting-IP": "10.1.2.3" });
    expect((await sendRaw(sidecar.unix, asked)).status).toBe(403);
    const config = {
      ...baseConfig([]),
      clientAddressHeader: "CF-Connecting-IP",
      origin: { client_address_header: { kind: "flag", flag: "client-address-header" } as const },
    };
    await sidecar.server.reload(config);
    expect((await sendRaw(sidecar.unix, asked)).status).toBe(204);
  });

  test("a reload that does not hold changes nothing", async () => {
    await using sidecar = await startFixture(two);
    const config = { ...baseConfig([]), trustedProxies: ["nobody"] };
    await expect(sidecar.server.reload(config)).rejects.toThrow("nobody");
    expect((await sendRaw(sidecar.unix, request("/check/nginx?site=2", { "X-Real-IP": "10.1.2.3" }))).status).toBe(204);
  });

  const groups = (value: string) => ({ header: "x-groups", value });
  const claims = { staff: groups("staff"), superuser: groups("root") };
  const staff = { blockStaff: false, claims, tokens: null, probe: null };

  test.each<[string, Record<string, string>, string | null, string | null]>([
    ["staff", { "X-Groups": "users, staff" }, "staff", null],
    ["superusers", { "X-Groups": "root" }, "superuser", "superuser"],
    ["who is in an exempt network", { "X-Real-IP": "10.1.2.3" }, "exempt-network", "exempt-network"],
    ["the others", { "X-Groups": "users" }, null, null],
    ["the others by a header that is not configured", { "X-Staff": "staff" }, null, null],
  ])("%s of the proxy's headers: who passes is told as whom", async (_, headers, why, whenBlocked) => {
    await using sidecar = await startFixture({ ...two, config: { staff } });
    const asked = request("/check/nginx?site=2", headers);
    for (const [blockStaff, expected] of [
      [false, why],
      [true, whenBlocked],
    ] as const) {
      sidecar.place({ ...two, policy: { blockStaff } });
      const response = await sendRaw(sidecar.unix, asked);
      expect([response.status, response.header("X-Lull"), response.header("X-Lull-Why")]).toEqual(
        expected === null ? [403, "closed", null] : [204, "bypass", expected],
      );
    }
  });

  test("claims count only from a trusted peer, and say nothing on an open site", async () => {
    await using sidecar = await startFixture({ ...two, config: { staff, trustedProxies: ["unix"] } });
    const closedSite = request("/check/nginx?site=2", { "X-Groups": "root" });
    expect((await sendRaw(sidecar.tcp, closedSite)).status).toBe(403);
    const openSite = await sendRaw(sidecar.unix, request("/check/nginx?site=1", { "X-Groups": "root" }));
    expect([openSite.status, openSite.header("X-Lull"), openSite.header("X-Lull-Why")]).toEqual([204, null, null]);
  });

  test("without a snapshot nothing is claimed: 503, and the proxy's fallback decides", async () => {
    await using sidecar = await startFixture({ empty: true });
    const response = await sendRaw(sidecar.unix, request("/check/nginx"));
    expect([response.status, response.header("X-Lull")]).toEqual([503, "unknown"]);
    sidecar.place({});
    expect((await sendRaw(sidecar.unix, request("/check/nginx"))).status).toBe(204);
  });
});

describe("a connection that will not be used again is answered with Connection: close", () => {
  const forms: readonly [string, string, string | null][] = [
    ["HTTP/1.1 keeps it", "GET PATH HTTP/1.1\r\nHost: x\r\n\r\n", null],
    ["Connection: close", "GET PATH HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "close"],
    ["in any case, in a list", "GET PATH HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n\r\n", "close"],
    ["nginx's HTTP/1.0", "GET PATH HTTP/1.0\r\nHost: x\r\nConnection: close\r\n\r\n", "close"],
    ["HTTP/1.0 without Host", "GET PATH HTTP/1.0\r\n\r\n", "close"],
    ["a word that only begins like it", "GET PATH HTTP/1.1\r\nHost: x\r\nConnection: closed\r\n\r\n", null],
  ];
  test.each(forms)("%s", async (_, form, connection) => {
    await using sidecar = await startFixture();
    for (const path of ["/check/nginx", "/answer", "/healthz", "/nothing"]) {
      expect((await sendRaw(sidecar.unix, form.replace("PATH", path))).header("Connection")).toBe(connection);
    }
    sidecar.place({ periods: [{}] });
    expect((await sendRaw(sidecar.unix, form.replace("PATH", "/check/nginx"))).header("Connection")).toBe(connection);
  });
});
