import { describe, expect, test } from "bun:test";
import { type Console, hourMs, openConsole } from "./console.ts";

/** A weekly rule in Paris, whatever else is said. */
const sundays = ["--rule", "FREQ=WEEKLY;BYDAY=SU", "--at", "02:00", "--tz", "Europe/Paris"];

function add(console: Console, ...options: readonly string[]) {
  return console.call("recurrence", "add", ...options);
}

describe("recurrence", () => {
  test("list, disable, enable, remove", async () => {
    await using console = openConsole();
    expect(await console.lull("migrate")).toMatchObject({ code: 0 });
    expect(await console.lull("recurrence list")).toMatchObject({ code: 0, err: "there is no recurrence\n" });
    await add(console, ...sundays, "--for", "1h", "--name", "night", "--reason", "backup");
    await add(console, "--cron", "0 2 1 * 0", "--to", "03:00", "--site", "1");
    const weekly = "FREQ=WEEKLY;BYDAY=SU";
    const cron = `FREQ=MONTHLY;BYMONTHDAY=1 or ${weekly}`;
    expect((await console.lull("recurrence list")).out.split("\n")).toEqual([
      `NUMBER  SITE  NAME        MODE  ${"RULE".padEnd(cron.length)}  ZONE          AT     LENGTH    NEXT                  OWNER     REASON`,
      `1       all   night       full  ${weekly.padEnd(cron.length)}  Europe/Paris  02:00  for 1h    2026-11-22 02:00 CET  ada@desk  backup`,
      `2       1     recurrence  full  ${cron}  UTC           02:00  to 03:00  2026-11-22 02:00 UTC  ada@desk`,
      "",
    ]);
    const night = `"night" on all sites (recurrence 1) by ada@desk, ${weekly} at 02:00 for 1h in Europe/Paris, from 2026-11-20: backup`;
    for (const [verb, out] of [
      ["disable", `disabled: ${night}\n`],
      ["disable", `already disabled: ${night}\n`],
      ["enable --dry-run", `would be enabled: ${night}\n`],
    ] as const) {
      expect(
        await console.lull(`recurrence ${verb.replace(" ", " 1 ")}${verb.includes(" ") ? "" : " 1"}`),
      ).toMatchObject({
        ...{ code: 0, out },
      });
    }
    expect((await console.lull("recurrence list")).out).toContain("for 1h    disabled");
    expect(await console.lull("recurrence enable 1")).toMatchObject({ code: 0, out: `enabled: ${night}\n` });
    expect(await console.lull("recurrence remove 1")).toMatchObject({ code: 0, out: `removed: ${night}\n` });
    expect(await console.lull("recurrence remove 1")).toMatchObject({ code: 1, out: "" });
    expect(await console.json("recurrence list")).toMatchObject({
      recurrences: [{ id: 2, next: { start: "2026-11-22T02:00:00Z", wall: "2026-11-22T02:00:00" }, fault: null }],
    });
  });

  test("list says of one that cannot be used why", async () => {
    await using console = openConsole();
    await add(console, ...sundays, "--for", "1h");
    const database = await console.open();
    await database.client.execute("UPDATE recurrence SET timezone = 'Mars/Olympus'");
    await database.close();
    const { code, out } = await console.lull("recurrence list");
    expect(code).toBe(0);
    expect(out).toContain('"Mars/Olympus" is not a time zone');
  });

  test("list says of one that is over that none comes next", async () => {
    await using console = openConsole();
    await add(console, "--rule", "FREQ=DAILY;COUNT=1", "--at", "13:00", "--for", "1h");
    console.clock.elapsedMs = 2 * hourMs;
    expect((await console.lull("recurrence list")).out).toContain("for 1h  none  ada@desk");
  });

  test("enable that closes at once claims it only when it is proven", async () => {
    await using console = openConsole();
    await add(console, "--rule", "FREQ=DAILY", "--at", "11:30", "--for", "1h", "--offline");
    expect(await console.lull("recurrence disable 1")).toMatchObject({ code: 0 });
    expect(await console.lull("recurrence enable 1")).toMatchObject({ code: 7, out: "" });
    await console.lull("recurrence disable 1");
    const { code, out } = await console.lull("recurrence enable 1 --offline");
    expect({ code, closed: out.split("\n")[1] }).toEqual({
      ...{
        code: 0,
        closed: 'closed all sites by "recurrence" (recurrence 1) until 2026-11-20 12:30 UTC (2026-11-20T12:30:00Z)',
      },
    });
    expect((await console.lull("recurrence enable 1 --offline")).out).not.toContain("closed");
  });
});
