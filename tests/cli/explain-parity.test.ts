import { describe, expect, test } from "bun:test";
import { openConsole } from "./console.ts";

type Verdict = "open" | "closed";
type Row = readonly [id: string, targets: string, verdict: Verdict];

/** Cases that share their exemptions and settings. Targets are separated by spaces. */
interface Group {
  readonly given: string;
  /** Patterns to exempt on site 1. */
  readonly patterns?: readonly string[];
  readonly settings?: readonly string[];
  readonly rows: readonly Row[];
}

const groups: readonly Group[] = [
  {
    given: "nothing exempt but the defaults",
    rows: [
      ["A03", "/", "closed"],
      ["A17", "/admin /admin/ /admin/login/ /admin?x=1", "open"],
      ["A17b", "//admin/ ///admin", "closed"],
      ["A18", "/administrators-only /admin-fake/x", "closed"],
      ["A19", "/Admin/ /x/admin/", "closed"],
      ["A19b", "/./admin/ /x/../admin/ /admin/../x /admin/..%2fx /admin;x /admin%2fx /admin\\x", "closed"],
      ["A20", "/%61dmin/", "open"],
      ["A22", "/static/a.css /favicon.ico /nope/", "closed"],
      ["A22b", "/robots.txt /.well-known/acme-challenge/x", "open"],
    ],
  },
  {
    given: "no admin_ignored_urls and no default_exemptions",
    settings: ["admin_ignored_urls = []", "default_exemptions = []"],
    rows: [
      ["A21", "/admin/", "closed"],
      ["A22b", "/robots.txt /.well-known/acme-challenge/x", "closed"],
    ],
  },
  {
    given: "admin_ignored_urls as django-maintenancemode-2 has them",
    settings: ['admin_ignored_urls = ["^admin"]'],
    rows: [["a pattern", "/admin /admin/x /administrators-only", "open"]],
  },
  {
    given: "^ignored-page/$",
    patterns: ["^ignored-page/$"],
    rows: [
      ["A30", "/ignored-page/ /ignored-page/?a=1", "open"],
      ["A30b", "/ignored-page /ignored-page/x /x/ignored-page/", "closed"],
    ],
  },
  {
    given: "ignored-page/$",
    patterns: ["ignored-page/$"],
    rows: [
      ["A31", "/ignored-page/", "open"],
      ["A31", "/x/ignored-page/", "closed"],
    ],
  },
  { given: "^/ignored-page/$", patterns: ["^/ignored-page/$"], rows: [["A32", "/ignored-page/", "open"]] },
  {
    given: "^$",
    patterns: ["^$"],
    rows: [
      ["A33", "/", "open"],
      ["A33", "/a", "closed"],
    ],
  },
  {
    given: "^api",
    patterns: ["^api"],
    rows: [
      ["A35", "/api/v1 /apinot", "open"],
      ["A35", "/API/ /v1/api", "closed"],
    ],
  },
  { given: "(?i)^api", patterns: ["(?i)^api"], rows: [["A36", "/API/", "open"]] },
  { given: "(?i)^/api", patterns: ["(?i)^/api"], rows: [["A36b", "/API/", "open"]] },
  { given: "^(/a|/b)$", patterns: ["^(/a|/b)$"], rows: [["A36b", "/a", "open"]] },
  {
    given: ".*\\.css$",
    patterns: [".*\\.css$"],
    rows: [
      ["A37", "/static/a.css /a.css?x=1", "open"],
      ["A37", "/static/a.css.map", "closed"],
    ],
  },
  {
    given: "docs|help",
    patterns: ["docs|help"],
    rows: [
      ["A38", "/docs/ /help", "open"],
      ["A38", "/x/help", "closed"],
    ],
  },
  { given: "^café/$", patterns: ["^café/$"], rows: [["A39", "/café/ /caf%C3%A9/", "open"]] },
  { given: "^page\\?x=1", patterns: ["^page\\?x=1"], rows: [["A40", "/page?x=1", "closed"]] },
  { given: "^a b", patterns: ["^a b"], rows: [["A42", "/a%20b", "open"]] },
];

describe("explain, while django-maintenancemode-2's flag is on", () => {
  test.each(groups)("with $given", async ({ patterns = [], settings = [], rows }) => {
    await using console = openConsole({ settings });
    for (const pattern of patterns) {
      expect((await console.call("exempt", "add", "--pattern", pattern, "--site", "1")).code).toBe(0);
    }
    await console.lull("setmaintenance on --offline");
    for (const [id, targets, verdict] of rows) {
      for (const target of targets.split(" ")) {
        const { out } = await console.call("explain", "--uri", target, "--ip", "203.0.113.9", "--json");
        expect({ id, target, verdict: JSON.parse(out).verdict }).toEqual({ id, target, verdict });
      }
    }
  });

  test.each<[string, string, string, Verdict]>([
    ["A11", "127.0.0.1", "127.0.0.1", "open"],
    ["A12", "", "127.0.0.1", "closed"],
    ["A13", "10.0.0.0/8", "10.1.2.3", "open"],
    ["A13, another", "10.0.0.0/8", "11.1.2.3", "closed"],
    ["A15", "::1", "0:0:0:0:0:0:0:1", "open"],
    ["A16", "127.0.0.1", "::ffff:127.0.0.1", "open"],
    ["a network of IPv6", "2001:db8::/32", "2001:db8:1::7", "open"],
  ])("%s: with internal_ips %p the client %p", async (_, networks, client, verdict) => {
    await using console = openConsole({ settings: [`internal_ips = [${networks === "" ? "" : `"${networks}"`}]`] });
    await console.lull("setmaintenance on --offline");
    expect(await console.json(`explain --ip ${client}`)).toMatchObject({ verdict });
    expect(await console.json("explain")).toMatchObject({ verdict: "closed", client: null });
  });

  test.each(["HEAD", "POST", "PUT", "DELETE"])("A53: %s is held too", async (method) => {
    await using console = openConsole();
    await console.lull("setmaintenance on --offline");
    expect(await console.json(`explain --method ${method}`)).toMatchObject({ verdict: "closed", why: "period" });
  });

  test("A01, A02: passes while it is off", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    expect(await console.json("explain")).toMatchObject({ verdict: "open", why: "no-period" });
    await console.lull("setmaintenance on --offline");
    console.clock.elapsedMs = 1;
    await console.lull("setmaintenance off");
    expect(await console.json("explain")).toMatchObject({ verdict: "open", why: "no-period" });
  });

  test("A56: each host has its own site", async () => {
    await using console = openConsole();
    await console.lull("site set 1 --domain example.com --force");
    await console.lull("site add two.example");
    await console.lull("setmaintenance on 2 --offline");
    expect(await console.json("explain --host two.example")).toMatchObject({ verdict: "closed", site: { id: 2 } });
    expect(await console.json("explain --host example.com")).toMatchObject({ verdict: "open", site: { id: 1 } });
  });
});

describe("explain, as django-downtime has it", () => {
  /** Hours from noon; the second, missing, is no end. */
  type Span = readonly [start: number, end?: number];
  const at = (hours: number) => new Date(Date.UTC(2026, 10, 20, 12) + hours * 3_600_000).toISOString();

  test.each<[string, readonly Span[], Verdict, number | null]>([
    ["B01", [], "open", null],
    ["B02", [[-1, 1]], "closed", 3_600],
    ["B04", [[1, 2]], "open", null],
    ["B06", [[-1]], "closed", 300],
    ["B07", [[1]], "open", null],
    ["B10, at the start", [[0, 1]], "closed", 3_600],
    [
      "two that overlap",
      [
        [-1, 1],
        [0.5, 3],
      ],
      "closed",
      10_800,
    ],
    [
      "two that adjoin",
      [
        [-1, 1],
        [1, 2],
      ],
      "closed",
      7_200,
    ],
    [
      "two with a gap",
      [
        [-1, 1],
        [2, 3],
      ],
      "closed",
      3_600,
    ],
    ["one that runs on without an end", [[-1, 1], [0.5]], "closed", 300],
  ])("%s", async (_, spans, verdict, retryAfterSeconds) => {
    await using console = openConsole();
    await console.lull("migrate");
    for (const [index, [start, end]] of spans.entries()) {
      const until = end === undefined ? [] : ["--end", at(end)];
      const options = ["--start", at(start), ...until, "--name", `n${index}`, "--offline"];
      expect((await console.call("period", "add", ...options)).code).toBe(0);
    }
    expect(await console.json("explain")).toMatchObject({ verdict, retryAfterSeconds });
  });

  test.each<[string, number, Verdict]>([
    ["B05, after it", 2, "open"],
    ["B10, at its end", 1, "open"],
    ["a second before its end", 1 - 1 / 3_600, "closed"],
    ["B10, at its start", -1, "closed"],
    ["before it", -1.1, "open"],
  ])("%s", async (_, hours, verdict) => {
    await using console = openConsole();
    await console.lull("migrate");
    await console.call("period", "add", "--start", at(-1), "--end", at(1), "--offline");
    expect(await console.json(`explain --at ${at(hours)}`)).toMatchObject({ verdict });
    console.clock.elapsedMs = hours * 3_600_000;
    expect(await console.json("explain")).toMatchObject({ verdict });
  });

  test("B03: a disabled one closes nothing", async () => {
    await using console = openConsole();
    await console.call("period", "add", "--start", at(-1), "--end", at(1), "--offline");
    await console.lull("period disable 1");
    expect(await console.json("explain")).toMatchObject({ verdict: "open" });
    await console.lull("period enable 1 --offline");
    expect(await console.json("explain")).toMatchObject({ verdict: "closed" });
  });

  test("B09: one that is past does not hide one that runs", async () => {
    await using console = openConsole();
    await console.lull("downtime_start --for 1s --offline");
    console.clock.elapsedMs = 2_000;
    await console.lull("downtime_start --for 1h --offline");
    expect(await console.json("explain")).toMatchObject({ verdict: "closed" });
  });

  test.each<[string, readonly string[], string, Verdict]>([
    ["B11", [], "/admin /admin/", "open"],
    ["B11b", [], "/administrator /admin-x", "closed"],
    ["B12", [], "/Admin/ /x/admin /static/a.css", "closed"],
    ["B13", ["--exact /test/page/id", "--exact /"], "/test/page/id /", "open"],
    ["B14", ["--exact /test/page/id", "--exact /"], "/test/page/id/ /test/page/id/child /TEST/page/id", "closed"],
    ["B15", ["--path /a"], "/a /a/b", "open"],
    ["B15b", ["--path /a"], "/abc", "closed"],
  ])("%s: with %p exempt, %s", async (_, exemptions, targets, verdict) => {
    await using console = openConsole();
    await console.lull("downtime_start --offline");
    for (const exemption of exemptions) expect((await console.lull(`exempt add ${exemption}`)).code).toBe(0);
    for (const target of targets.split(" ")) {
      expect({ target, ...(await console.json(`explain --uri ${target}`)) }).toMatchObject({ target, verdict });
    }
  });

  test("B17: with another path exempt and no admin_ignored_urls, /admin", async () => {
    await using console = openConsole({ settings: ["admin_ignored_urls = []"] });
    await console.lull("exempt add --path /other");
    await console.lull("downtime_start --offline");
    expect(await console.json("explain --uri /admin")).toMatchObject({ verdict: "closed" });
    expect(await console.json("explain --uri /other/x")).toMatchObject({ verdict: "open", why: "exempt-path" });
  });
});
