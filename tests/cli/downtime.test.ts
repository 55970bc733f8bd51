import { describe, expect, test } from "bun:test";
import { hourMs, openConsole } from "./console.ts";
import { after, running } from "./steps.ts";

describe("downtime_start", () => {
  test("B30: says so, and what it closed until when", async () => {
    await using console = openConsole();
    await console.lull("migrate");
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
    expect(out).toBe(
      'extended "downtime" on all sites since 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) by bob@web1, closed until 2026-11-20 14:00:01 UTC (2026-11-20T14:00:01Z)\n',
    );
    expect((await console.lull("downtime_start --for 1h --offline")).out).toBe(
      'already started: "downtime" on all sites since 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) by bob@web1, until 2026-11-20 14:00:01 UTC (2026-11-20T14:00:01Z); --shorten would end it at 2026-11-20 13:00:01 UTC (2026-11-20T13:00:01Z)\n',
    );
    expect(await running(console)).toEqual(["downtime on all"]);
  });

  test.each([
    ["extends", "1h", "90m", "period.extend"],
    ["shortens", "3h", "90m --shorten", "period.shorten"],
  ])("again with a reason %s and gives the period that reason", async (_, first, second, action) => {
    await using console = openConsole();
    await console.call("downtime_start", "--for", first, "--name", "deploy", "--reason", "release 42", "--offline");
    const [length = "", ...rest] = second.split(" ");
    const call = ["--for", length, ...rest, "--name", "deploy", "--reason", "rolling back", "--offline"];
    expect((await console.call("downtime_start", ...call)).code).toBe(0);
    expect((await console.lull("status")).out).toContain(": rolling back\n");
    expect((await console.lull("period list")).out).toContain("rolling back\n");
    expect(await console.json("audit --limit 1")).toMatchObject({
      entries: [
        { action, reason: "rolling back", before: { reason: "release 42" }, after: { reason: "rolling back" } },
      ],
    });
    await console.call("downtime_start", "--for", "4h", "--name", "deploy", "--offline");
    expect(await console.json("period list")).toMatchObject({ periods: [{ reason: "rolling back" }] });
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
    [
      "one of several unknown",
      ["--site", "1,b.example,9"],
      1,
      "no site b.example; site 1 (*) answers for it; no site 9;",
    ],
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

  test("names the site of what it ended", async () => {
    await using console = openConsole();
    await after(console, "site add b.example", "downtime_start --site b.example --offline");
    expect((await console.lull("downtime_end")).out).toContain('ended "downtime" on site 2 (b.example) (period 1)');
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

  test("names the rule of what a recurrence yields, ended or not", async () => {
    await using console = openConsole();
    for (const name of ["nightly", "other"]) {
      const rule = ["--rule", "FREQ=DAILY", "--at", "11:00", "--for", "4h", "--tz", "UTC", "--name", name];
      await console.call("recurrence", "add", ...rule, "--offline");
    }
    const { out, err } = await console.lull("downtime_end --name nightly --tz Europe/Berlin");
    expect(out).toContain(
      'ended "nightly" on all sites (recurrence 1), running since 2026-11-20 12:00 CET (2026-11-20T11:00:00Z) by ada@desk\n',
    );
    expect(err).toContain(
      'site 1 (*) stays closed: "other" on all sites (recurrence 2) by ada@desk until 2026-11-20 16:00 CET (2026-11-20T15:00:00Z)\n',
    );
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
