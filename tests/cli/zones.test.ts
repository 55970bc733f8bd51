import { describe, expect, test } from "bun:test";
import { openConsole } from "./console.ts";

/** The clocks of Berlin skip this one. */
const skipped = "2027-03-28 02:30";
/** They have this one twice. */
const repeated = "2027-10-31 02:30";

/** Every command that reads a wall time, up to that time. */
const readers: readonly (readonly [command: string, argv: readonly string[]])[] = [
  ["period add", ["period", "add", "--offline", "--start"]],
  ["period add, at its end", ["period", "add", "--offline", "--force", "--end"]],
  ["downtime_start", ["downtime_start", "--offline", "--force", "--until"]],
  ["explain", ["explain", "--at"]],
  ["exempt add", ["exempt", "add", "--path", "/x", "--expires"]],
];

describe.each(readers)("%s", (_, argv) => {
  test("reads and shows times in the zone of --tz", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    const { code, out } = await console.call(...argv, "2027-01-20 10:00", "--tz", "asia/tokyo");
    expect(code).toBe(0);
    expect(out).toContain("2027-01-20 10:00 +09:00 (2027-01-20T01:00:00Z)");
    expect(out).not.toContain("UTC");
  });

  test("reads and shows times in the configured zone without it", async () => {
    await using console = openConsole({ environment: { LULL_TIMEZONE: "Europe/Berlin" } });
    await console.lull("migrate");
    const { out } = await console.call(...argv, "2027-01-20 10:00");
    expect(out).toContain("2027-01-20 10:00 CET (2027-01-20T09:00:00Z)");
  });

  test.each([
    ["skips", skipped, "2027-03-28T01:30:00+01:00 or 2027-03-28T03:30:00+02:00"],
    ["repeats", repeated, "2027-10-31T02:30:00+02:00 or 2027-10-31T02:30:00+01:00"],
  ])("refuses a time that a change of the clocks %s, in one line with both readings", async (_name, time, readings) => {
    await using console = openConsole();
    await console.lull("migrate");
    const before = await console.json("status");
    const { code, out, err } = await console.call(...argv, time, "--tz", "Europe/Berlin");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(/^lull: [^\n]+\n$/);
    expect(err).toContain(`write ${readings}, or give --disambiguation earlier|later\n`);
    expect(await console.json("status")).toEqual(before);
  });

  test.each([
    ["earlier", skipped, "2027-03-28 01:30 CET (2027-03-28T00:30:00Z)"],
    ["later", skipped, "2027-03-28 03:30 CEST (2027-03-28T01:30:00Z)"],
    ["earlier", repeated, "2027-10-31 02:30 CEST (2027-10-31T00:30:00Z)"],
    ["later", repeated, "2027-10-31 02:30 CET (2027-10-31T01:30:00Z)"],
  ])("takes the %s reading of %s when told to", async (reading, time, shown) => {
    await using console = openConsole();
    await console.lull("migrate");
    const zone = ["--tz", "Europe/Berlin", "--disambiguation", reading];
    const { code, out } = await console.call(...argv, time, ...zone);
    expect(code).toBe(0);
    expect(out).toContain(shown);
  });

  test.each([
    [
      "a zone that is none",
      ["--tz", "Mars/Olympus"],
      '"Mars/Olympus" is not a time zone: write an IANA name, such as Europe/Berlin or UTC',
    ],
    ["an offset for a zone", ["--tz", "+01:00"], '"+01:00" is not a time zone: '],
    ["no zone", ["--tz="], "--tz was given an empty value; leave it out, or write one: ZONE"],
    [
      "a reading that is none",
      ["--disambiguation", "first"],
      'invalid --disambiguation "first" (choose from earlier, later)',
    ],
    ["a reading in capitals", ["--disambiguation", "LATER"], 'invalid --disambiguation "LATER"'],
    ["no reading", ["--disambiguation="], "--disambiguation was given an empty value"],
  ])("refuses %s, in one line that quotes it", async (_name, options, message) => {
    await using console = openConsole();
    await console.lull("migrate");
    const { code, out, err } = await console.call(...argv, "2027-01-20T10:00:00Z", ...options);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toStartWith(`lull: ${message}`);
    expect(err).toMatch(/^[^\n]+\n$/);
  });
});

describe("the zone of --tz", () => {
  test("is that of everything that downtime_start tells", async () => {
    await using console = openConsole();
    await console.lull("downtime_start --for 3h --offline");
    const { out } = await console.lull("downtime_start --for 1h --tz America/New_York --offline");
    expect(out).toBe(
      'already started: "downtime" on all sites since 2026-11-20 07:00 EST (2026-11-20T12:00:00Z) by ada@desk, until 2026-11-20 10:00 EST (2026-11-20T15:00:00Z); --shorten would end it at 2026-11-20 08:00 EST (2026-11-20T13:00:00Z)\n',
    );
    const past = await console.call("downtime_start", "--until", "today 05:00", "--tz", "America/New_York");
    expect(past).toMatchObject({ code: 1, out: "" });
    expect(past.err).toContain('--until "today 05:00" is past (2026-11-20 05:00 EST (2026-11-20T10:00:00Z))');
  });

  test("is that of everything that explain tells", async () => {
    await using console = openConsole();
    await console.lull("downtime_start --for 3h --offline");
    const { out } = await console.call("explain", "--at", "today 08:00", "--tz", "America/New_York");
    expect(out).toContain(" until 2026-11-20 10:00 EST (2026-11-20T15:00:00Z)\n");
    expect(out).toContain("expected opening: 2026-11-20 10:00 EST (2026-11-20T15:00:00Z)\n");
    expect(out).toEndWith("\nat: 2026-11-20 08:00 EST (2026-11-20T13:00:00Z)\n");
  });

  test("changes nothing in what programs read", async () => {
    await using console = openConsole();
    const { periods } = await console.json("period add --for 1h --tz Asia/Tokyo --offline");
    expect(periods).toMatchObject([{ start: "2026-11-20T12:00:00Z", end: "2026-11-20T13:00:00Z" }]);
  });

  test("is understood where no time is read", async () => {
    await using console = openConsole();
    const { code, out } = await console.lull("exempt add --path /x --tz Asia/Tokyo --disambiguation later");
    expect({ code, out }).toEqual({ code: 0, out: "exemption 1 added: path /x on all sites\n" });
  });
});
