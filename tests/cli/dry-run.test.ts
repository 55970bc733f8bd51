import { describe, expect, test } from "bun:test";
import { type Console, openConsole } from "./console.ts";

/** A second passes after each. */
async function after(console: Console, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) {
    const { code, err } = await console.lull(line);
    if (code !== 0) throw new Error(`${line}: ${err}`);
    console.clock.elapsedMs += 1_000;
  }
}

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
      'would extend "downtime" on all sites since 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) by ada@desk, closed without an end\n',
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
      'would close all sites by "downtime" (period 1) until 2026-11-20 13:00 UTC (2026-11-20T13:00:00Z)\n',
    ],
    [
      "period disable",
      ["downtime_start --offline"],
      "period disable 1",
      'would be disabled: "downtime" on all sites (period 1) by ada@desk from 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) without an end\n',
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
