/** The cases of django-downtime that need no staff, by their names in the list of cases. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Gate, lacksGate, startGate } from "./gate.ts";
import type { VisitParts } from "./visit.ts";

const HOUR_MS = 3_600_000;
const BRIEF_MS = 1_000;

interface PeriodOfCase {
  /** From now, in milliseconds; null: no end. */
  readonly start: number;
  readonly end: number | null;
  readonly disabled?: boolean;
}

interface Case {
  readonly name: string;
  readonly periods: readonly PeriodOfCase[];
  /** Words of `lull exempt add`. */
  readonly exempt?: readonly (readonly string[])[];
  readonly pass?: readonly string[];
  readonly held?: readonly string[];
}

const running: readonly PeriodOfCase[] = [{ start: -HOUR_MS, end: HOUR_MS }];
/** Over when the tests run: one that is over already cannot be made. */
const past: PeriodOfCase = { start: -HOUR_MS, end: BRIEF_MS };
const exact = [
  ["--exact", "/test/page/id"],
  ["--exact", "/"],
];

const CASES: readonly Case[] = [
  { name: "B01", periods: [], pass: ["/"] },
  { name: "B02", periods: running, held: ["/"] },
  { name: "B03", periods: [{ start: -HOUR_MS, end: HOUR_MS, disabled: true }], pass: ["/"] },
  { name: "B04", periods: [{ start: HOUR_MS, end: 2 * HOUR_MS }], pass: ["/"] },
  { name: "B05", periods: [past], pass: ["/"] },
  { name: "B06", periods: [{ start: -HOUR_MS, end: null }], held: ["/"] },
  { name: "B07", periods: [{ start: HOUR_MS, end: null }], pass: ["/"] },
  { name: "B09", periods: [past, ...running], held: ["/"] },
  { name: "B11", periods: running, pass: ["/admin", "/admin/"] },
  { name: "B11b", periods: running, held: ["/administrator", "/admin-x"] },
  { name: "B12", periods: running, held: ["/Admin/", "/x/admin", "/static/a.css"] },
  { name: "B13", periods: running, exempt: exact, pass: ["/test/page/id", "/"] },
  { name: "B14", periods: running, exempt: exact, held: ["/test/page/id/", "/test/page/id/child", "/TEST/page/id"] },
  { name: "B15", periods: running, exempt: [["--path", "/a"]], pass: ["/a", "/a/b"] },
  { name: "B15b", periods: running, exempt: [["--path", "/a"]], held: ["/abc"] },
];

const hostOf = (name: string) => `${name.toLowerCase()}.test`;
const instant = (milliseconds: number) => new Date(milliseconds).toISOString();

describe.skipIf(await lacksGate())("django-downtime, through nginx", () => {
  let gate: Gate;

  async function prepare({ name, periods, exempt = [] }: Case): Promise<void> {
    const { command } = gate.lull;
    await command("site", "add", hostOf(name));
    for (const words of exempt) await command("exempt", "add", ...words, "--site", hostOf(name));
    for (const [index, period] of periods.entries()) await addPeriod(hostOf(name), `period-${index}`, period);
  }

  async function addPeriod(site: string, name: string, period: PeriodOfCase): Promise<void> {
    const now = Date.now();
    const end = period.end === null ? [] : ["--end", instant(now + period.end)];
    const words = [
      "--site",
      site,
      "--name",
      name,
      "--start",
      instant(now + period.start),
      ...end,
      "--no-wait",
      "--json",
    ];
    const { periods } = JSON.parse(await gate.lull.command("period", "add", ...words));
    if (period.disabled === true) await gate.lull.command("period", "disable", String(periods[0].id), "--no-wait");
  }

  beforeAll(async () => {
    gate = await startGate();
    for (const each of CASES) await prepare(each);
    // Waits for the sidecar to serve all of the above.
    await gate.lull.command("downtime_start", "--name", "last", "--site", "1");
    await Bun.sleep(BRIEF_MS);
  }, 20_000);
  afterAll(() => gate.stop());

  test.each(
    CASES.flatMap(({ name, pass = [], held = [] }) => [
      ...pass.map((target) => [`${name}: ${target}`, "pass", { target, host: hostOf(name) }] as const),
      ...held.map((target) => [`${name}: ${target}`, "held", { target, host: hostOf(name) }] as const),
    ]),
  )("%s: %s", async (_, outcome, parts: VisitParts) => {
    expect((await gate.visit(parts)).outcome).toBe(outcome);
  });

  test("B02: Retry-After is about the hour that is left", async () => {
    const { response } = await gate.visit({ host: "b02.test", headers: ["Accept: text/html"] });
    const seconds = Number(response.header("retry-after"));
    expect(seconds).toBeGreaterThan(3_500);
    expect(seconds).toBeLessThanOrEqual(3_600);
  });

  test("B06: Retry-After is the configured one when nobody knows the end", async () => {
    const { response } = await gate.visit({ host: "b06.test", headers: ["Accept: text/html"] });
    expect(response.header("retry-after")).toBe("300");
  });

  test("B18: a site with a redirect sends visitors there", async () => {
    await gate.lull.command("site", "add", "b18.test", "--redirect", "http://errors.example/");
    await gate.lull.command("downtime_start", "--site", "b18.test");
    const { response } = await gate.visit({ host: "b18.test", target: "/z" });
    expect([response.status, response.header("location")]).toEqual([302, "http://errors.example/"]);
    expect(response.header("cache-control")).toBe("no-store");
  });

  test("B08: a period that ends before it starts is refused, and closes nothing", async () => {
    const [start, end] = [instant(Date.now() + HOUR_MS), instant(Date.now() - HOUR_MS)];
    const words = ["--site", "b01.test", "--start", start, "--end", end];
    expect((await gate.lull.run("period", "add", ...words)).code).toBe(1);
    expect((await gate.visit({ host: "b01.test" })).outcome).toBe("pass");
  });

  test("B10: held at the very start, passes at the very end, and time alone does it", async () => {
    await gate.lull.command("site", "add", "b10.test");
    const start = Date.now() + BRIEF_MS;
    const end = start + 300;
    const times = ["--start", instant(start), "--end", instant(end)];
    await gate.lull.command("period", "add", "--site", "b10.test", ...times);
    const seen = new Set<string>();
    while (Date.now() <= end + 50) {
      const sentAt = Date.now();
      const { outcome } = await gate.visit({ host: "b10.test" });
      const answeredAt = Date.now();
      // Which side of the edge a visit fell on is known when it was sent and answered on the same side.
      if (answeredAt < start || sentAt >= end) {
        expect(outcome).toBe("pass");
        seen.add(sentAt >= end ? "after" : "before");
      }
      if (sentAt >= start && answeredAt < end) {
        expect(outcome).toBe("held");
        seen.add("during");
      }
    }
    expect([...seen]).toEqual(["before", "during", "after"]);
  });
});

describe.skipIf(await lacksGate())("without a database, serve --closed", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate({ serve: ["--closed"] });
  });
  afterAll(() => gate.stop());

  test.each([
    ["B19: /", "held", "/"],
    ["B19: /admin", "pass", "/admin"],
    ["B19: /robots.txt", "pass", "/robots.txt"],
  ])("%s: %s", async (_, outcome, target) => {
    expect((await gate.visit({ target })).outcome).toBe(outcome);
  });

  test("B19: there is no database afterwards", async () => {
    expect(await Bun.file(gate.lull.database).exists()).toBe(false);
  });
});

describe.skipIf(await lacksGate())("all sites but exempt paths of the configuration", () => {
  test("B17: /other alone is exempt, and /admin is held", async () => {
    await using gate = await startGate({ settings: { admin_ignored_urls: "" } });
    await gate.lull.command("exempt", "add", "--path", "/other");
    await gate.lull.command("downtime_start", "--for", "1h");
    expect((await gate.visit({ target: "/other/x" })).outcome).toBe("pass");
    expect((await gate.visit({ target: "/admin" })).outcome).toBe("held");
  });
});
