import { describe, expect, test } from "bun:test";
import { type Console, openConsole } from "./console.ts";

/** A recurrence on site 2, one on all sites, a period on site 1 that runs, and one on site 2 that is to come. */
async function withPlans(): Promise<Console> {
  const console = openConsole();
  await console.lull("site add shop.example.com");
  const daily = ["--rule", "FREQ=DAILY", "--for", "1h", "--at"];
  await console.call("recurrence", "add", ...daily, "02:00", "--name", "night", "--site", "2", "--reason", "backup");
  await console.call("recurrence", "add", "--cron", "30 14 * * *", "--for", "10m", "--name", "noon");
  await console.lull("period add --site 1 --name long --offline");
  await console.lull("period add --site 2 --name soon --start 2026-11-20T15:00:00Z --for 1h --mode readonly");
  return console;
}

async function namesOf(console: Console, options: string): Promise<readonly string[]> {
  const { periods } = await console.json(`upcoming ${options}`);
  return Array.isArray(periods) ? periods.map(({ name }) => name) : [];
}

describe("upcoming", () => {
  test("shows what runs and what is to come, in order, in the zone and in UTC", async () => {
    await using console = await withPlans();
    const said = await console.lull("upcoming --days 1 --tz Europe/Paris");
    expect({ code: said.code, out: said.out.split("\n") }).toEqual({
      code: 0,
      out: [
        "STATE     START                                        END                                          SITE  NAME   MODE      BY            OWNER     REASON",
        "running   2026-11-20 13:00 CET (2026-11-20T12:00:00Z)  no end                                       1     long   full      period 1      ada@desk",
        "upcoming  2026-11-20 15:30 CET (2026-11-20T14:30:00Z)  2026-11-20 15:40 CET (2026-11-20T14:40:00Z)  all   noon   full      recurrence 2  ada@desk",
        "upcoming  2026-11-20 16:00 CET (2026-11-20T15:00:00Z)  2026-11-20 17:00 CET (2026-11-20T16:00:00Z)  2     soon   readonly  period 2      ada@desk",
        "upcoming  2026-11-21 03:00 CET (2026-11-21T02:00:00Z)  2026-11-21 04:00 CET (2026-11-21T03:00:00Z)  2     night  full      recurrence 1  ada@desk  backup",
        "",
      ],
    });
  });

  test.each<[string, string, readonly string[]]>([
    ["of one site, with what closes all", "--site 1 --days 1", ["long", "noon"]],
    ["of another, by its domain", "--site shop.example.com --days 1", ["noon", "soon", "night"]],
    ["of several sites, each once", "--site 1,2 --site 1 --days 1", ["long", "noon", "soon", "night"]],
    ["of several sites, up to the limit", "--site 1,2 --limit 2", ["long", "noon"]],
    ["further ahead", "--site 1 --days 2", ["long", "noon", "noon"]],
  ])("shows what closes: %s", async (_sentence, options, names) => {
    await using console = await withPlans();
    expect(await namesOf(console, options)).toEqual([...names]);
  });

  test("looks 30 days ahead and shows 50 unless told, and says when there is more", async () => {
    await using console = await withPlans();
    expect(await namesOf(console, "")).toHaveLength(50);
    expect((await console.lull("upcoming")).err).toBe("only the first 50; --limit shows more\n");
    expect(await namesOf(console, "--limit 100")).toHaveLength(62);
    expect((await console.lull("upcoming --limit 62")).err).toBe("");
    expect(await console.json("upcoming --limit 62")).toMatchObject({ more: false });
    expect(await console.json("upcoming --limit 61")).toMatchObject({ more: true });
    // Further than a sidecar looks.
    expect(await namesOf(console, "--days 800 --limit 5000 --site 1")).toHaveLength(801);
  });

  test("shows no disabled ones, no skipped ones, and moved ones where they are", async () => {
    await using console = await withPlans();
    await console.lull("recurrence disable 2");
    await console.lull("period disable 1");
    await console.lull("recurrence skip 1 2026-11-21");
    await console.lull("recurrence move 1 2026-11-22 --start 13:00");
    expect(await console.json("upcoming --limit 2")).toMatchObject({
      periods: [
        { name: "soon", when: "upcoming", wall: null, alteration: null },
        {
          ...{ name: "night", recurrenceId: 1, start: "2026-11-22T13:00:00Z", end: "2026-11-22T14:00:00Z" },
          ...{ wall: "2026-11-22T02:00:00", alteration: "moved" },
        },
      ],
    });
    expect((await console.lull("upcoming --limit 2")).out).toContain("upcoming, moved  2026-11-22 13:00 UTC");
    // By what is printed it can be undone.
    expect((await console.lull("recurrence restore 1 2026-11-22T02:00:00")).code).toBe(0);
    expect((await console.lull("upcoming --limit 2")).out).not.toContain("moved");
  });

  test("shows when a lease ends what has no end", async () => {
    await using console = openConsole();
    await console.lull("downtime_start --lease 5m --offline");
    expect((await console.lull("upcoming")).out).toContain(
      "2026-11-20 12:05 UTC (2026-11-20T12:05:00Z) unless renewed",
    );
  });

  test("shows the expected end rather than that of a lease, as long as it is ahead", async () => {
    await using console = openConsole();
    await console.lull("downtime_start --lease 2h --expect 45m --offline");
    await console.lull("downtime_start --expect 1h --name other --offline");
    const ends = async () => (await console.lull("upcoming")).out.split("\n").slice(1, 3);
    expect((await ends()).join()).toMatch(/12:45:00Z\) expected .*13:00:00Z\) expected /);
    console.clock.elapsedMs = 90 * 60_000;
    expect((await ends()).join()).toMatch(/14:00:00Z\) unless renewed .*no end /);
  });

  test("says that nothing is planned", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    expect(await console.lull("upcoming --days 3")).toMatchObject({
      code: 0,
      err: "nothing is planned for the next 3 days\n",
    });
  });

  test.each([
    ["no number of days", "--days soon", '--days "soon" is not a whole number from 1 to 3660'],
    ["no days", "--days 0", '--days "0" is not a whole number'],
    ["too many days", "--days 3661", '--days "3661" is not a whole number'],
    ["no limit", "--limit 0", '--limit "0" is not a whole number from 1 to 100000'],
    ["an unknown site", "--site 7", "no site 7"],
  ])("refuses %s", async (_sentence, options, message) => {
    await using console = await withPlans();
    const said = await console.lull(`upcoming ${options}`);
    expect(said.out).toBe("");
    expect(said.err).toStartWith(`lull: ${message}`);
  });
});
