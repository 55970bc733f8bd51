import { describe, expect, test } from "bun:test";
import { createWatch } from "../../src/cli/wait-watch.ts";
import { loadConfig } from "../../src/config.ts";
import { type Console, hourMs, noon, openConsole } from "./console.ts";

const minuteMs = 60_000;

function configOf(console: Console) {
  return loadConfig({ flags: {}, environment: { LULL_CONFIG: console.file("lull.toml") }, machine: console.machine });
}

describe("the watch of wait", () => {
  test.each<[string, readonly string[], number]>([
    ["never, when nothing is planned", [], Number.POSITIVE_INFINITY],
    ["when a period ends", ["downtime_start --for 1h --offline"], noon + hourMs],
    ["when a lease ends", ["downtime_start --lease 5m --offline"], noon + 5 * minuteMs],
    ["when a period begins", ["period add --start 2026-11-20T13:00:00Z"], noon + hourMs],
    [
      "at the first of them, on whichever site",
      ["downtime_start --for 1h --offline", "period add --site 2 --start 2026-11-20T12:30:00Z"],
      noon + 30 * minuteMs,
    ],
  ])("says when time alone changes something: %s", async (_, lines, changesAt) => {
    await using console = openConsole();
    await console.lull("site add b.example");
    for (const line of lines) expect({ line, ...(await console.lull(line)) }).toMatchObject({ line, code: 0 });
    const database = await console.open();
    try {
      expect((await createWatch(database, configOf(console), []).look(noon)).changesAt).toBe(changesAt);
    } finally {
      await database.close();
    }
  });

  test("hears of renewals, which raise no revision, and lets a lease run out that nobody renews", async () => {
    await using console = openConsole();
    const start = "downtime_start --lease 5m --offline";
    await console.lull(start);
    const database = await console.open();
    try {
      const watch = createWatch(database, configOf(console), []);
      const states: string[] = [];
      const lookAt = async (minutes: number) => {
        const { sites, revision } = await watch.look(noon + minutes * minuteMs);
        states.push(`${minutes}: ${sites.map(({ state }) => state).join()} at ${revision}`);
      };
      for (const minutes of [0, 4]) await lookAt(minutes);
      console.clock.elapsedMs = 4 * minuteMs;
      await console.lull(start);
      for (const minutes of [5, 8.99, 9]) await lookAt(minutes);
      expect(states).toEqual([
        "0: closed at 2",
        "4: closed at 2",
        "5: closed at 2",
        "8.99: closed at 2",
        "9: open at 2",
      ]);
    } finally {
      await database.close();
    }
  });

  test("sees sites that are added later, when none are named", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    const database = await console.open();
    try {
      const [all, one] = [[], ["1"]].map((names) => createWatch(database, configOf(console), names));
      const count = async () => [(await all?.look(noon))?.sites.length, (await one?.look(noon))?.sites.length];
      expect(await count()).toEqual([1, 1]);
      await console.lull("site add b.example");
      expect(await count()).toEqual([2, 1]);
    } finally {
      await database.close();
    }
  });
});
