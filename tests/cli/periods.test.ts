import { describe, expect, test } from "bun:test";
import { type Console, hourMs, openConsole } from "./console.ts";

describe("period", () => {
  test("add, list, disable, enable, remove", async () => {
    await using console = openConsole();
    const plan =
      '"night" on all sites (period 1) by ada@desk from 2026-11-21 02:00 UTC (2026-11-21T02:00:00Z) until 2026-11-21 04:00 UTC (2026-11-21T04:00:00Z): backup';
    const add = [
      "--start",
      "tomorrow 02:00",
      "--for",
      "2h",
      "--name",
      "night",
      "--reason",
      "backup",
      "--message",
      "Back at four",
    ];
    expect((await console.call("period", "add", ...add)).out).toBe(`planned ${plan}\n`);
    expect((await console.lull("period list")).out).toBe(
      [
        "NUMBER  SITE  NAME   STATE     MODE  START                 END                   OWNER     REASON",
        "1       all   night  upcoming  full  2026-11-21 02:00 UTC  2026-11-21 04:00 UTC  ada@desk  backup",
        "",
      ].join("\n"),
    );
    for (const [verb, out] of [
      ["disable", `disabled: ${plan}\n`],
      ["disable", `already disabled: ${plan}\n`],
      ["enable", `enabled: ${plan}\n`],
      ["enable", `already enabled: ${plan}\n`],
      ["disable", `disabled: ${plan}\n`],
    ] as const) {
      const said = await console.lull(`period ${verb} 1`);
      expect({ code: said.code, out: said.out }).toEqual({ code: 0, out });
      expect(said.err).toContain(`database ${console.path}\n`);
    }
    expect((await console.lull("period list")).out).toContain("night  disabled  full");
    expect((await console.lull("period remove 1")).out).toBe(`removed: ${plan}\n`);
    expect(await console.lull("period list")).toMatchObject({ err: "no period is running or upcoming\n" });
    expect(await console.lull("period remove 1")).toMatchObject({ code: 1, out: "" });
  });

  test("names the site", async () => {
    await using console = openConsole();
    await console.lull("site add shop.example.com");
    const plan =
      '"night" on site 2 (shop.example.com) (period 1) by ada@desk from 2026-11-21 02:00 UTC (2026-11-21T02:00:00Z) without an end\n';
    const add = "period add --site shop.example.com --start 2026-11-21T02:00:00Z --name night";
    expect((await console.lull(`${add} --dry-run`)).out).toBe(`would plan ${plan}`);
    expect((await console.lull(add)).out).toBe(`planned ${plan}`);
    expect((await console.lull("period disable 1")).out).toBe(`disabled: ${plan}`);
    expect((await console.lull("period remove 1")).out).toBe(`removed: ${plan}`);
  });

  test.each<[string, string, readonly string[]]>([
    ["what runs or is to come", "", ["now", "later"]],
    ["the past", "--past", ["before"]],
    ["what runs", "--running", ["now"]],
    ["what is to come", "--upcoming", ["later"]],
    ["everything", "--past --running --upcoming", ["before", "now", "later"]],
  ])("list shows %s", async (_, options, names) => {
    await using console = openConsole();
    await console.lull("period add --name before --for 1h --offline");
    console.clock.elapsedMs = 2 * hourMs;
    await console.lull("period add --name now --for 1h --offline");
    await console.lull("period add --name later --start 2026-11-21T00:00:00Z");
    const { periods } = await console.json(`period list ${options}`);
    expect(Array.isArray(periods) ? periods.map(({ name }) => name) : null).toEqual([...names]);
  });

  test.each<[string, string, string]>([
    [
      "B08: one that ends before it starts",
      "--start 2026-11-20T13:00:00Z --end 2026-11-20T11:00:00Z",
      "a period must end after it starts",
    ],
    [
      "one that ends when it starts",
      "--start 2026-11-20T13:00:00Z --end 2026-11-20T13:00:00Z",
      "a period must end after it starts",
    ],
    ["one that is over", "--start 2026-11-20T10:00:00Z --end 2026-11-20T12:00:00Z", "the period would be over already"],
    [
      "one of the same name at the same time",
      "--start 2026-11-20T14:30:00Z --for 1h --name taken",
      'period 1 has the name "taken" on the same site at that time',
    ],
    ["one of the same name without an end", "--name taken", "period 1 has the name"],
    ["an unknown site", "--site 7", "no site 7"],
  ])("add refuses %s", async (_, options, message) => {
    await using console = openConsole();
    await console.lull("period add --start 2026-11-20T14:00:00Z --for 1h --name taken");
    const said = await console.lull(`period add ${options} --offline`);
    expect({ code: said.code, out: said.out }).toEqual({ code: 1, out: "" });
    expect(said.err).toStartWith(`lull: ${message}`);
    expect(await console.json("status")).toMatchObject({ revision: 2 });
  });

  test.each([
    ["another name at the same time", "--start 2026-11-20T14:00:00Z --for 1h"],
    ["the same name before", "--start 2026-11-20T13:00:00Z --for 1h --name taken"],
    ["the same name after", "--start 2026-11-20T15:00:00Z --name taken"],
    ["the same name on one site", "--start 2026-11-20T14:00:00Z --name taken --site 1"],
  ])("add takes %s", async (_, options) => {
    await using console = openConsole();
    await console.lull("period add --start 2026-11-20T14:00:00Z --for 1h --name taken");
    expect((await console.lull(`period add ${options}`)).code).toBe(0);
  });

  test("add gives it an owner, and shows times in the zone of --tz and in UTC", async () => {
    await using console = openConsole();
    const add = "period add --start 2026-11-21T02:00:00Z --for 1h --owner ops@example.com --tz Asia/Tokyo";
    expect((await console.lull(add)).out).toBe(
      'planned "downtime" on all sites (period 1) by ops@example.com from 2026-11-21 11:00 +09:00 (2026-11-21T02:00:00Z) until 2026-11-21 12:00 +09:00 (2026-11-21T03:00:00Z)\n',
    );
    expect((await console.lull("period list --tz Asia/Tokyo")).out).toContain("2026-11-21 11:00 +09:00");
    expect(await console.json("audit --limit 1")).toMatchObject({
      entries: [{ actor: "ada@desk", after: { owner: "ops@example.com" } }],
    });
  });

  test("list shows those of a site and of all sites", async () => {
    await using console = openConsole();
    await console.lull("site add b.example");
    for (const options of ["--site 1", "--site b.example", ""]) await console.lull(`period add ${options} --offline`);
    const { periods } = await console.json("period list --site b.example");
    expect(periods).toMatchObject([{ siteId: 2 }, { siteId: null }]);
    expect(await console.lull("period list --site 7")).toMatchObject({ code: 1, out: "" });
  });

  test("list has columns for leases and expected ends only where there are any", async () => {
    await using console = openConsole();
    await console.lull("period add --name plain --for 1h --offline");
    expect((await console.lull("period list")).out).not.toMatch(/EXPECTED|UNLESS/);
    await console.lull("downtime_start --lease 5m --expect 45m --offline");
    expect((await console.lull("period list")).out).toBe(
      [
        "NUMBER  SITE  NAME      STATE    MODE  START                 END                   EXPECTED END          UNLESS RENEWED        OWNER     REASON",
        "1       all   plain     running  full  2026-11-20 12:00 UTC  2026-11-20 13:00 UTC                                              ada@desk",
        "2       all   downtime  running  full  2026-11-20 12:00 UTC  no end                2026-11-20 12:45 UTC  2026-11-20 12:05 UTC  ada@desk",
        "",
      ].join("\n"),
    );
    console.clock.elapsedMs = 5 * 60_000;
    expect(await console.json("period list --past")).toMatchObject({
      periods: [{ id: 2, when: "past", leaseMs: 300_000, leaseEnd: "2026-11-20T12:05:00Z", end: null }],
    });
  });

  test("enable refuses to make two of one name run at once", async () => {
    await using console = openConsole();
    await console.lull("period add --start 2026-11-20T14:00:00Z --for 1h");
    await console.lull("period disable 1");
    await console.lull("period add --start 2026-11-20T14:30:00Z --for 1h");
    expect(await console.lull("period enable 1")).toMatchObject({ code: 1, out: "" });
  });
});

/** Periods 1 to 4: one that runs until 14:00, one that runs without an end, one from 16:00 to 17:00, one that is over. */
async function four(console: Console): Promise<void> {
  await console.lull("period add --name short --for 2h --offline");
  await console.lull("period add --name long --offline");
  await console.lull("period add --name later --start 2026-11-20T16:00:00Z --for 1h");
  await console.lull("period add --name over --for 1m --offline");
  console.clock.elapsedMs = 60_000;
}

describe("period extend", () => {
  test.each<[string, string, string | null]>([
    ["a later end", "1 --end 2026-11-20T15:00:00Z", "2026-11-20T15:00:00Z"],
    ["so much later, from its end and not from now", "1 --by 30m", "2026-11-20T14:30:00Z"],
    ["no end", "1 --no-end", null],
    ["the first of a time of day that is ahead", "1 --end 15:00", "2026-11-20T15:00:00Z"],
    ["one that is tomorrow", "1 --end 11:00", "2026-11-21T11:00:00Z"],
    ["the first after the start of one that is to come", "3 --end 18:30", "2026-11-20T18:30:00Z"],
    ["which may be on the next day", "3 --end 15:00", "2026-11-21T15:00:00Z"],
    ["an earlier end when told to", "1 --end 2026-11-20T13:00:00Z --shorten", "2026-11-20T13:00:00Z"],
    ["an end for one that had none, when told to", "2 --end 2026-11-20T13:00:00Z --shorten", "2026-11-20T13:00:00Z"],
    ["a later end for one that is to come", "3 --by 1h", "2026-11-20T18:00:00Z"],
    ["the longest that may be", "1 --end 2026-11-22T12:00:00Z", "2026-11-22T12:00:00Z"],
    ["more than that when forced", "1 --end 2026-11-22T12:00:01Z --force", "2026-11-22T12:00:01Z"],
  ])("gives %s", async (_, options, end) => {
    await using console = openConsole();
    await four(console);
    const { exitCode, changed, period } = await console.json(`period extend ${options} --offline`);
    expect({ exitCode, changed, period }).toMatchObject({ exitCode: 0, changed: true, period: { end } });
  });

  test("says what it has become, in UTC and in the zone, and audits why", async () => {
    await using console = openConsole();
    await four(console);
    const call = ["period", "extend", "1", "--end", "today 16:00", "--tz", "Europe/Berlin", "--reason", "slow copy"];
    expect((await console.call(...call, "--offline")).out).toBe(
      'extended: "short" on all sites (period 1) by ada@desk from 2026-11-20 13:00 CET (2026-11-20T12:00:00Z) until 2026-11-20 16:00 CET (2026-11-20T15:00:00Z)\n',
    );
    expect((await console.call(...call, "--offline")).out).toStartWith('already so: "short"');
    expect((await console.lull("period extend 1 --by 1h --dry-run")).out).toStartWith('would be extended: "short"');
    expect((await console.lull("period extend 1 --end 2026-11-20T13:00:00Z --shorten --offline")).out).toStartWith(
      'changed: "short" on all sites (period 1) by ada@desk from 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) until 2026-11-20 13:00 UTC',
    );
    const { entries } = await console.json("audit --limit 2");
    expect(entries).toMatchObject([{ action: "period.shorten" }, { action: "period.extend", reason: "slow copy" }]);
  });

  test("of a running one needs a sidecar, of another it does not", async () => {
    await using console = openConsole();
    await four(console);
    expect(await console.lull("period extend 1 --by 1h")).toMatchObject({ code: 7, out: "" });
    expect((await console.lull("period extend 3 --by 1h")).code).toBe(0);
  });
});

describe("period end and period cancel", () => {
  test("end now, call off", async () => {
    await using console = openConsole();
    await four(console);
    expect((await console.lull("period end 1 --tz Europe/Berlin")).out).toBe(
      'ended: "short" on all sites (period 1) by ada@desk from 2026-11-20 13:00 CET (2026-11-20T12:00:00Z) until 2026-11-20 13:01 CET (2026-11-20T12:01:00Z)\n',
    );
    expect((await console.lull("period cancel 3")).out).toStartWith('cancelled: "later" on all sites (period 3)');
    expect(await console.json("period list")).toMatchObject({ periods: [{ id: 2 }] });
    expect(await console.json("audit --limit 2")).toMatchObject({
      entries: [
        { action: "period.cancel", before: { id: 3 }, after: null },
        { action: "period.end", after: { end: "2026-11-20T12:01:00Z" } },
      ],
    });
  });
});

describe("refused, in one line, and nothing is changed", () => {
  test.each<[string, string, number, string]>([
    [
      "a start at the end",
      "add --start 2026-11-20T13:00:00Z --end 2026-11-20T13:00:00Z",
      1,
      "must end after it starts",
    ],
    [
      "a start after the end",
      "add --start 2026-11-20T14:00:00Z --end 2026-11-20T13:00:00Z",
      1,
      "must end after it starts",
    ],
    ["an end that is past", "add --start 2026-11-20T10:00:00Z --end 2026-11-20T11:00:00Z", 1, "over already"],
    ["one that is too long", "add --for 49h", 1, "it would last 2d 1h, and 2d is the longest (setting longest_period)"],
    ["a mode that is none", "add --mode half", 2, 'invalid --mode "half" (choose from full, readonly)'],
    [
      "an end that is past, and no start",
      "add --end 2026-11-19T01:00:00Z",
      1,
      '--end "2026-11-19T01:00:00Z" is past (2026-11-19 01:00 UTC (2026-11-19T01:00:00Z)), so nothing would be closed',
    ],
    ["a time of day that is none", "extend 1 --end 25:00", 2, '"25:00" is not a time of day that exists'],
    ["extend to a time of day before its end", "extend 1 --end 13:00", 1, "--shorten lets it end earlier"],
    ["no owner", "add --owner=", 2, "--owner was given an empty value"],
    ["extend to an earlier end", "extend 1 --end 2026-11-20T13:00:00Z", 1, "--shorten lets it end earlier"],
    ["extend to an end for one without", "extend 2 --end 2026-11-20T13:00:00Z", 1, "--shorten lets it end earlier"],
    ["extend by a time one without an end", "extend 2 --by 1h", 1, "period 2 has no end that could be later"],
    ["extend to an end that is past", "extend 1 --end 2026-11-20T12:00:30Z --shorten", 1, "over already"],
    ["extend to the start", "extend 3 --end 2026-11-20T16:00:00Z --shorten", 1, "must end after it starts"],
    ["extend to more than the longest", "extend 1 --end 2026-11-22T12:00:01Z", 1, "2d is the longest"],
    ["extend what is over", "extend 4 --by 1h", 1, "period 4 is over since 2026-11-20T12:01:00Z"],
    ["extend an unknown number", "extend 9 --by 1h", 1, "no period 9;"],
    ["extend to nothing", "extend 1", 2, "the new end is missing; give one of --end TIME, --by 30m, --no-end"],
    ["extend to two ends", "extend 1 --by 1h --no-end", 2, "--end, --by and --no-end exclude each other"],
    ["extend what is no number", "extend short --by 1h", 2, '"short" is not the number of a period'],
    ["end one that is to come", "end 3", 1, '"lull period cancel 3" calls it off'],
    ["end what is over", "end 4", 1, "period 4 is over since"],
    ["end an unknown number", "end 9", 1, "no period 9;"],
    ["cancel one that runs", "cancel 1", 1, '"lull period end 1" ends it now'],
    ["cancel what is over", "cancel 4", 1, "period 4 is over since"],
    ["cancel an unknown number", "cancel 9", 1, "no period 9;"],
  ])("%s", async (_, line, code, message) => {
    await using console = openConsole();
    await four(console);
    const before = await console.json("period list --past --running --upcoming");
    const said = await console.lull(`period ${line} --offline`);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toMatch(/^lull: [^\n]+\n$/);
    expect(said.err).toContain(message);
    expect(await console.json("period list --past --running --upcoming")).toEqual(before);
  });

  test("a longer one is taken when forced, or when the setting allows it", async () => {
    await using console = openConsole();
    expect((await console.lull("period add --for 48h --name a --offline")).code).toBe(0);
    expect((await console.lull("period add --for 49h --name b --force --offline")).code).toBe(0);
    await using other = openConsole({ settings: ['longest_period = "1h"'] });
    expect((await other.lull("period add --for 61m --offline")).code).toBe(1);
    expect((await other.lull("period add --for 1h --offline")).code).toBe(0);
  });
});
