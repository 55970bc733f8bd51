import { describe, expect, test } from "bun:test";
import { type Console, openConsole } from "./console.ts";

/** A weekly rule in Paris, whatever else is said. */
const sundays = ["--rule", "FREQ=WEEKLY;BYDAY=SU", "--at", "02:00", "--tz", "Europe/Paris"];

function add(console: Console, ...options: readonly string[]) {
  return console.call("recurrence", "add", ...options);
}

describe("recurrence add", () => {
  test("says what was added, and what comes next, in the zone and in UTC", async () => {
    await using console = openConsole();
    await console.lull("site add shop.example.com");
    const said = await add(console, ...sundays, "--for", "1h", "--name", "night", "--reason", "backup", "--site", "2");
    expect({ code: said.code, out: said.out.split("\n") }).toEqual({
      code: 0,
      out: [
        'added "night" on site 2 (shop.example.com) (recurrence 1) by ada@desk, FREQ=WEEKLY;BYDAY=SU at 02:00 for 1h in Europe/Paris, from 2026-11-20: backup',
        "next:",
        "  2026-11-22 02:00 CET (2026-11-22T01:00:00Z) to 2026-11-22 03:00 CET (2026-11-22T02:00:00Z)",
        "  2026-11-29 02:00 CET (2026-11-29T01:00:00Z) to 2026-11-29 03:00 CET (2026-11-29T02:00:00Z)",
        "  2026-12-06 02:00 CET (2026-12-06T01:00:00Z) to 2026-12-06 03:00 CET (2026-12-06T02:00:00Z)",
        "  2026-12-13 02:00 CET (2026-12-13T01:00:00Z) to 2026-12-13 03:00 CET (2026-12-13T02:00:00Z)",
        "  2026-12-20 02:00 CET (2026-12-20T01:00:00Z) to 2026-12-20 03:00 CET (2026-12-20T02:00:00Z)",
        "and when the clocks change:",
        "  2027-03-28 03:00 CEST (2027-03-28T01:00:00Z) to 2027-03-28 04:00 CEST (2027-03-28T02:00:00Z): the clocks skip 02:00, so it starts at 03:00",
        "  2027-10-31 02:00 CEST (2027-10-31T00:00:00Z) to 2027-10-31 02:00 CET (2027-10-31T01:00:00Z): the clocks change meanwhile: it ends at 02:00 by the new time",
        "",
      ],
    });
    expect(said.err).toContain(`database ${console.path}\n`);
  });

  test.each<[string, readonly string[], string]>([
    [
      "a start that the clocks skip, of an elapsed length",
      ["--rule", "FREQ=DAILY", "--at", "02:30", "--for", "1h", "--from", "2027-03-28"],
      "2027-03-28 03:00 CEST (2027-03-28T01:00:00Z) to 2027-03-28 04:00 CEST (2027-03-28T02:00:00Z): the clocks skip 02:30, so it starts at 03:00",
    ],
    [
      "a start that the clocks skip, with an end on the clock",
      ["--rule", "FREQ=DAILY", "--at", "02:30", "--to", "04:00", "--from", "2027-03-28"],
      "2027-03-28 03:00 CEST (2027-03-28T01:00:00Z) to 2027-03-28 04:00 CEST (2027-03-28T02:00:00Z): the clocks skip 02:30, so it starts at 03:00 and lasts 1h",
    ],
    [
      "an end on the clock, on the short day",
      ["--rule", "FREQ=DAILY", "--at", "01:00", "--to", "03:00", "--from", "2027-03-28"],
      "2027-03-28 01:00 CET (2027-03-28T00:00:00Z) to 2027-03-28 03:00 CEST (2027-03-28T01:00:00Z): the clocks change meanwhile, so it lasts 1h, to 03:00",
    ],
    [
      "an end on the clock that the clocks skip",
      ["--rule", "FREQ=DAILY", "--at", "01:00", "--to", "02:00", "--from", "2027-03-28"],
      "2027-03-28 01:00 CET (2027-03-28T00:00:00Z) to 2027-03-28 03:00 CEST (2027-03-28T01:00:00Z): the clocks change meanwhile: it ends at 03:00 by the new time",
    ],
    [
      "an end on the clock, on the long day",
      ["--cron", "0 1 * * *", "--to", "03:00", "--from", "2027-10-31"],
      "2027-10-31 01:00 CEST (2027-10-30T23:00:00Z) to 2027-10-31 03:00 CET (2027-10-31T02:00:00Z): the clocks change meanwhile, so it lasts 3h, to 03:00",
    ],
    [
      "an elapsed length over the change",
      ["--rule", "FREQ=DAILY", "--at", "01:00", "--for", "3h", "--from", "2027-03-28"],
      "2027-03-28 01:00 CET (2027-03-28T00:00:00Z) to 2027-03-28 05:00 CEST (2027-03-28T03:00:00Z): the clocks change meanwhile: it ends at 05:00 by the new time",
    ],
    [
      "nothing at all",
      ["--rule", "FREQ=DAILY", "--at", "04:00", "--to", "05:00", "--from", "2027-03-28"],
      "2027-03-28 04:00 CEST (2027-03-28T02:00:00Z) to 2027-03-28 05:00 CEST (2027-03-28T03:00:00Z)",
    ],
  ])("says what a change of the clocks does to %s", async (_sentence, options, line) => {
    await using console = openConsole({ environment: { LULL_TIMEZONE: "Europe/Paris" } });
    const { out } = await add(console, ...options);
    expect(out.split("\n")[2]).toBe(`  ${line}`);
  });

  test("takes dates, exceptions and everything else that can be said", async () => {
    await using console = openConsole();
    const said = await add(
      console,
      ...["--cron", "30 2,14 * * 1-5", "--for", "PT20M", "--from", "tomorrow", "--until", "2027-01-31", "--json"],
      ...[
        "--except",
        "2026-12-24,2026-12-25",
        "--except",
        "2026-12-31",
        "--mode",
        "readonly",
        "--message",
        "Back soon",
      ],
      ...["--owner", "ops", "--name", "batch"],
    );
    expect(JSON.parse(said.out)).toMatchObject({
      revision: 2,
      recurrences: [
        {
          ...{ id: 1, siteId: null, name: "batch", timezone: "UTC", at: "00:00:00", durationMs: 1_200_000, to: null },
          rules: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=2,14;BYMINUTE=30;BYSECOND=0",
          ...{ from: "2026-11-21", until: "2027-01-31", except: ["2026-12-24", "2026-12-25", "2026-12-31"] },
          ...{ enabled: true, mode: "readonly", message: "Back soon", owner: "ops" },
        },
      ],
      next: [
        { wall: "2026-11-23T02:30:00", start: "2026-11-23T02:30:00Z", end: "2026-11-23T02:50:00Z" },
        {},
        {},
        {},
        {},
      ],
    });
    const { out } = await console.lull("recurrence disable 1");
    expect(out).toBe(
      'disabled: "batch" on all sites, read-only (recurrence 1) by ops, FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR at 02:30, 14:30 for 20m in UTC, from 2026-11-21, until 2027-01-31, except 2026-12-24, 2026-12-25, 2026-12-31\n',
    );
  });

  test("tells fewer when the rule yields fewer", async () => {
    await using console = openConsole();
    const { out } = await add(console, "--rule", "FREQ=YEARLY;COUNT=2", "--at", "02:00", "--for", "1h");
    expect(out.split("\n").slice(1)).toEqual([
      "next:",
      "  2026-11-21 02:00 UTC (2026-11-21T02:00:00Z) to 2026-11-21 03:00 UTC (2026-11-21T03:00:00Z)",
      "  2027-11-21 02:00 UTC (2027-11-21T02:00:00Z) to 2027-11-21 03:00 UTC (2027-11-21T03:00:00Z)",
      "",
    ]);
  });

  test.each([
    ["every hour", "FREQ=HOURLY", "2036-01-01 04:00"],
    ["every five years", "FREQ=YEARLY;INTERVAL=5", "2056-01-01 00:00"],
  ])("tells what comes next of one that begins years ahead: %s", async (_sentence, rule, last) => {
    await using console = openConsole();
    const years = ["--at", "00:00", "--for", "3h", "--from", "2036-01-01", "--force"];
    const { out } = await add(console, "--rule", rule, ...years);
    const lines = out.split("\n").slice(2, 7);
    expect(lines[0]).toStartWith("  2036-01-01 00:00 UTC");
    expect(lines[4]).toStartWith(`  ${last} UTC`);
    expect(new Set(lines).size).toBe(5);
  });

  test("claims nothing of one that runs right now unless it is proven", async () => {
    await using console = openConsole();
    const running = ["--rule", "FREQ=DAILY", "--at", "11:30", "--for", "1h", "--name"];
    expect(await add(console, ...running, "one")).toMatchObject({ code: 7, out: "" });
    const closed = (name: string, number: number) =>
      `all sites by "${name}" (recurrence ${number}) until 2026-11-20 12:30 UTC (2026-11-20T12:30:00Z)`;
    const next = "  2026-11-21 11:30 UTC (2026-11-21T11:30:00Z) to 2026-11-21 12:30 UTC (2026-11-21T12:30:00Z)";
    const two = await add(console, ...running, "two", "--offline");
    expect({ code: two.code, lines: two.out.split("\n").slice(1, 4) }).toEqual({
      ...{ code: 0, lines: [`closed ${closed("two", 2)}`, "next:", next] },
    });
    const dry = await add(console, ...running, "three", "--dry-run");
    expect(dry.out).toStartWith('would add "three" on all sites');
    expect(dry.out.split("\n")[1]).toBe(`would close ${closed("three", 3)}`);
    const four = await add(console, ...running, "four", "--offline", "--mode", "readonly", "--site", "1");
    expect(four.out.split("\n")[1]).toStartWith(
      'made site 1 (*) read-only by "four" (recurrence 3) until 2026-11-20 12:30 UTC',
    );
    expect(await console.json("status")).toMatchObject({ revision: 4, sites: [{ state: "closed" }] });
  });

  test.each<[string, number, readonly string[], string]>([
    ["no rule", 2, ["--for", "1h"], "when? give --rule"],
    ["a rule and cron", 2, ["--rule", "FREQ=DAILY", "--cron", "0 2 * * *"], "--rule and --cron exclude each other"],
    ["no time of day", 2, ["--rule", "FREQ=DAILY", "--for", "1h"], "--at is missing"],
    [
      "two times of day",
      2,
      ["--rule", "FREQ=DAILY;BYHOUR=3", "--at", "02:00", "--for", "1h"],
      "BYHOUR of --rule says the time of day already",
    ],
    ["cron and a time of day", 2, ["--cron", "0 2 * * *", "--at", "02:00"], "--cron says the time of day itself"],
    ["no length", 2, sundays, "how long? give --for 1h, or --to 03:00"],
    ["two lengths", 2, [...sundays, "--for", "1h", "--to", "03:00"], "--for and --to exclude each other"],
    ["a broken rule", 2, ["--rule", "FREQ=X", "--at", "02:00", "--for", "1h"], 'the rule "FREQ=X" cannot be read'],
    ["a broken cron", 2, ["--cron", "0 25 * * *", "--for", "1h"], 'the cron "0 25 * * *": hour "25"'],
    ["a broken time of day", 2, [...sundays.slice(0, 3), "2 pm", "--for", "1h"], '"2 pm" is not a time of day'],
    [
      "a broken date",
      2,
      [...sundays, "--for", "1h", "--except", "2026-02-30"],
      '"2026-02-30" is not a date that exists',
    ],
    ["a broken zone", 2, [...sundays.slice(0, 5), "Mars", "--for", "1h"], '"Mars" is not a time zone'],
    ["an unknown mode", 2, [...sundays, "--for", "1h", "--mode", "half"], 'invalid --mode "half"'],
    ["an unknown site", 1, [...sundays, "--for", "1h", "--site", "7"], "no site 7"],
    ["a length that is too long", 1, [...sundays, "--for", "3d"], "it would last 3d, and 2d is the longest"],
    [
      "a rule that yields nothing",
      1,
      ["--cron", "0 2 30 2 *", "--for", "1h"],
      'the cron "0 2 30 2 *" yields nothing from now on, or only in more than 50 years',
    ],
    [
      "a cron that is too often",
      1,
      ["--cron", "*/30 * * * *", "--for", "5m"],
      'the cron "*/30 * * * *" has too many times to choose from: name fewer hours, minutes or seconds; about one an hour',
    ],
    [
      "a COUNT that is used up",
      1,
      ["--rule", "FREQ=DAILY;COUNT=3", "--at", "02:00", "--for", "1h", "--from", "2026-11-10"],
      'the rule "FREQ=DAILY;COUNT=3" yields nothing from now on: COUNT=3, counted from 2026-11-10, is used up',
    ],
    [
      "occurrences that leave no gap",
      1,
      ["--rule", "FREQ=DAILY", "--at", "00:00", "--for", "24h"],
      "its occurrences leave no gap: from 2026-11-20T00:00:00Z on they would never let the site open, and 2d is the longest",
    ],
  ])("refuses %s", async (_sentence, code, options, message) => {
    await using console = openConsole();
    await console.lull("migrate");
    const said = await add(console, ...options);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toStartWith(`lull: ${message}`);
    expect(await console.json("status")).toMatchObject({ revision: 1 });
  });

  test("takes a length that is too long when that is forced", async () => {
    await using console = openConsole();
    expect((await add(console, ...sundays, "--for", "3d", "--force")).code).toBe(0);
  });

  test.each<[string, readonly string[], string]>([
    ["today, when its start is ahead", ["--rule", "FREQ=DAILY;COUNT=1", "--at", "13:00"], "2026-11-20 13:00"],
    ["tomorrow, when today's is over", ["--rule", "FREQ=DAILY;COUNT=1", "--at", "10:00"], "2026-11-21 10:00"],
    [
      "a day of its own zone",
      ["--rule", "FREQ=DAILY;COUNT=1", "--at", "20:00", "--tz", "Asia/Tokyo"],
      "2026-11-21 20:00",
    ],
    ["today, when one of several is ahead", ["--cron", "0 2,14 * * *"], "2026-11-20 14:00"],
  ])("counts from %s", async (_sentence, options, first) => {
    await using console = openConsole();
    const { out } = await add(console, ...options, "--for", "1h");
    expect(out.split("\n")[2]).toStartWith(`  ${first} `);
  });
});
