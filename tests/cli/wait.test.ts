import { describe, expect, test } from "bun:test";
import { lockElsewhere } from "../store/locking-process.ts";
import { hourMs, noon, openConsole } from "./console.ts";
import { registerGhost, startReal } from "./sidecars.ts";

describe("wait", () => {
  // Each that ends with 6 waits for a second.
  test.concurrent.each<[string, readonly string[], string, number, string]>([
    ["open: nothing runs", [], "--open", 0, "site 1 (*) is open"],
    [
      "open: something is to come",
      ["period add --start 2026-11-20T13:00:00Z"],
      "--open",
      0,
      'is open, next: "downtime" from ',
    ],
    ["open: what ran is over", ["downtime_start", "downtime_end"], "--open", 0, "is open"],
    [
      "open: it is closed",
      ["downtime_start --for 1h --reason disks"],
      "--open",
      6,
      'site 1 (*) is closed: "downtime" on all sites (period 1) by ada@desk until 2026-11-20 13:00 UTC (2026-11-20T13:00:00Z): disks',
    ],
    ["open: it is read-only", ["downtime_start --mode readonly"], "--open", 6, "site 1 (*) is read-only: "],
    ["open: another site is closed", ["setmaintenance on 2"], "--open --site 1", 0, "site 1 (*) is open"],
    ["open: one of all is closed", ["setmaintenance on 2"], "--open", 6, "site 2 (b.example) is closed: "],
    [
      "closed: it is, and no sidecar is meant",
      ["setmaintenance on 1"],
      "--closed --site 1 --offline",
      0,
      "site 1 (*) is closed: ",
    ],
    [
      "closed: it is, and no sidecar is there",
      ["setmaintenance on 1"],
      "--closed --site 1",
      6,
      "closed in the database, but no sidecar is registered, so nothing is closed",
    ],
    ["closed: it is open", [], "--closed --site 1 --offline", 6, "site 1 (*) is open"],
    [
      "closed: it is read-only",
      ["downtime_start --mode readonly"],
      "--closed --offline",
      6,
      "site 1 (*) is read-only: ",
    ],
    [
      "closed: it is read-only and closed",
      ["downtime_start --mode readonly", "setmaintenance on --all"],
      "--closed --offline",
      0,
      "is closed: ",
    ],
    [
      "closed: one of two",
      ["setmaintenance on 1"],
      "--closed --site 1,b.example --offline",
      6,
      "site 2 (b.example) is open",
    ],
  ])("%s", async (_, before, options, code, words) => {
    await using console = openConsole();
    await console.lull("site add b.example");
    for (const line of before) {
      await console.lull(`${line} --offline`);
      console.clock.elapsedMs += 1_000;
    }
    const said = await console.lull(`wait ${options} --timeout 1s`);
    expect({ ...said, code: said.code }).toMatchObject({ code, [code === 0 ? "err" : "out"]: "" });
    expect(code === 0 ? said.out : said.err).toContain(words);
    if (code === 6) expect(said.err).toMatch(/^timed out after 1s: [^\n]+\n$/);
  });

  test.concurrent.each([
    ["a period is ended", "downtime_start --offline", "--open", "downtime_end"],
    ["a period is shortened", "downtime_start --offline", "--open", "period disable 1"],
    ["a period is begun", "migrate", "--closed --offline", "downtime_start --offline"],
  ])("ends when %s", async (_, before, options, then) => {
    await using console = openConsole();
    await console.lull(before);
    const call = console.lull(`wait ${options} --timeout 60s`);
    console.clock.elapsedMs = 1_000;
    expect((await console.lull(then)).code).toBe(0);
    expect((await call).code).toBe(0);
  });

  test.concurrent.each([
    ["a period is over", "downtime_start --for 1h --offline", "--open"],
    ["a lease runs out", "downtime_start --lease 1h --offline", "--open"],
    ["a period begins", "period add --start 2026-11-20T13:00:00Z", "--closed --offline"],
  ])("ends when %s, by time alone", async (_, before, options) => {
    await using console = openConsole();
    await console.lull(before);
    const call = console.lull(`wait ${options} --timeout 60s`);
    console.clock.elapsedMs = hourMs;
    expect((await call).code).toBe(0);
  });

  test.concurrent("waits for ever unless told otherwise", async () => {
    await using console = openConsole();
    await console.lull("downtime_start --offline");
    const call = console.lull("wait --open");
    expect(await Promise.race([call, Bun.sleep(1_000)])).toBeUndefined();
    console.clock.elapsedMs = 1_000;
    await console.lull("downtime_end");
    expect((await call).code).toBe(0);
  });

  test("tells programs the same", async () => {
    await using console = openConsole();
    await console.lull("downtime_start --for 1h --offline");
    expect(await console.json("wait --closed --offline")).toEqual({
      schemaVersion: 1,
      exitCode: 0,
      database: console.path,
      revision: 2,
      wanted: "closed",
      ending: "met",
      reached: "no-sidecar",
      sites: [
        {
          id: 1,
          domain: "*",
          state: "closed",
          opensAt: "2026-11-20T13:00:00Z",
          periods: [expect.objectContaining({ id: 1 })],
          next: null,
        },
      ],
    });
    expect(await console.json("wait --open --timeout 1s")).toMatchObject({
      exitCode: 6,
      ending: "timed-out",
      reached: null,
    });
  });

  test.concurrent("does not bury its line under thousands of sites", async () => {
    await using console = openConsole();
    for (let number = 2; number <= 22; number++) await console.lull(`site add s${number}.example`);
    expect((await console.lull("wait --open")).out).toBe("all 22 sites are open\n");
    await console.lull("setmaintenance on --all --offline");
    const { err } = await console.lull("wait --open --timeout 1s --tz Asia/Tokyo");
    expect(err.match(/ is closed: /g)).toHaveLength(5);
    expect(err).toEndWith('; and 17 sites more ("lull status" shows all)\n');
  });

  test.each([
    ["nothing to wait for", "", 2, "what to wait for is missing; give --open or --closed"],
    ["both", "--open --closed", 2, "--open and --closed exclude each other; give one"],
    ["no time-out", "--open --timeout soon", 2, '"soon" is not a duration'],
    ["--offline where it means nothing", "--open --offline", 2, "--offline is for --closed"],
    ["an unknown site", "--open --site 7", 1, "no site 7;"],
  ])("refuses %s", async (_, options, code, message) => {
    await using console = openConsole();
    await console.lull("migrate");
    const said = await console.lull(`wait ${options}`);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toStartWith(`lull: ${message}`);
  });

  test("needs a database, and a site that stays", async () => {
    await using console = openConsole();
    expect((await console.lull("wait --open")).code).toBe(5);
    await console.lull("site add b.example");
    await console.lull("setmaintenance on 2 --offline");
    const call = console.lull("wait --open --site b.example");
    await console.lull("site remove 2 --force");
    expect(await call).toMatchObject({ code: 1 });
  });
});

describe("wait --closed", () => {
  test("asks every registered sidecar, and waits until it serves that", async () => {
    await using console = openConsole();
    await using sidecar = await startReal(console);
    console.clock.elapsedMs = Date.now() - noon;
    const call = console.lull("wait --closed --timeout 60s");
    expect((await console.lull("downtime_start --no-wait")).code).toBe(0);
    expect((await call).code).toBe(0);
    expect(await sidecar.ask()).toBe(503);
    // One that has served it, and may have died since, is asked again.
    expect(await console.json("wait --closed --timeout 60s")).toMatchObject({ exitCode: 0, reached: "served" });
  });

  test.concurrent("names those that do not serve it", async () => {
    await using console = openConsole();
    await registerGhost(console);
    await console.lull("setmaintenance on --no-wait");
    const { code, out, err } = await console.lull("wait --closed --timeout 1s");
    expect({ code, out }).toEqual({ code: 6, out: "" });
    expect(err).toMatch(
      /^timed out after 1s: closed in the database, but 1 of 1 sidecar did not answer that it serves revision 2: web7 process 4711 [^\n]+\n$/,
    );
  });

  test.concurrent("goes on while somebody locks the database, and says so at the time-out", async () => {
    await using console = openConsole();
    await registerGhost(console);
    await console.lull("setmaintenance on --no-wait");
    // To ask the sidecars, something must be written.
    await using lock = await lockElsewhere(console.path, "writing");
    const { code, err } = await console.lull("wait --closed --timeout 1s");
    expect(code).toBe(6);
    expect(err).toMatch(/^timed out after \ds: database [^\n]+: another process holds it locked[^\n]*\n$/);
    const call = console.lull("wait --closed --timeout 60s");
    await lock.release();
    await registerGhost(console, { revision: 2, rollCall: 99 });
    expect((await call).code).toBe(0);
  });
});
