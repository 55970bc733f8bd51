import { describe, expect, test } from "bun:test";
import { hourMs, onlyObject, openConsole } from "./console.ts";

describe("period", () => {
  test.each<[string, string, string]>([
    ["all sites", "", 'closed all sites by "long" (period 1) without an end\n'],
    [
      "one site, read-only",
      "--site 1 --mode readonly --for 1h --reason disks",
      'made site 1 (*) read-only by "long" (period 1) until 2026-11-20 13:00 UTC (2026-11-20T13:00:00Z): disks\n',
    ],
  ])("add and enable say that what runs at once closes %s", async (_, options, closed) => {
    await using console = openConsole();
    await console.lull("migrate");
    const would = closed.replace("closed", "would close").replace("made", "would make");
    const add = `period add --name long --offline ${options}`;
    expect((await console.lull(`${add} --dry-run`)).out).toBe(would);
    expect((await console.lull(add)).out).toBe(closed);
    await console.lull("period disable 1");
    expect((await console.lull("period enable 1 --dry-run")).out).toBe(would);
    expect((await console.lull("period enable 1 --offline")).out).toBe(closed);
    expect((await console.lull("period enable 1 --offline")).out).toStartWith('already enabled: "long"');
  });

  test.each<[string, readonly string[], string]>([
    ["after the start, on its day", ["--start", "2026-11-25 02:00", "--end", "02:30"], "2026-11-25T02:30:00Z"],
    ["after the start, on the next", ["--start", "2026-11-25 23:00", "--end", "01:00"], "2026-11-26T01:00:00Z"],
    ["a day later when it is the start's", ["--start", "2026-11-25 02:00", "--end", "02:00"], "2026-11-26T02:00:00Z"],
    ["ahead when it starts now", ["--end", "11:00"], "2026-11-21T11:00:00Z"],
    [
      "in the zone of --tz",
      ["--start", "2026-11-25T01:00:00Z", "--end", "03:00", "--tz", "Asia/Tokyo"],
      "2026-11-25T18:00:00Z",
    ],
  ])("a time of day alone as its end is the first one %s", async (_, options, end) => {
    await using console = openConsole();
    const { out } = await console.call("period", "add", ...options, "--offline", "--json");
    expect(onlyObject(out)).toMatchObject({ exitCode: 0, periods: [{ end }] });
  });

  test("a time of day alone gives one that has run for days its next end, not one that is past", async () => {
    await using console = openConsole();
    await console.lull("period add --offline");
    console.clock.elapsedMs = 30 * hourMs;
    expect(await console.json("period extend 1 --end 15:00 --shorten --force --offline")).toMatchObject({
      exitCode: 0,
      period: { end: "2026-11-22T15:00:00Z" },
    });
  });

  test("list says that occurrences of recurrences run, which it does not show", async () => {
    await using console = openConsole();
    const daily = ["--rule", "FREQ=DAILY", "--at", "11:00", "--for", "2h", "--tz", "UTC", "--offline"];
    await console.lull("site add b.example");
    await console.call("recurrence", "add", ...daily, "--site", "1", "--name", "one");
    const one = '1 occurrence of a recurrence runs now; what recurs is not listed here: "lull upcoming" shows it\n';
    const { err } = await console.lull("period list --running");
    expect(err).toBe(`no period is running\n${one}`);
    expect((await console.lull("period list --site 1")).err).toBe(`no period is running or upcoming\n${one}`);
    expect((await console.lull("period list --running --site 2")).err).toBe("no period is running\n");
    expect((await console.lull("period list --past --upcoming")).err).toBe("no period is past or upcoming\n");
    await console.call("recurrence", "add", ...daily, "--name", "all");
    expect((await console.lull("period list --running --site 2")).err).toBe(`no period is running\n${one}`);
    expect((await console.lull("period list")).err).toEndWith(
      '\n2 occurrences of recurrences run now; what recurs is not listed here: "lull upcoming" shows it\n',
    );
    console.clock.elapsedMs = hourMs;
    expect((await console.lull("period list --running")).err).toBe("no period is running\n");
  });
});
