import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { canonicalPath } from "../../src/gate/path.ts";
import { readCorpus } from "../gate/builders.ts";
import { hourMs, openConsole } from "./console.ts";

const period = {
  id: 1,
  siteId: null,
  name: "downtime",
  start: "2026-11-20T12:00:00Z",
  end: "2026-11-20T14:00:00Z",
  enabled: true,
  mode: "full",
  reason: "disks",
  message: "",
  owner: "ada@desk",
  expectedEnd: null,
  leaseMs: null,
  leaseEnd: null,
  recurrenceId: null,
};

describe("explain --json", () => {
  test("has exactly these members when closed", async () => {
    await using console = openConsole();
    await console.lull("downtime_start --for 2h --reason disks --offline");
    expect(await console.json("explain --uri /caf%C3%A9?x=1 --ip 203.0.113.9")).toEqual({
      schemaVersion: 1,
      exitCode: 0,
      database: console.path,
      revision: 2,
      verdict: "closed",
      why: "period",
      site: { id: 1, domain: "*" },
      method: "GET",
      path: "/café",
      client: "203.0.113.9",
      exemption: null,
      readonly: null,
      period,
      retryAfterSeconds: 7_200,
      chain: [period],
      running: [period],
      next: null,
      address: null,
      as: null,
      asBy: null,
      token: null,
      rule: null,
      faults: [],
    });
  });

  test("has the same members when open", async () => {
    await using console = openConsole();
    await console.lull("downtime_start --for 2h --offline");
    expect(await console.json("explain --uri /admin/x")).toEqual({
      schemaVersion: 1,
      exitCode: 0,
      database: console.path,
      revision: 2,
      verdict: "open",
      why: "exempt-path",
      site: { id: 1, domain: "*" },
      method: "GET",
      path: "/admin/x",
      client: null,
      exemption: "/admin",
      readonly: null,
      period: null,
      retryAfterSeconds: null,
      chain: [],
      running: [{ ...period, reason: "" }],
      next: null,
      address: null,
      as: null,
      asBy: null,
      token: null,
      rule: {
        id: null,
        siteId: null,
        kind: "path",
        value: "/admin",
        description: "admin_ignored_urls",
        expires: null,
        setting: "admin_ignored_urls",
      },
      faults: [],
    });
  });

  test("follows the chain of periods to the expected opening", async () => {
    await using console = openConsole();
    await console.lull("downtime_start --for 2h --offline");
    await console.lull("period add --start 2026-11-20T14:00:00Z --for 1h --name later");
    expect(await console.json("explain")).toMatchObject({
      period: { name: "downtime" },
      retryAfterSeconds: 10_800,
      chain: [{ name: "downtime" }, { name: "later" }],
    });
    expect(await console.json("explain --at 2026-11-20T14:59:59.5Z")).toMatchObject({
      period: { name: "later" },
      retryAfterSeconds: 1,
    });
  });
});

describe("explain says for people", () => {
  test.each<[string, readonly string[], string]>([
    [
      "that a site is closed, by what, by whose, until when",
      ["downtime_start --for 2h --reason disks --offline"],
      'closed: a period is running (period)\nsite: 1 (*)\npath: /x\naddress: 203.0.113.9\nbecause of: "downtime" on all sites (period 1) by ada@desk until 2026-11-20 14:00 UTC (2026-11-20T14:00:00Z): disks\nexpected opening: 2026-11-20 14:00 UTC (2026-11-20T14:00:00Z)\n',
    ],
    [
      "that nobody knows until when",
      ["setmaintenance on --offline"],
      'closed: a period is running (period)\nsite: 1 (*)\npath: /x\naddress: 203.0.113.9\nbecause of: "maintenance" (period 1) by ada@desk without an end\nexpected opening: unknown\n',
    ],
    [
      "that it is open",
      ["migrate"],
      "open: no period is running (no-period)\nsite: 1 (*)\npath: /x\naddress: 203.0.113.9\n",
    ],
    [
      "what exempts the path",
      ["setmaintenance on --offline", "exempt add --exact /x"],
      'open: the path is exempt by /x (exempt-exact)\nsite: 1 (*)\npath: /x\naddress: 203.0.113.9\nrule: exemption 1, exact /x on all sites, for ever\nrunning: "maintenance" (period 1) by ada@desk without an end\n',
    ],
    [
      "what exempts the client",
      ["setmaintenance on --offline", "exempt add --network 203.0.113.0/24"],
      'open: the client is exempt by 203.0.113.0/24 (exempt-network)\nsite: 1 (*)\npath: /x\naddress: 203.0.113.9\nrule: exemption 1, network 203.0.113.0/24 on all sites, for ever\nrunning: "maintenance" (period 1) by ada@desk without an end\n',
    ],
    [
      "that reading goes on",
      ["period add --mode readonly --offline"],
      'open: only read-only periods are running, and GET changes nothing (readonly-safe-method)\nsite: 1 (*)\npath: /x\naddress: 203.0.113.9\nrunning: "downtime" on all sites, read-only (period 1) by ada@desk without an end\n',
    ],
    [
      "what is next, by whose and why",
      ["period add --start 2026-11-21T02:00:00Z --for 1h --name night --reason backup"],
      'open: no period is running (no-period)\nsite: 1 (*)\npath: /x\naddress: 203.0.113.9\nnext: "night" on all sites (period 1) by ada@desk from 2026-11-21 02:00 UTC (2026-11-21T02:00:00Z) until 2026-11-21 03:00 UTC (2026-11-21T03:00:00Z): backup\n',
    ],
    [
      "when it ends by itself unless renewed, and when it should be over",
      ["downtime_start --lease 5m --expect 45m --offline"],
      'closed: a period is running (period)\nsite: 1 (*)\npath: /x\naddress: 203.0.113.9\nbecause of: "downtime" on all sites (period 1) by ada@desk, expected until 2026-11-20 12:45 UTC (2026-11-20T12:45:00Z), ends by itself at 2026-11-20 12:05 UTC (2026-11-20T12:05:00Z) unless renewed\nexpected opening: 2026-11-20 12:45 UTC (2026-11-20T12:45:00Z)\n',
    ],
  ])("%s", async (_, before, out) => {
    await using console = openConsole();
    for (const line of before) await console.lull(line);
    const said = await console.lull("explain --uri /x --ip 203.0.113.9");
    expect({ code: said.code, out: said.out }).toEqual({ code: 0, out });
    expect(said.err).toMatch(/^database [^\n]*, revision \d+\n$/);
  });

  test("that a path is ambiguous", async () => {
    await using console = openConsole();
    await console.lull("setmaintenance on --offline");
    expect((await console.lull("explain --uri //admin")).out).toContain(
      "\npath: can be read in more than one way, or not at all, so no exemption covers it\naddress: unknown, so no network covers it\n",
    );
  });
});

describe("explain finds the site", () => {
  const console = openConsole();
  beforeAll(async () => {
    for (const line of [
      "site set 1 --domain example.com --force",
      "site add *.shop.example",
      "site add eu.shop.example",
      "site add bücher.example",
      "site alias add 4 *.livres.example",
    ]) {
      expect({ line, ...(await console.lull(line)) }).toMatchObject({ line, code: 0 });
    }
  });
  afterAll(() => console[Symbol.asyncDispose]());

  test.each<[string, string, number | null]>([
    ["an exact domain", "--host example.com", 1],
    ["capitals, port and final dot", "--host EXAMPLE.com.:8443", 1],
    ["a wildcard", "--host a.shop.example", 2],
    ["a wildcard two labels deep", "--host b.a.shop.example", 2],
    ["an exact domain below a wildcard", "--host eu.shop.example", 3],
    ["below that", "--host a.eu.shop.example", 2],
    ["the wildcard's own domain, by default_site", "--host shop.example", 1],
    ["a host in Unicode", "--host BÜCHER.example", 4],
    ["the same in punycode", "--host xn--bcher-kva.example", 4],
    ["an alias with a wildcard", "--host www.livres.example", 4],
    ["a host that is nobody's, by default_site", "--host nobody.example", 1],
    ["the number that the proxy names", "--host example.com --site 3", 3],
    ["a domain that the proxy means", "--host nobody.example --site eu.shop.example", 3],
    ["nothing given: default_site", "", 1],
    ["a host that cannot be read", "--host a@b", null],
  ])("%s", async (_, options, id) => {
    const { site } = await console.json(`explain ${options}`);
    expect(site).toEqual(id === null ? null : expect.objectContaining({ id }));
  });

  test("refuses one that is not there", async () => {
    expect(await console.lull("explain --site 9")).toMatchObject({ code: 1, out: "" });
  });

  test.each([
    ["open", { verdict: "open", why: "unknown-host", site: null }],
    ["closed", { verdict: "closed", why: "unknown-host", site: null, period: null, retryAfterSeconds: 300, chain: [] }],
    ["default-site", { verdict: "open", why: "no-period", site: { id: 1, domain: "example.com" } }],
  ])("unknown_host = %p", async (unknownHost, expected) => {
    await using other = openConsole({ settings: [`unknown_host = "${unknownHost}"`] });
    await other.lull("site set 1 --domain example.com --force");
    expect(await other.json("explain --host nobody.example")).toMatchObject(expected);
  });
});

describe("explain reads the target", () => {
  test("byte by byte from standard input, and reads it as a check would", async () => {
    await using console = openConsole();
    await console.lull("setmaintenance on --offline");
    for (const line of readCorpus("nginx-paths.jsonl")) {
      const raw = typeof line === "object" && line !== null && "raw" in line ? String(line.raw) : "";
      console.type(Buffer.from(raw, "latin1"));
      expect({ raw, ...(await console.json("explain --uri-file -")) }).toMatchObject({ raw, path: canonicalPath(raw) });
    }
  });

  test.each<[string, readonly number[], string | null, string]>([
    ["UTF-8", [0x2f, 0xc3, 0xa9], "/é", "period"],
    ["one byte that is not", [0x2f, 0xe9], null, "period"],
    ["a NUL", [0x2f, 0x00], null, "period"],
    ["a newline at its end", [0x2f, 0x61, 0x0a], "/a", "period"],
    ["a newline inside", [0x2f, 0x0a, 0x61], null, "period"],
    ["nothing", [], null, "unreadable-visit"],
  ])("%s", async (_, bytes, path, why) => {
    await using console = openConsole();
    await console.lull("setmaintenance on --offline");
    console.type(new Uint8Array(bytes));
    expect(await console.json("explain --uri-file -")).toMatchObject({ verdict: "closed", path, why });
    await writeFile(console.file("target"), new Uint8Array(bytes));
    expect(await console.json("explain --uri-file target")).toMatchObject({ verdict: "closed", path, why });
  });

  test("as text", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    expect(await console.json("explain --uri /café")).toMatchObject({ path: "/café" });
    expect(await console.json("explain --uri=--x")).toMatchObject({ path: null });
  });

  test("from no file that is not there", async () => {
    await using console = openConsole();
    expect(await console.lull("explain --uri-file nowhere")).toMatchObject({
      code: 2,
      out: "",
      err: `lull: --uri-file "${console.file("nowhere")}" cannot be read; name a file, or - for standard input\n`,
    });
  });
});

/** Every day from 14:00 to 16:00 in UTC. */
const nightly = ["--rule", "FREQ=DAILY", "--at", "14:00", "--for", "2h", "--tz", "UTC", "--name", "nightly"] as const;

describe("explain knows about time", () => {
  test.each([
    ["the next one", "2026-11-20"],
    ["one beyond the 400 days that sidecars look ahead", "2029-01-05"],
  ])("what a recurrence yields is named by its rule: %s", async (_, day) => {
    await using console = openConsole();
    await console.call("recurrence", "add", ...nightly, "--reason", "backup");
    const { out } = await console.lull(`explain --at ${day}T15:00:00Z`);
    expect(out).toContain(
      `because of: "nightly" on all sites (recurrence 1) by ada@desk until ${day} 16:00 UTC (${day}T16:00:00Z): backup\n`,
    );
    expect(await console.json(`explain --at ${day}T15:00:00Z`)).toMatchObject({
      verdict: "closed",
      period: { id: 0, recurrenceId: 1, end: `${day}T16:00:00Z` },
      next: { recurrenceId: 1 },
    });
    expect(await console.json(`explain --at ${day}T16:00:00Z`)).toMatchObject({ verdict: "open", running: [] });
  });

  test("an exemption holds until it expires", async () => {
    await using console = openConsole();
    await console.lull("setmaintenance on --offline");
    await console.call("exempt", "add", "--path", "/x", "--expires", "in 1h");
    const verdicts = await Promise.all(
      ["12:59:59", "13:00:00"].map((time) => console.json(`explain --uri /x --at 2026-11-20T${time}Z`)),
    );
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(["open", "closed"]);
    console.clock.elapsedMs = hourMs;
    expect((await console.lull("exempt list")).out).toContain("expired 2026-11-20 13:00 UTC");
  });
});
