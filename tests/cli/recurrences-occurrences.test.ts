import { describe, expect, test } from "bun:test";
import { type Console, hourMs, noon, openConsole } from "./console.ts";

const called = '"night" on all sites (recurrence 1), 2026-11-22T02:00';
const planned = "2026-11-22 02:00 CET (2026-11-22T01:00:00Z) to 2026-11-22 03:00 CET (2026-11-22T02:00:00Z)";
/** 02:00 in Paris on that Sunday. */
const start = Date.UTC(2026, 10, 22, 1);

/** Sundays at 02:00 in Paris for an hour; the configured zone is another. */
async function withSundays(): Promise<Console> {
  const console = openConsole();
  const rule = ["--rule", "FREQ=WEEKLY;BYDAY=SU", "--at", "02:00", "--for", "1h", "--tz", "Europe/Paris"];
  await console.call("recurrence", "add", ...rule, "--name", "night");
  return console;
}

describe("one occurrence", () => {
  test("skip and restore", async () => {
    await using console = await withSundays();
    for (const [line, out] of [
      ["skip 1 2026-11-22 --dry-run", `${called}: would be skipped\n`],
      ["skip 1 2026-11-22 --reason fair", `${called}: now skipped\n`],
      ["skip 1 2026-11-22T02:00", `${called}: already skipped\n`],
      ["restore 1 2026-11-22", `${called}: now ${planned}\n`],
      ["restore 1 2026-11-22T02:00:00", `${called}: already ${planned}\n`],
    ]) {
      expect(await console.lull(`recurrence ${line}`)).toMatchObject({ code: 0, out });
    }
    expect((await console.lull("audit")).out).toContain('fair  recurrenceId: 1, wall: "2026-11-22T02:00:00"');
  });

  test("is named by today and tomorrow of its own zone", async () => {
    await using console = await withSundays();
    // 23:30 UTC on Saturday is Sunday in Paris.
    console.clock.elapsedMs = start - noon - 1.5 * hourMs;
    expect((await console.lull("recurrence skip 1 today")).out).toBe(`${called}: now skipped\n`);
    console.clock.elapsedMs -= 24 * hourMs;
    expect((await console.lull("recurrence skip 1 tomorrow")).out).toBe(`${called}: already skipped\n`);
  });

  test.each([
    ["a start on its own day", ["--start", "04:00"], "2026-11-22 04:00 CET", "2026-11-22 05:00 CET"],
    ["a start and an end", ["--start", "04:00", "--end", "06:30"], "2026-11-22 04:00 CET", "2026-11-22 06:30 CET"],
    ["over midnight", ["--start", "23:00", "--end", "01:00"], "2026-11-22 23:00 CET", "2026-11-23 01:00 CET"],
    ["an end alone", ["--end", "04:00"], "2026-11-22 02:00 CET", "2026-11-22 04:00 CET"],
    ["a length alone", ["--for", "3h"], "2026-11-22 02:00 CET", "2026-11-22 05:00 CET"],
    ["another day", ["--start", "2026-11-24 01:00", "--end", "03:00"], "2026-11-24 01:00 CET", "2026-11-24 03:00 CET"],
    ["an instant", ["--start", "2026-11-22T12:00:00Z", "--for", "2h"], "2026-11-22 13:00 CET", "2026-11-22 15:00 CET"],
    ["a time in another zone", ["--start", "04:00", "--tz", "UTC"], "2026-11-22 04:00 UTC", "2026-11-22 05:00 UTC"],
  ])("move to %s", async (_sentence, options, from, to) => {
    await using console = await withSundays();
    const { code, out } = await console.call("recurrence", "move", "1", "2026-11-22", ...options);
    expect({ code, out: out.replaceAll(/ \([^)]*Z\)/g, "") }).toEqual({
      code: 0,
      out: `${called}: now ${from} to ${to}\n`,
    });
  });

  test("move to now claims to close only when it is proven", async () => {
    await using console = await withSundays();
    const moved = ["recurrence", "move", "1", "2026-11-22", "--start", "2026-11-20T12:00:00Z"];
    expect(await console.call(...moved)).toMatchObject({ code: 7, out: "" });
    expect(await console.json("status")).toMatchObject({ sites: [{ state: "closed" }] });
    const { out } = await console.call(...moved, "--for", "2h", "--offline", "--tz", "UTC");
    expect(out.split("\n")).toEqual([
      `${called}: now 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) to 2026-11-20 14:00 UTC (2026-11-20T14:00:00Z)`,
      'closed all sites by "night" (recurrence 1) until 2026-11-20 14:00 UTC (2026-11-20T14:00:00Z)',
      "",
    ]);
  });

  test("restore of what would run now says that it closes", async () => {
    await using console = await withSundays();
    await console.lull("recurrence skip 1 sunday");
    console.clock.elapsedMs = start - noon + 1_000;
    expect(await console.lull("recurrence restore 1 sunday")).toMatchObject({ code: 7, out: "" });
    await console.lull("recurrence end 1");
    const { out } = await console.lull("recurrence restore 1 sunday --offline");
    expect(out).toEndWith(
      'closed all sites by "night" (recurrence 1) until 2026-11-22 03:00 CET (2026-11-22T02:00:00Z)\n',
    );
    await console.lull("recurrence disable 1");
    await console.lull("recurrence move 1 sunday --for 2h");
    expect((await console.lull("recurrence restore 1 sunday --offline")).out).not.toContain("closed");
  });

  test("is named by its weekday", async () => {
    await using console = await withSundays();
    for (const [line, out] of [
      ["skip 1 sunday", `${called}: now skipped\n`],
      // It does not go on to the next.
      ["skip 1 sun", `${called}: already skipped\n`],
      ["restore 1 Sunday", `${called}: now ${planned}\n`],
    ]) {
      expect(await console.lull(`recurrence ${line}`)).toMatchObject({ code: 0, out });
    }
    expect((await console.call("recurrence", "skip", "1", "sunday 02:00")).out).toBe(`${called}: now skipped\n`);
    await console.lull("recurrence restore 1 sunday");
    await console.lull("recurrence move 1 sunday --start 20:00");
    // Its time by the rule is over, the occurrence is not.
    console.clock.elapsedMs = start - noon + 10 * hourMs;
    expect((await console.lull("recurrence skip 1 sunday")).out).toBe(`${called}: now skipped\n`);
    expect((await console.lull("recurrence skip 1 sunday")).out).toContain("2026-11-29T02:00: now skipped");
  });

  test("end what runs, and say what still closes", async () => {
    await using console = await withSundays();
    expect(await console.lull("recurrence end 1")).toMatchObject({ code: 1, out: "" });
    console.clock.elapsedMs = start - noon + 1_000;
    await console.lull("setmaintenance on --offline");
    const ended = '"night" on all sites (recurrence 1), running since 2026-11-22 02:00 CET (2026-11-22T01:00:00Z)\n';
    const dry = await console.lull("recurrence end 1 --dry-run");
    expect(dry).toMatchObject({ code: 0, out: `would end ${ended}` });
    const said = await console.lull("recurrence end 1 2026-11-22");
    expect(said).toMatchObject({ code: 0, out: `ended ${ended}` });
    for (const { err } of [dry, said]) {
      expect(err).toContain('closed: "maintenance"');
      expect(err).not.toContain("night");
    }
    console.clock.elapsedMs += 1_000;
    await console.lull("setmaintenance off");
    expect(await console.json("status")).toMatchObject({ sites: [{ state: "open" }] });
  });

  test("is ended by the name that status shows", async () => {
    await using console = await withSundays();
    console.clock.elapsedMs = start - noon + 1_000;
    expect((await console.lull("status")).out).toContain('"night" on all sites (recurrence 1)');
    const { code, out } = await console.lull("downtime_end --name night");
    expect({ code, out: out.split("\n")[0] }).toEqual({ code: 0, out: "Successfully ended downtime" });
    expect(await console.json("status")).toMatchObject({ sites: [{ state: "open" }] });
    expect((await console.lull("upcoming --limit 1")).out).toContain("2026-11-29 01:00 UTC");
  });

  test.each<[string, number, string, string]>([
    ["nowhere to move to", 2, "move 1 2026-11-22", "whereto? give --start"],
    ["an end and a length", 2, "move 1 2026-11-22 --end 04:00 --for 1h", "--end and --for exclude each other"],
    ["a day that is none", 2, "skip 1 someday", '"someday" is not a date'],
    ["a weekday without one", 1, "skip 1 saturday", "recurrence 1 has no occurrence on saturday within 400 days"],
    ["no day", 2, "skip 1", "DAY is missing"],
    ["a time that is none", 2, "skip 1 2026-11-22T26:00", '"26:00" is not a time of day'],
    ["a number that is none", 2, "skip night 2026-11-22", '"night" is not the number of a recurrence'],
    ["a recurrence that is not there", 1, "skip 7 2026-11-22", "no recurrence 7"],
    [
      "a day without one",
      1,
      "skip 1 2026-11-24",
      "recurrence 1 has no occurrence on 2026-11-24; the nearest are 2026-11-22T02:00 and 2026-11-29T02:00",
    ],
    ["what is too long", 1, "move 1 2026-11-22 --for 3d", "it would last 3d, and 2d is the longest"],
    ["a start after the end", 1, "move 1 2026-11-22 --end 01:00", "a period must end after it starts"],
  ])("refuses %s", async (_sentence, code, line, message) => {
    await using console = await withSundays();
    const said = await console.lull(`recurrence ${line}`);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toStartWith(`lull: ${message}`);
    expect(await console.json("status")).toMatchObject({ revision: 2 });
  });
});
