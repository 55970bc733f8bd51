import { describe, expect, test } from "bun:test";
import { openConsole } from "./console.ts";
import { after, running } from "./steps.ts";

const minuteMs = 60_000;

describe("downtime_start --lease", () => {
  test("ends by itself unless the same command renews it", async () => {
    await using console = openConsole({ actor: "bob@web1" });
    const start = "downtime_start --name deploy --lease 5m --offline";
    expect((await console.lull(start)).out).toBe(
      'Successfully started downtime\nclosed all sites by "deploy", ends by itself at 2026-11-20 12:05 UTC (2026-11-20T12:05:00Z) unless renewed\n',
    );
    console.clock.elapsedMs = 4 * minuteMs;
    console.as("ada@desk");
    expect((await console.lull(start)).out).toBe(
      'renewed the lease of "deploy" on all sites since 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) by bob@web1, closed, ends by itself at 2026-11-20 12:09 UTC (2026-11-20T12:09:00Z) unless renewed\n',
    );
    console.clock.elapsedMs = 9 * minuteMs - 1;
    expect((await console.lull("status --exit-code")).code).toBe(10);
    console.clock.elapsedMs = 9 * minuteMs;
    expect((await console.lull("status --exit-code")).code).toBe(0);
  });

  test("with --for both hold: it is renewed, and still ends then", async () => {
    await using console = openConsole();
    const start = "downtime_start --until 2026-11-20T12:08:00Z --lease 5m --offline";
    expect((await console.lull(start)).out).toEndWith(
      'closed all sites by "downtime" until 2026-11-20 12:08 UTC (2026-11-20T12:08:00Z), ends by itself at 2026-11-20 12:05 UTC (2026-11-20T12:05:00Z) unless renewed\n',
    );
    console.clock.elapsedMs = 4 * minuteMs;
    // From here on the lease ends nothing.
    expect((await console.lull(start)).out).toEndWith(" closed until 2026-11-20 12:08 UTC (2026-11-20T12:08:00Z)\n");
    console.clock.elapsedMs = 8 * minuteMs;
    expect(await running(console)).toEqual([]);
  });

  test("is taken away by the same command without it", async () => {
    await using console = openConsole();
    await after(console, "downtime_start --lease 5m --offline");
    expect((await console.lull("downtime_start --offline")).out).toBe(
      'extended "downtime" on all sites since 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) by ada@desk, closed without an end\n',
    );
    expect(await console.json("period list")).toMatchObject({ periods: [{ leaseMs: null, leaseEnd: null }] });
  });

  test("is given to one without only when it may be shorter", async () => {
    await using console = openConsole();
    await after(console, "downtime_start --offline");
    expect((await console.lull("downtime_start --lease 5m --offline")).out).toBe(
      'already started: "downtime" on all sites since 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) by ada@desk, without an end; it has no lease, and --shorten would give it one\n',
    );
    expect((await console.lull("downtime_start --lease 5m --shorten --offline")).out).toBe(
      'shortened "downtime" on all sites since 2026-11-20 12:00 UTC (2026-11-20T12:00:00Z) by ada@desk, closed, ends by itself at 2026-11-20 12:05:01 UTC (2026-11-20T12:05:01Z) unless renewed\n',
    );
  });

  test("says what it is in its help", async () => {
    await using console = openConsole();
    expect((await console.lull("help downtime_start")).out).toMatch(
      /--lease 5m +it ends by itself after so long unless the same command renews it; at least 10s\n/,
    );
  });
});

describe("downtime_start", () => {
  test("--expect says when it should be over, and ends nothing", async () => {
    await using console = openConsole();
    expect((await console.lull("downtime_start --expect 45m --offline")).out).toEndWith(
      'closed all sites by "downtime" without an end, expected until 2026-11-20 12:45 UTC (2026-11-20T12:45:00Z)\n',
    );
    expect(await console.json("explain")).toMatchObject({
      retryAfterSeconds: 2_700,
      period: { end: null, expectedEnd: "2026-11-20T12:45:00Z" },
    });
    expect((await console.lull("status")).out).toContain("  2026-11-20 12:45 UTC  ");
    console.clock.elapsedMs = 46 * minuteMs;
    expect(await console.json("explain")).toMatchObject({ verdict: "closed", retryAfterSeconds: 300 });
  });

  test("--mode readonly lets reading go on, and says no more than that", async () => {
    await using console = openConsole();
    expect((await console.lull("downtime_start --mode readonly --for 1h --offline")).out).toBe(
      'Successfully started downtime\nmade all sites read-only by "downtime" until 2026-11-20 13:00 UTC (2026-11-20T13:00:00Z)\n',
    );
    expect((await console.lull("status --exit-code")).code).toBe(11);
    expect((await console.lull("downtime_start --mode readonly --for 2h --offline")).out).toContain(
      ", read-only until ",
    );
    expect((await console.lull("downtime_start --for 1h --offline")).out).toContain(", closed until ");
    expect((await console.lull("status --exit-code")).code).toBe(10);
  });

  test("--owner and --message are those of the beginning, and what has no effect is said", async () => {
    await using console = openConsole();
    await console.call("downtime_start", "--owner", "ci", "--message", "Back at one", "--for", "1h", "--offline");
    expect(await console.json("period list")).toMatchObject({ periods: [{ owner: "ci", message: "Back at one" }] });
    const same = await console.lull("downtime_start --owner ci --for 2h --offline");
    expect(same.out).toContain(" by ci, closed until ");
    expect(same.err).not.toContain("without effect");
    const again = "downtime_start --owner cd --message Soon --mode readonly --offline";
    expect((await console.lull(again)).err).toContain(
      '--owner, --message, --mode readonly: without effect, because "downtime" on all sites runs already, and keeps what it began with\n',
    );
    expect(await console.json("period list")).toMatchObject({
      periods: [{ owner: "ci", message: "Back at one", mode: "full" }],
    });
  });

  test.each([
    ["a lease that is too short", "--lease 9s", 2, '--lease "9s" is too short to be renewed in time; give 10s or more'],
    ["a lease that is none", "--lease long", 2, '"long" is not a duration'],
    ["an expected end beside --for", "--for 1h --expect 1h", 2, "--expect and --for exclude each other"],
    ["an expected end beside --until", "--until 13:00 --expect 1h", 2, "--expect and --until exclude each other"],
    ["a mode that is none", "--mode half", 2, 'invalid --mode "half" (choose from full, readonly)'],
    ["more than the longest", "--for 49h", 1, "2d is the longest (setting longest_period)"],
    ["more than the longest, expected", "--expect 49h", 1, "2d is the longest (setting longest_period)"],
  ])("refuses %s, in one line", async (_, options, code, message) => {
    await using console = openConsole();
    await console.lull("migrate");
    const said = await console.lull(`downtime_start ${options} --offline`);
    expect({ code: said.code, out: said.out }).toEqual({ code, out: "" });
    expect(said.err).toMatch(/^lull: [^\n]+\n$/);
    expect(said.err).toContain(message);
    expect(await running(console)).toEqual([]);
  });

  test.each(["--lease 10s", "--for 49h --force", "--expect 49h --force", "--for 48h"])("takes %s", async (options) => {
    await using console = openConsole();
    expect((await console.lull(`downtime_start ${options} --offline`)).code).toBe(0);
  });
});
