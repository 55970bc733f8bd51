import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import type { Period } from "../../src/gate/period.ts";
import { hear, type Snapshot } from "../../src/gate/snapshot.ts";
import { sendRaw } from "../support/raw-http.ts";
import { type Fixture, type FixtureOptions, request, start, startFixture } from "./sidecar-fixture.ts";

const minuteMs = 60_000;
const everyMs = 2;

/** Began an hour before the fixture's clock, so that it is due in three. */
const openEnded: Partial<Period> = { start: start - 60 * minuteMs, owner: "ada@desk", reason: "database" };
/** Past its end after ten minutes, and then held: nothing was heard since the start. */
const leased: Partial<Period> = {
  start,
  name: "deploy",
  leaseMs: 12 * minuteMs,
  leaseEnd: start + 10 * minuteMs,
};

const starting = (options: FixtureOptions) => startFixture({ remindEveryMs: everyMs, ...options });

function reminded(sidecar: Fixture): readonly Record<string, unknown>[] {
  return sidecar.logged.filter(({ event }) => event === "reminder");
}

/** Waits until so many reminders were logged. */
async function logged(sidecar: Fixture, count: number): Promise<readonly Record<string, unknown>[]> {
  for (const until = performance.now() + 3_000; performance.now() < until && reminded(sidecar).length < count; ) {
    await Bun.sleep(everyMs);
  }
  return reminded(sidecar);
}

/** Moves the clock as it moves: less than a minute at once, and the sidecar looks in between. */
async function walk(sidecar: Fixture, minutes: number): Promise<void> {
  for (let half = 0; half < 2 * minutes; half++) {
    sidecar.clock.elapsedMs += minuteMs / 2;
    await looked();
  }
}

/** Longer than the sidecar's timer, which was set before. */
async function looked(): Promise<void> {
  for (let times = 0; times < 3; times++) await Bun.sleep(everyMs);
}

async function bodyOf(sidecar: Fixture, path: string): Promise<string> {
  return (await sendRaw(sidecar.unix, request(path))).text();
}

async function counted(sidecar: Fixture, kind: string): Promise<number> {
  const line = new RegExp(`^lull_reminders_total\\{kind="${kind}"\\} (\\d+)$`, "m");
  return Number(line.exec(await bodyOf(sidecar, "/metrics"))?.[1]);
}

function hearNow(sidecar: Fixture, leaseEnds: ReadonlyMap<number, number> = new Map()): void {
  const at = start + sidecar.clock.elapsedMs;
  const before: Snapshot | null = sidecar.serving.snapshot;
  sidecar.serving.confirm(at, before === null ? null : hear(before, { at, leaseEnds }));
}

test("what is due is logged with all that one must know, and counted", async () => {
  await using sidecar = await starting({ periods: [openEnded], config: { remindAfterMs: 61 * minuteMs } });
  expect(await counted(sidecar, "open-ended")).toBe(0);
  await walk(sidecar, 1);
  expect(await logged(sidecar, 1)).toEqual([
    {
      time: new Date(start + minuteMs).toISOString(),
      level: "warn",
      event: "reminder",
      kind: "open-ended",
      site: 1,
      period: "maintenance",
      owner: "ada@desk",
      reason: "database",
      since: new Date(start - 60 * minuteMs).toISOString(),
      minutes: 61,
    },
  ]);
  expect(await counted(sidecar, "open-ended")).toBe(1);
});

test("a period on all sites is one reminder, of all", async () => {
  await using sidecar = await starting({
    sites: [{ id: 1 }, { id: 2, domain: "two.example" }],
    periods: [{ ...openEnded, siteId: null }],
    config: { remindAfterMs: 61 * minuteMs },
  });
  await walk(sidecar, 1);
  expect(await logged(sidecar, 1)).toMatchObject([{ site: "all" }]);
});

test("a reload changes how often", async () => {
  await using sidecar = await starting({ periods: [openEnded] });
  await sidecar.server.reload({ ...sidecar.config, remindAfterMs: 61 * minuteMs });
  await walk(sidecar, 1);
  expect(await logged(sidecar, 1)).toMatchObject([{ kind: "open-ended", minutes: 61 }]);
});

test("a new snapshot changes what is due", async () => {
  await using sidecar = await starting({ periods: [] });
  await walk(sidecar, 1);
  sidecar.place({ periods: [{ start, end: start + 2.5 * minuteMs }] });
  await walk(sidecar, 1);
  expect(await logged(sidecar, 1)).toMatchObject([{ kind: "nearly-over", minutes: 2 }]);
});

test("what somebody has ended is not said to be nearly over", async () => {
  const begun = { ...openEnded, start: start + 50_000 };
  await using sidecar = await starting({ periods: [begun] });
  await walk(sidecar, 1);
  // Ended a moment ago: four fifths of the 24 seconds that it has lasted lie in the same look.
  sidecar.clock.elapsedMs += minuteMs / 4;
  sidecar.place({ periods: [{ ...begun, end: start + 74_000 }] });
  await looked();
  expect(await counted(sidecar, "nearly-over")).toBe(0);
});

describe("a lease of which nothing was heard", () => {
  test("holds, and the log, /metrics and /readyz say so, until the database is heard of", async () => {
    await using sidecar = await starting({ periods: [leased], config: { readyMaxAgeMs: 3_600_000 } });
    await walk(sidecar, 9.5);
    expect(await bodyOf(sidecar, "/readyz")).toBe("ready\n");
    expect(await bodyOf(sidecar, "/metrics")).toContain("\nlull_leases_unheard 0\n");
    await walk(sidecar, 1.5);
    expect((await logged(sidecar, 2)).map(({ kind, period, minutes }) => ({ kind, period, minutes }))).toEqual([
      { kind: "lease-unheard", period: "deploy", minutes: 10 },
      { kind: "lease-unheard", period: "deploy", minutes: 11 },
    ]);
    expect(await bodyOf(sidecar, "/metrics")).toContain("\nlull_leases_unheard 1\n");
    const ready = await sendRaw(sidecar.unix, request("/readyz"));
    expect({ status: ready.status, body: ready.text() }).toEqual({
      status: 200,
      body: "ready\nwarning: 1 lease is past its end and holds all the same: there may be renewals that the database has not told of\n",
    });
    hearNow(sidecar);
    await walk(sidecar, 1);
    expect((await logged(sidecar, 3)).map(({ kind, minutes }) => ({ kind, minutes }))[2]).toEqual({
      kind: "lease-over",
      minutes: 11,
    });
    expect(await bodyOf(sidecar, "/metrics")).toContain("\nlull_leases_unheard 0\n");
    expect(await bodyOf(sidecar, "/readyz")).toBe("ready\n");
    expect([await counted(sidecar, "lease-unheard"), await counted(sidecar, "lease-over")]).toEqual([2, 1]);
  });

  test("that was renewed meanwhile runs on, and nobody is told that it is over", async () => {
    await using sidecar = await starting({ periods: [leased] });
    await walk(sidecar, 10);
    await logged(sidecar, 1);
    hearNow(sidecar, new Map([[1, start + 20 * minuteMs]]));
    await walk(sidecar, 5);
    expect(reminded(sidecar).map(({ kind }) => kind)).toEqual(["lease-unheard"]);
  });
});

test.each([
  ["ahead", 30 * 24 * 60 * minuteMs],
  ["back", -30 * 24 * 60 * minuteMs],
])("a clock that jumps %s is no burst of reminders", async (_direction, jumpMs) => {
  const remindAfterMs = 10 * minuteMs;
  // Long enough that it runs before the jump and after it.
  const periods = [{ ...openEnded, start: start - 60 * 24 * 60 * minuteMs }];
  await using sidecar = await starting({ periods, config: { remindAfterMs } });
  await walk(sidecar, 9);
  sidecar.clock.elapsedMs += jumpMs;
  await looked();
  expect(reminded(sidecar)).toEqual([]);
  await walk(sidecar, 1);
  expect(await logged(sidecar, 1)).toHaveLength(1);
});

test("a clock that is set back a little tells nothing twice", async () => {
  await using sidecar = await starting({ periods: [openEnded], config: { remindAfterMs: 61 * minuteMs } });
  await walk(sidecar, 1);
  await logged(sidecar, 1);
  sidecar.clock.elapsedMs -= minuteMs / 2;
  await looked();
  sidecar.place({ periods: [openEnded] });
  await walk(sidecar, 1);
  expect(reminded(sidecar)).toHaveLength(1);
});

test("many that are due at once are all logged, a few at a time", async () => {
  const sites = Array.from({ length: 250 }, (_, index) => ({ id: index + 1, domain: `s${index}.example` }));
  const periods = sites.map(({ id }) => ({ ...openEnded, siteId: id }));
  await using sidecar = await starting({ sites, periods, config: { remindAfterMs: 61 * minuteMs } });
  await walk(sidecar, 1);
  const lines = await logged(sidecar, 250);
  expect(new Set(lines.map(({ site }) => site)).size).toBe(250);
  expect(await counted(sidecar, "open-ended")).toBe(250);
});

test("a fault in it is logged once, and checks go on", async () => {
  await using sidecar = await starting({ periods: [openEnded], config: { remindAfterMs: 61 * minuteMs } });
  await walk(sidecar, 0.5);
  sidecar.breakSnapshot();
  await walk(sidecar, 2);
  expect(sidecar.logged.filter(({ event, where }) => event === "bug" && where === "reminders")).toHaveLength(1);
  sidecar.place({ periods: [] });
  expect((await sendRaw(sidecar.unix, request("/check/nginx"))).status).toBe(204);
});

test("without a snapshot there is nothing to tell, and no count of leases", async () => {
  await using sidecar = await starting({ empty: true });
  await walk(sidecar, 1);
  expect(reminded(sidecar)).toEqual([]);
  expect(await bodyOf(sidecar, "/metrics")).not.toMatch(/^lull_leases_unheard /m);
});

test("it ends with the sidecar", async () => {
  const sidecar = await starting({ periods: [openEnded], config: { remindAfterMs: 61 * minuteMs } });
  await sidecar[Symbol.asyncDispose]();
  await walk(sidecar, 2);
  expect(reminded(sidecar)).toEqual([]);
});

test("its timer does not keep a process alive", async () => {
  const file = JSON.stringify(join(import.meta.dir, "../../src/http/reminders.ts"));
  const sidecar = "{ serving: { snapshot: null }, settings: { remindAfterMs: 1 }, now: Date.now }";
  const program = `import { startReminders } from ${file}; startReminders(${sidecar}); console.log("started");`;
  const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe", timeout: 5_000 });
  expect({ code: await child.exited, out: await child.stdout.text() }).toEqual({ code: 0, out: "started\n" });
});
