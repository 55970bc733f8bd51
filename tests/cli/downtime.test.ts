import { describe, expect, test } from "bun:test";
import { type Console, hourMs, openConsole } from "./console.ts";

/** The names of what runs now, in order. */
async function running(console: Console): Promise<readonly string[]> {
  const { periods } = await console.json("period list --running");
  return Array.isArray(periods) ? periods.map((period) => `${period.name} on ${period.siteId ?? "all"}`) : [];
}

/** A second passes after each. */
async function after(console: Console, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const { code, err } = await console.lull(line);
    if (code !== 0) throw new Error(`${line}: ${err}`);
    console.clock.elapsedMs += 1_000;
  }
}

describe("downtime_start", () => {
  test("B30: says so, and what it closed until when", async () => {
    await using console = openConsole();
    const { code, out, err } = await console.lull("downtime_start --for 2h --offline");
    expect({ code, out }).toEqual({
      code: 0,
      out: 'Successfully started downtime\nclosed all sites by "downtime" until 2026-11-20 14:00 UTC (2026-11-20T14:00:00Z)\n',
    });
    expect(err).toContain(`database ${console.path}\n`);
    expect(await running(console)).toEqual(["downtime on all"]);
  });

  test("without an end it says that there is none", async () => {
    await using console = openConsole();
    expect((await console.lull("downtime_start --offline")).out).toContain(
      'closed all sites by "downtime" without an end\n',
    );
  });

  test("B31: twice makes one period, and says since when and by whom", async () => {
    await using console = openConsole({ actor: "bob@web1" });
    await after(console, "downtime_start --for 2h --offline");
    console.as("ada@desk");
    const { code, out } = await console.lull("downtime_start --for 2h --offline");
    expect(code).toBe(0);
    expect(out).toBe('extended "downtime" on all sites, closed until 2026-11-20 14:00:01 UTC (2026-11-20T14:00:01Z)\n');
    expect((await console.lull("downtime_start --for 1h --offline")).out).toBe(
      'already started: "downtime" on all sites since 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) by bob@web1, until 2026-11-20 14:00:01 UTC (2026-11-20T14:00:01Z); --shorten would end it at 2026-11-20 13:00:01 UTC (2026-11-20T13:00:01Z)\n',
    );
    expect(await running(console)).toEqual(["downtime on all"]);
  });

  test("B31: twice without an end changes nothing", async () => {
    await using console = openConsole();
    await after(console, "downtime_start --offline");
    const before = await console.json("status");
    expect(await console.lull("downtime_start --offline")).toMatchObject({
      code: 0,
      out: 'already started: "downtime" on all sites since 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) by ada@desk, without an end\n',
    });
    expect(await console.json("status")).toEqual(before);
  });

  test.each<[string, string, string, number | null]>([
    ["extends", "--for 1h", "--for 3h", 3],
    ["extends to no end", "--for 1h", "", null],
    ["never shortens", "--for 3h", "--for 1h", 3],
    ["never shortens what has no end", "", "--for 1h", null],
    ["shortens when told to", "--for 3h", "--for 1h --shorten", 1],
    ["shortens what has no end when told to", "", "--for 1h --shorten", 1],
    ["extends also when told that it may shorten", "--for 1h", "--for 3h --shorten", 3],
  ])("the same name again %s", async (_, first, second, hours) => {
    await using console = openConsole();
    for (const options of [first, second]) await console.lull(`downtime_start ${options} --offline`);
    const { periods } = await console.json("period list");
    const end = hours === null ? null : `2026-11-20T${12 + hours}:00:00Z`;
    expect(periods).toMatchObject([{ name: "downtime", end }]);
  });

  test.each<[string, string, readonly string[]]>([
    ["one site", "--site 1", ["downtime on 1"]],
    ["another name", "--name deploy", ["deploy on all"]],
    ["several sites", "--site 1,b.example", ["downtime on 1", "downtime on 2"]],
  ])("closes %s", async (_, options, expected) => {
    await using console = openConsole();
    await after(console, "site add b.example", `downtime_start ${options} --offline`);
    expect(await running(console)).toEqual([...expected]);
  });

  test.each([
    ["an unknown site", ["--site", "7"], 1, "no site 7"],
    ["one of several unknown", ["--site", "1,b.example,9"], 1, "no site b.example, 9"],
    ["an end that is past", ["--until", "2026-11-20T11:00:00Z"], 1, '--until "2026-11-20T11:00:00Z" is past'],
    ["an end that is now", ["--until", "2026-11-20T12:00:00Z"], 1, "is past"],
    ["no time", ["--until", "soon"], 2, '"soon" is not a time'],
    ["no duration", ["--for", "long"], 2, '"long" is not a duration'],
  ] as const)("refuses %s", async (_, options, code, message) => {
    await using console = openConsole();
    await console.lull("migrate");
    const said = await console.call("downtime_start", ...options, "--offline");
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toContain(message);
    expect(await running(console)).toEqual([]);
  });

  test("reads times in the configured zone", async () => {
    await using console = openConsole({ settings: [], environment: { LULL_TIMEZONE: "Europe/Berlin" } });
    const { out } = await console.call("downtime_start", "--until", "tomorrow 02:00", "--offline");
    expect(out).toContain("until 2026-11-21 02:00 CET (2026-11-21T01:00:00Z)");
  });
});

describe("downtime_end", () => {
  test("B32: ends it", async () => {
    await using console = openConsole();
    await after(console, "downtime_start --offline");
    const { code, out, err } = await console.lull("downtime_end");
    expect({ code, out }).toEqual({
      code: 0,
      out: 'Successfully ended downtime\nended "downtime" on all sites (period 1), running since 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) by ada@desk\n',
    });
    expect(err).toContain(`database ${console.path}\n`);
    expect(await running(console)).toEqual([]);
  });

  test("B33: with nothing running says so, and is content", async () => {
    await using console = openConsole();
    expect(await console.lull("downtime_end")).toMatchObject({
      code: 0,
      out: 'nothing was running under the name "downtime"\n',
    });
    expect((await console.lull("downtime_end --all-names")).out).toBe("nothing was running\n");
  });

  test("B34: ends one that has an end", async () => {
    await using console = openConsole();
    await console.lull("period add --start 2026-11-20T11:00:00Z --end 2026-11-20T13:00:00Z --offline");
    expect((await console.lull("downtime_end")).out).toStartWith("Successfully ended downtime\n");
    expect(await running(console)).toEqual([]);
    expect(await console.json("explain")).toMatchObject({ verdict: "open", why: "no-period" });
  });

  const everything = [
    "site add b.example",
    "setmaintenance on --all --offline",
    "downtime_start --offline",
    "downtime_start --site 2 --offline",
    "downtime_start --name deploy --for 2h --offline",
    "downtime_start --name deploy --site 1 --offline",
  ];
  const flags = ["maintenance on 1", "maintenance on 2"];

  test.each<[string, string, readonly string[]]>([
    ["without a name everything named downtime, everywhere", "", [...flags, "deploy on all", "deploy on 1"]],
    ["by name", "--name deploy", [...flags, "downtime on all", "downtime on 2"]],
    [
      "by name the flag too",
      "--name maintenance",
      ["downtime on all", "downtime on 2", "deploy on all", "deploy on 1"],
    ],
    ["everything", "--all-names", []],
    ["on one site", "--site 2", [...flags, "downtime on all", "deploy on all", "deploy on 1"]],
    [
      "everything on one site, which does not stand for all",
      "--all-names --site 1",
      ["maintenance on 2", "downtime on all", "downtime on 2", "deploy on all"],
    ],
    [
      "nothing under a name that is nobody's",
      "--name other",
      [...flags, "downtime on all", "downtime on 2", "deploy on all", "deploy on 1"],
    ],
  ])("ends %s", async (_, options, expected) => {
    await using console = openConsole();
    await after(console, ...everything);
    expect((await console.lull(`downtime_end ${options}`)).code).toBe(0);
    expect([...(await running(console))].sort()).toEqual([...expected].sort());
  });

  test("lists what still closes: by what, by whose, until when", async () => {
    await using console = openConsole({ actor: "bob@web1" });
    await after(console, ...everything);
    console.as("ada@desk");
    const { err } = await console.lull("downtime_end");
    const deploy = '"deploy" on all sites (period 5) by bob@web1 until 2026-11-20 14:00:04 UTC (2026-11-20T14:00:04Z)';
    expect(err).toContain(
      `site 1 (*) stays closed: "maintenance" (period 1) by bob@web1 without an end; ${deploy}; "deploy" (period 6) by bob@web1 without an end\n`,
    );
    expect(err).toContain(
      `site 2 (b.example) stays closed: "maintenance" (period 2) by bob@web1 without an end; ${deploy}\n`,
    );
    expect(err).not.toContain('"downtime"');
  });

  test("leaves what is still to come", async () => {
    await using console = openConsole();
    await after(console, "period add --start 2026-11-20T13:00:00Z --for 1h");
    await console.lull("downtime_end");
    console.clock.elapsedMs = hourMs;
    expect(await running(console)).toEqual(["downtime on all"]);
  });

  test("refuses an unknown site", async () => {
    await using console = openConsole();
    expect(await console.lull("downtime_end --site 7")).toMatchObject({ code: 1, out: "" });
  });

  test("does not bury its words under thousands of sites", async () => {
    await using console = openConsole();
    for (let number = 2; number <= 25; number++) await console.lull(`site add s${number}.example`);
    await after(console, "setmaintenance on --all --offline");
    const { err } = await console.lull("downtime_end");
    expect(err.match(/stays closed/g)).toHaveLength(20);
    expect(err).toContain('and 5 sites more ("lull status" shows all)\n');
  });
});

describe("--dry-run", () => {
  test.each<[string, readonly string[], string, string]>([
    ["setmaintenance on", [], "setmaintenance on", "Site 1 (*) would now be on\n"],
    ["setmaintenance on, being on", ["setmaintenance on --offline"], "setmaintenance on", "Site 1 (*) already on\n"],
    ["setmaintenance off", ["setmaintenance on --offline"], "setmaintenance off", "Site 1 (*) would now be off\n"],
    ["downtime_start", [], "downtime_start", 'would close all sites by "downtime" without an end\n'],
    [
      "downtime_start again",
      ["downtime_start --for 1h --offline"],
      "downtime_start",
      'would extend "downtime" on all sites, closed without an end\n',
    ],
    [
      "downtime_end",
      ["downtime_start --offline"],
      "downtime_end",
      'would end "downtime" on all sites (period 1), running since 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) by ada@desk\n',
    ],
    [
      "period add",
      [],
      "period add --for 1h",
      'would add "downtime" on all sites (period 1) by ada@desk until 2026-11-20 13:00 UTC (2026-11-20T13:00:00Z), from 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z)\n',
    ],
    [
      "period disable",
      ["downtime_start --offline"],
      "period disable 1",
      'would be disabled: "downtime" on all sites (period 1) by ada@desk without an end, from 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z)\n',
    ],
  ])("of %s says what would be, and changes nothing", async (_, before, line, out) => {
    await using console = openConsole();
    await console.lull("migrate");
    await after(console, ...before);
    const state = await Promise.all(
      ["status", "audit", "period list --past --running --upcoming"].map((each) => console.json(each)),
    );
    const said = await console.lull(`${line} --dry-run`);
    expect({ code: said.code, out: said.out }).toEqual({ code: 0, out });
    expect(said.err.replace(/^still reachable: .*\n/m, "")).toBe(
      `database ${console.path}\ndry run: nothing was changed\n`,
    );
    const { revision, ...same } = await console.json(`${line} --dry-run`);
    expect(same).toMatchObject({ changed: false, dryRun: true, wouldChange: !out.includes("already") });
    expect({ revision }).toEqual({ revision: state[0]?.["revision"] });
    expect(
      await Promise.all(
        ["status", "audit", "period list --past --running --upcoming"].map((each) => console.json(each)),
      ),
    ).toEqual(state);
  });

  test("makes no database", async () => {
    await using console = openConsole();
    const { code, err } = await console.lull("setmaintenance on --dry-run");
    expect(code).toBe(5);
    expect(err).toContain("lull migrate");
    expect(await Bun.file(console.path).exists()).toBe(false);
  });

  test("tells what would still close", async () => {
    await using console = openConsole();
    await after(console, "setmaintenance on --offline", "downtime_start --offline");
    expect((await console.lull("setmaintenance off --dry-run")).err).toContain(
      'site 1 (*) would stay closed: "downtime" on all sites',
    );
  });
});
