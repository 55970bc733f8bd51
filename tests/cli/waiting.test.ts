import { describe, expect, test } from "bun:test";
import { noon, openConsole } from "./console.ts";
import { registerGhost, startReal } from "./sidecars.ts";

const claims = /is now|Successfully|closed all|extended|changed:|ended|added|enabled/;

describe("a command that opens or closes", () => {
  test("ends with 0 when the sidecar serves it, and it does", async () => {
    await using console = openConsole();
    await using sidecar = await startReal(console);
    // The sidecar has the real clock.
    console.clock.elapsedMs = Date.now() - noon;
    const statuses = [await sidecar.ask()];
    for (const line of ["setmaintenance on", "setmaintenance off"]) {
      console.clock.elapsedMs += 5;
      const said = await console.lull(line);
      expect({ code: said.code, out: said.out }).toEqual({ code: 0, out: `Site 1 (*) is now ${line.slice(15)}\n` });
      expect(said.err).toMatch(/^revision \d+: the sidecar serves it$/m);
      statuses.push(await sidecar.ask());
    }
    expect(statuses).toEqual([204, 503, 204]);
  });

  // Each waits for a second.
  test.concurrent.each([
    ["setmaintenance on", "open"],
    ["setmaintenance off", "closed"],
    ["downtime_start", "open"],
    ["downtime_end", "closed"],
    ["period add --for 1h", "open"],
    ["period extend 1 --end 2026-11-20T14:00:00Z --shorten", "open"],
    ["period end 1", "closed"],
    ["period disable 1", "closed"],
    ["period enable 1", "open"],
    ["period remove 1", "closed"],
  ])("%s ends with 6 when one does not serve it, and claims nothing", async (line, state) => {
    await using console = openConsole();
    await registerGhost(console);
    for (const before of ["setmaintenance on", "downtime_start"]) {
      if (!line.startsWith("setmaintenance on") && !line.startsWith("downtime_start"))
        await console.lull(`${before} --no-wait`);
    }
    if (line === "period add --for 1h") await console.lull("downtime_end --no-wait");
    if (line === "period enable 1") await console.lull("period disable 1 --no-wait");
    console.clock.elapsedMs = 1_000;
    const said = await console.lull(`${line} --wait 1s --quiet`);
    expect({ code: said.code, out: said.out }).toEqual({ code: 6, out: "" });
    expect(said.err).toMatch(
      new RegExp(
        `written as revision \\d+, but 1 of 1 sidecar did not answer that it serves it within 1 s, so visitors may find the site ${state} there:\n`,
      ),
    );
    expect(said.err).toContain(
      "  web7 process 4711 on 127.0.0.1:8503 (instance ghost-1), silent since 2026-11-20 10:00 UTC (2026-11-20T10:00:00Z), serves revision 1\n",
    );
    expect(said.err).toContain('"lull sidecar remove INSTANCE"');
    expect(said.err).not.toMatch(claims);
  });

  test.concurrent("names only those that do not serve it", async () => {
    await using console = openConsole();
    await registerGhost(console);
    await registerGhost(console, { instance: "ghost-2", hostname: "web8", revision: 99, rollCall: 99 });
    const said = await console.lull("setmaintenance on --wait 1s");
    expect(said.code).toBe(6);
    expect(said.err).toContain("but 1 of 2 sidecars did not answer that it serves it");
    expect(said.err).not.toContain("web8");
    expect(await console.json("setmaintenance on --wait 1s")).toMatchObject({
      exitCode: 6,
      changed: false,
      reached: "late",
      late: [{ instance: "ghost-1", hostname: "web7", processId: 4711, revision: 1, seenAt: "2026-11-20T10:00:00Z" }],
      sidecars: [{ instance: "ghost-1" }, { instance: "ghost-2" }],
    });
    expect((await console.lull("setmaintenance on --wait 1s")).err).toContain("it is so already since revision 2, but");
  });

  test("waits no longer when the late one is taken off the list, or serves it", async () => {
    await using console = openConsole();
    await registerGhost(console);
    expect((await console.lull("sidecar remove ghost-1")).out).toContain("sidecar ghost-1 of web7 taken off the list");
    expect((await console.lull("setmaintenance on")).code).toBe(7);
    await registerGhost(console, { revision: 2, rollCall: 99 });
    expect(await console.lull("setmaintenance on")).toMatchObject({ code: 0, out: "Site 1 (*) already on\n" });
  });

  test("ends as soon as it is served, while it waits", async () => {
    await using console = openConsole();
    await registerGhost(console);
    const call = console.lull("setmaintenance on --wait 60s");
    while ((await console.json("status"))["revision"] !== 2) await Bun.sleep(1);
    await registerGhost(console, { revision: 2 });
    expect(await call).toMatchObject({ code: 0, out: "Site 1 (*) is now on\n" });
  });

  test.each([
    ["setmaintenance on", 7, ""],
    ["setmaintenance on --no-wait", 7, ""],
    ["setmaintenance on --offline", 0, "Site 1 (*) is now on\n"],
    ["setmaintenance on --offline --no-wait", 0, "Site 1 (*) is now on\n"],
    ["downtime_start", 7, ""],
    ["period add --for 1h", 7, ""],
    ["setmaintenance off", 0, "Site 1 (*) already off\n"],
    ["downtime_end", 0, 'nothing was running under the name "downtime"\n'],
  ])("without any sidecar, %s ends with %p", async (line, code, out) => {
    await using console = openConsole();
    const said = await console.lull(line);
    expect({ code: said.code, out: said.out }).toEqual({ code, out });
    if (code === 0) return;
    expect(said.err).toContain(
      'written as revision 2, but no sidecar is registered, so nothing is closed: start one ("lull serve"), or add --offline if that is meant\n',
    );
    expect(said.err).not.toMatch(claims);
    expect(said.err).not.toContain("still reachable");
    expect(await console.json("status")).toMatchObject({ revision: 2, sites: [{ state: "closed" }] });
  });

  test("a period that is to come needs no sidecar yet", async () => {
    await using console = openConsole();
    expect((await console.call("period", "add", "--start", "tomorrow 02:00", "--for", "2h")).code).toBe(0);
  });

  test("--no-wait says whom it did not wait for", async () => {
    await using console = openConsole();
    await registerGhost(console);
    const said = await console.lull("setmaintenance on --no-wait");
    expect({ code: said.code, out: said.out }).toEqual({ code: 0, out: "Site 1 (*) is now on\n" });
    expect(said.err).toContain("written as revision 2; not waited for 1 of 1 sidecar: web7 process 4711");
    expect(await console.json("setmaintenance on --no-wait")).toMatchObject({ exitCode: 0, reached: "not-waited" });
  });
});

describe("status", () => {
  test("says which sidecars serve what", async () => {
    await using console = openConsole();
    await registerGhost(console);
    await console.lull("setmaintenance on --no-wait");
    expect((await console.lull("status")).err).toContain(
      "sidecar web7 process 4711 on 127.0.0.1:8503 (instance ghost-1), silent since 2026-11-20 10:00 UTC (2026-11-20T10:00:00Z), it may be dead, serves revision 1, which is older than the database\n",
    );
    expect((await console.lull("sidecar list")).out).toContain(
      "ghost-1   web7  4711     1         2026-11-20 10:00 UTC",
    );
  });

  test.each([
    ["just now", 0, false],
    ["15 s ago", 15_000, false],
    ["longer ago", 15_001, true],
    ["after now, by a clock that is ahead", -60_000, false],
  ])("says of a sidecar whether it is silent: seen %s", async (_, agoMs, silent) => {
    await using console = openConsole();
    await registerGhost(console, { seenAt: noon - agoMs });
    const { code, err } = await console.lull("status");
    expect({ code, silent: err.includes("silent since"), dead: err.includes(", it may be dead, serves") }).toEqual({
      code: 0,
      silent,
      dead: silent,
    });
    expect(err.includes("last seen")).toBe(!silent);
    expect(err.includes('"lull sidecar remove INSTANCE"')).toBe(silent);
    expect(await console.json("status")).toMatchObject({ sidecars: [{ instance: "ghost-1", silent }] });
  });

  test("says that nothing is closed without one", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    expect((await console.lull("status")).err).toContain("no sidecar is registered: nobody asks this database\n");
    await console.lull("setmaintenance on --offline");
    expect((await console.lull("status")).err).toContain(
      "nobody asks this database, so nothing is closed for visitors\n",
    );
  });
});
