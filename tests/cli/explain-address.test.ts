import { describe, expect, test } from "bun:test";
import { openConsole } from "./console.ts";

const closed = "setmaintenance on --offline";
const proxies = 'trusted_proxies = ["unix", "loopback", "10.0.0.0/8"]';
const list = [proxies, 'client_address_header = "X-Forwarded-For"'];
const forwarded = [proxies, 'client_address_header = "Forwarded"'];

/** The line that begins so, without what it begins with. */
async function line(settings: readonly string[], beginning: string, words: readonly string[]): Promise<string | null> {
  await using console = openConsole({ settings });
  await console.lull(closed);
  const { code, out } = await console.call("explain", ...words);
  expect(code).toBe(0);
  const found = out.split("\n").find((each) => each.startsWith(`${beginning}: `));
  return found === undefined ? null : found.slice(beginning.length + 2);
}

describe("explain says which hop gave the address", () => {
  test.each<[string, readonly string[], readonly string[], string]>([
    ["none is asked for", [], ["--ip", "203.0.113.9"], "203.0.113.9"],
    ["nothing is known", [], [], "unknown, so no network covers it"],
    [
      "the one header from nginx",
      [],
      ["--forwarded", "203.0.113.9"],
      "203.0.113.9, by X-Real-IP from the trusted peer unix socket",
    ],
    [
      "the one header from an address",
      [],
      ["--peer", "127.0.0.1", "--forwarded", "203.0.113.9"],
      "203.0.113.9, by X-Real-IP from the trusted peer 127.0.0.1",
    ],
    [
      "a peer that is not trusted",
      [],
      ["--peer", "198.51.100.7", "--forwarded", "203.0.113.9"],
      "198.51.100.7, the address of the peer itself: it is not among trusted_proxies, so X-Real-IP does not count",
    ],
    [
      "a unix socket that is not trusted",
      ['trusted_proxies = ["loopback"]'],
      ["--forwarded", "203.0.113.9"],
      "unknown, so no network covers it; a unix socket has none: it is not among trusted_proxies, so X-Real-IP does not count",
    ],
    [
      "the header is missing",
      [],
      ["--peer", "127.0.0.1"],
      "unknown, so no network covers it; nothing else counts than X-Real-IP, which did not come from the trusted peer 127.0.0.1",
    ],
    [
      "a list",
      list,
      ["--forwarded", "6.6.6.6, 203.0.113.9, 10.0.0.5"],
      "203.0.113.9, by X-Forwarded-For from the trusted peer unix socket: hop 2 of 3 from the right, behind trusted 10.0.0.5",
    ],
    [
      "a claim before the nearest",
      list,
      ["--forwarded", "10.0.0.9, 203.0.113.9"],
      "203.0.113.9, by X-Forwarded-For from the trusted peer unix socket: hop 1 of 2 from the right",
    ],
    [
      "trusted hops alone",
      list,
      ["--forwarded", "10.0.0.1, 10.0.0.2"],
      "10.0.0.1, by X-Forwarded-For from the trusted peer unix socket: hop 2 of 2 from the right, behind trusted 10.0.0.2, trusted itself, and there is none before it",
    ],
    [
      "a hop that is no address",
      list,
      ["--forwarded", "203.0.113.9, unknown, 10.0.0.2"],
      'unknown, so no network covers it; by X-Forwarded-For from the trusted peer unix socket: hop 2 of 3 from the right, behind trusted 10.0.0.2, is no address: "unknown"',
    ],
    [
      "more hops than anybody has",
      list,
      ["--forwarded", `203.0.113.9${", 10.0.0.2".repeat(32)}`],
      `unknown, so no network covers it; by X-Forwarded-For from the trusted peer unix socket: hop 32 of 33 from the right, behind trusted ${Array(31).fill("10.0.0.2").join(", ")}, and more hops than are followed`,
    ],
    [
      "an empty list",
      list,
      ["--forwarded", " , "],
      "unknown, so no network covers it; X-Forwarded-For from the trusted peer unix socket names nobody",
    ],
    [
      "Forwarded",
      forwarded,
      ["--forwarded", 'for=6.6.6.6, for="[2001:DB8::9]:80";proto=https, for=10.0.0.5'],
      "2001:db8::9, by Forwarded from the trusted peer unix socket: hop 2 of 3 from the right, behind trusted 10.0.0.5",
    ],
    [
      "Forwarded that is malformed",
      forwarded,
      ["--forwarded", "for=203.0.113.9:80"],
      'unknown, so no network covers it; by Forwarded from the trusted peer unix socket: hop 1 of 1 from the right, is no address: "for=203.0.113.9:80", with a port it needs quotes',
    ],
    [
      "Forwarded with a bare IPv6 address",
      forwarded,
      ["--forwarded", "For=[2001:db8::9];proto=https"],
      'unknown, so no network covers it; by Forwarded from the trusted peer unix socket: hop 1 of 1 from the right, is no address: "For=[2001:db8::9];proto=https", with brackets it needs quotes',
    ],
    [
      "Forwarded that quotes do not mend",
      forwarded,
      ["--forwarded", "for=203.0.113.9:99999"],
      'unknown, so no network covers it; by Forwarded from the trusted peer unix socket: hop 1 of 1 from the right, is no address: "for=203.0.113.9:99999"',
    ],
    [
      "what Forwarded would mend, in another header",
      list,
      ["--forwarded", "for=203.0.113.9:80"],
      'unknown, so no network covers it; by X-Forwarded-For from the trusted peer unix socket: hop 1 of 1 from the right, is no address: "for=203.0.113.9:80"',
    ],
  ])("%s", async (_, settings, words, address) => {
    expect(await line(settings, "address", words)).toBe(address);
  });

  test("and decides by it", async () => {
    await using console = openConsole({ settings: [...list, 'internal_ips = ["192.0.2.0/24"]'] });
    await console.lull(closed);
    const of = async (header: string) =>
      JSON.parse((await console.call("explain", "--json", "--forwarded", header)).out);
    expect(await of("192.0.2.7, 10.0.0.1")).toMatchObject({
      verdict: "open",
      why: "exempt-network",
      client: "192.0.2.7",
    });
    expect(await of("192.0.2.7, 203.0.113.9")).toMatchObject({
      verdict: "closed",
      client: "203.0.113.9",
      address: {
        known: true,
        peer: "unix",
        isPeerTrusted: true,
        header: "X-Forwarded-For",
        hops: [{ text: "203.0.113.9", address: "203.0.113.9", isTrusted: false }],
        hopCount: 2,
      },
    });
  });

  test.each<[string, string, string]>([
    ["a peer that is none", "--peer proxy.example", '"proxy.example" is not an address'],
    ["two sources", "--ip 192.0.2.7 --peer unix", "--ip and --peer exclude each other; give one"],
    ["two others", "--ip 192.0.2.7 --forwarded 192.0.2.7", "--ip and --forwarded exclude each other; give one"],
    ["somebody else", "--as root", 'invalid --as "root" (choose from staff, superuser)'],
  ])("refuses %s", async (_, words, message) => {
    await using console = openConsole();
    await console.lull("migrate");
    const { code, err } = await console.lull(`explain ${words}`);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});

describe("explain says which rule decided", () => {
  test.each<[string, readonly string[], readonly string[], string | null]>([
    ["a row", ["--network", "203.0.113.0/24"], [], "exemption 1, network 203.0.113.0/24 on all sites, for ever"],
    [
      "a row of a site, with its end and what it is for",
      ["--network", "203.0.113.9", "--site", "1", "--for", "8h", "--description", "Maya"],
      [],
      "exemption 1, network 203.0.113.9/32 on site 1, until 2026-11-20 20:00 UTC (2026-11-20T20:00:00Z): Maya",
    ],
    [
      "of two the one that counts",
      ["--path", "/x"],
      ["--uri", "/admin/"],
      "path /admin on all sites, by the setting admin_ignored_urls (the default)",
    ],
    ["none", ["--network", "198.51.100.0/24"], [], null],
  ])("%s", async (_, options, words, rule) => {
    await using console = openConsole();
    await console.lull(closed);
    await console.call("exempt", "add", ...options);
    const { out } = await console.call("explain", "--ip", "203.0.113.9", ...words);
    expect(/^rule: (.*)$/m.exec(out)?.[1] ?? null).toBe(rule);
  });

  test("the site's own before one of all sites, as the verdict has it", async () => {
    await using console = openConsole();
    await console.lull(closed);
    await console.lull("exempt add --network 203.0.113.0/24");
    await console.lull("exempt add --network 203.0.113.9 --site 1");
    expect(await console.json("explain --ip 203.0.113.9")).toMatchObject({
      exemption: "203.0.113.9/32",
      rule: { id: 2, siteId: 1, value: "203.0.113.9/32", setting: null },
    });
  });

  test("one of the configuration by its key and file", async () => {
    const rule = await line(['internal_ips = ["10.0.0.0/8"]'], "rule", ["--ip", "10.1.2.3"]);
    expect(rule).toMatch(/^network 10\.0\.0\.0\/8 on all sites, by the setting internal_ips \(\/.*\/lull\.toml\)$/);
  });
});

describe("explain --as", () => {
  test.each<[string, string, readonly string[], string, string, string]>([
    ["staff gets in", "staff", [], "open", "staff", "staff"],
    ["a superuser gets in", "superuser", [], "open", "superuser", "a superuser"],
    [
      "staff waits outside",
      "staff",
      ["block_staff = true"],
      "closed",
      "period",
      "staff, who wait outside by the setting block_staff (",
    ],
    ["a superuser does not", "superuser", ["block_staff = true"], "open", "superuser", "a superuser"],
  ])("%s", async (_, who, settings, verdict, why, words) => {
    await using console = openConsole({ settings });
    await console.lull(closed);
    expect(await console.json(`explain --as ${who}`)).toMatchObject({ verdict, why, as: who });
    expect((await console.lull(`explain --as ${who}`)).out).toContain(`\nas: ${words}`);
  });

  const probe = 'staff_probe = "http://127.0.0.1:8000/admin/"';
  const token = ['jwt_secret_file = "/etc/lull/jwt.secret"', 'jwt_superuser = "groups: root"'];
  test.each<[string, string, readonly string[], readonly string[]]>([
    ["nothing is set", "staff", [], []],
    ["nothing is set", "superuser", [], []],
    ["there is a probe", "staff", [probe], ["staff_probe"]],
    ["there is a probe for staff alone", "superuser", [probe, 'staff_claim = "X-Groups: staff"'], []],
    [
      "there are claims",
      "superuser",
      [...token, 'superuser_claim = "X-Groups: root"'],
      ["jwt_superuser", "superuser_claim"],
    ],
    ["tokens make superusers alone", "staff", token, []],
  ])("says when no setting makes anybody that: %s (%s)", async (_, who, settings, by) => {
    await using console = openConsole({ settings });
    await console.lull(closed);
    const keys =
      who === "staff" ? "staff_probe, jwt_staff and staff_claim" : "superuser_probe, jwt_superuser and superuser_claim";
    const { out } = await console.lull(`explain --as ${who}`);
    expect(out.includes(`\nno setting makes anybody ${who}: ${keys} are not set\n`)).toBe(by.length === 0);
    expect(await console.json(`explain --as ${who}`)).toMatchObject({ asBy: by });
  });

  test("nobody is told who asks for nobody", async () => {
    await using console = openConsole();
    await console.lull(closed);
    expect((await console.lull("explain")).out).not.toContain("no setting");
    expect(await console.json("explain")).toMatchObject({ as: null, asBy: null });
  });
});
