import { describe, expect, test } from "bun:test";
import { beginHold, endHolds, type HoldRequest } from "../../src/actions/hold.ts";
import { addPeriod, disablePeriod } from "../../src/actions/periods.ts";
import { removeSite } from "../../src/actions/sites.ts";
import { isRunning, plainPeriod } from "../../src/gate/period.ts";
import { readPeriods } from "../../src/store/periods.ts";
import {
  auditOf,
  columnOf,
  context,
  hour,
  now,
  refusalOf,
  revisionOf,
  testDatabase,
  withSites,
} from "../store/store-fixture.ts";

const everywhere: HoldRequest = { sites: null, name: "downtime", end: null, mode: "full", whenShorter: "keep" };
const later = (minutes: number) => context({ now: now + minutes * 60_000, actor: "bob@shell", reason: "again" });

describe("beginning", () => {
  test("closes all sites by one period, with who, why and since when", async () => {
    await using one = await testDatabase();
    const done = await beginHold(one.database, context({ reason: "move" }), { ...everywhere, end: now + hour });
    const period = {
      id: 1,
      siteId: null,
      name: "downtime",
      start: now,
      end: now + hour,
      enabled: true,
      mode: "full",
      reason: "move",
      message: "",
      owner: "ada@desk",
      ...plainPeriod,
    } as const;
    expect(done).toEqual({ result: [{ kind: "started", site: null, period }], revision: 2, changed: true });
    expect(await auditOf(one.database, done)).toEqual([
      {
        revision: 2,
        at: now,
        actor: "ada@desk",
        action: "period.start",
        siteId: null,
        before: null,
        after: period,
        reason: "move",
      },
    ]);
    expect(await readPeriods(one.database.orm)).toEqual([period]);
  });

  test("closes sites one by one in one change, each once", async () => {
    await using one = await testDatabase();
    const [first, second] = await withSites(one.database, ["a.example"]);
    if (first === undefined || second === undefined) throw new Error("a site is missing");
    const done = await beginHold(one.database, context(), { ...everywhere, sites: [second, first, second] });
    expect(done.result.map(({ kind, site, period }) => [kind, site?.id, period.siteId])).toEqual([
      ["started", 2, 2],
      ["started", 1, 1],
      ["already", 2, 2],
    ]);
    expect((await auditOf(one.database, done)).map(({ action, siteId }) => [action, siteId])).toEqual([
      ["period.start", 2],
      ["period.start", 1],
    ]);
    expect(done.revision).toBe(3);
  });

  test.each([
    ["keeps one that has no end", null, hour, "keep", "already", null],
    ["keeps one that ends later", 2 * hour, hour, "keep", "already", 2 * hour],
    ["keeps one that ends then", hour, hour, "keep", "already", hour],
    ["extends one that ends earlier", hour, 2 * hour, "keep", "extended", 2 * hour],
    ["extends one to no end", hour, null, "keep", "extended", null],
    ["keeps one that has no end, like this", null, null, "shorten", "already", null],
    ["shortens one that ends later, when told to", 2 * hour, hour, "shorten", "shortened", hour],
    ["shortens one that has no end, when told to", null, hour, "shorten", "shortened", hour],
    ["extends one although it may shorten", hour, 2 * hour, "shorten", "extended", 2 * hour],
  ] as const)("again %s", async (_sentence, firstEnd, secondEnd, whenShorter, kind, end) => {
    await using one = await testDatabase();
    const at = (offset: number | null) => (offset === null ? null : now + offset);
    const first = await beginHold(one.database, context({ reason: "first" }), { ...everywhere, end: at(firstEnd) });
    const again = await beginHold(one.database, later(1), { ...everywhere, end: at(secondEnd), whenShorter });
    const before = first.result[0]?.period;
    const after = { ...before, end: at(end), reason: kind === "already" ? "first" : "again" };
    expect(again.result).toMatchObject([{ kind, site: null, period: after }]);
    expect(await readPeriods(one.database.orm)).toMatchObject([after]);
    expect([again.changed, again.revision]).toEqual(kind === "already" ? [false, 2] : [true, 3]);
    expect(await auditOf(one.database, again)).toMatchObject(
      kind === "already"
        ? [{ action: "period.start" }]
        : [
            {
              action: kind === "extended" ? "period.extend" : "period.shorten",
              before,
              after,
              actor: "bob@shell",
              reason: "again",
            },
          ],
    );
  });

  test.each([
    ["extended", 2 * hour],
    ["shortened", hour / 2],
  ] as const)("one that is %s without a reason keeps its own", async (kind, length) => {
    await using one = await testDatabase();
    await beginHold(one.database, context({ reason: "first" }), { ...everywhere, end: now + hour });
    const request = { ...everywhere, end: now + length, whenShorter: "shorten" } as const;
    const again = await beginHold(one.database, context({ now: now + 1, reason: "" }), request);
    expect(again.result).toMatchObject([{ kind, period: { reason: "first", end: now + length } }]);
    expect(await readPeriods(one.database.orm)).toMatchObject([{ reason: "first" }]);
  });

  test("closes wholly what could only be read, and never the other way round", async () => {
    await using one = await testDatabase();
    await beginHold(one.database, context(), { ...everywhere, end: now + hour, mode: "readonly" });
    const stricter = await beginHold(one.database, later(1), { ...everywhere, end: now + 120_000 });
    expect(stricter.result).toMatchObject([{ kind: "extended", period: { mode: "full", end: now + hour } }]);
    const laxer = await beginHold(one.database, later(2), { ...everywhere, end: now + hour, mode: "readonly" });
    expect(laxer).toMatchObject({ changed: false, result: [{ kind: "already", period: { mode: "full" } }] });
  });

  test("starts anew beside another name, another site, a disabled period, one that is over and one that is to come", async () => {
    await using one = await testDatabase();
    const [site] = await withSites(one.database, ["a.example"]);
    if (site === undefined) throw new Error("site 1 is missing");
    const { database } = one;
    const disabled = await beginHold(database, context(), everywhere);
    await disablePeriod(database, context(), disabled.result[0]?.period.id ?? 0);
    await beginHold(database, context(), { ...everywhere, name: "other" });
    await beginHold(database, context(), { ...everywhere, sites: [site] });
    await beginHold(database, context({ now: now - hour }), { ...everywhere, end: now });
    const future = {
      sites: null,
      name: "downtime",
      start: now + hour,
      end: now + 2 * hour,
      mode: "full",
      message: "",
    } as const;
    await addPeriod(database, context(), future);
    expect((await beginHold(database, context(), everywhere)).result).toMatchObject([{ kind: "started" }]);
    expect((await beginHold(database, context(), everywhere)).result).toMatchObject([{ kind: "already" }]);
  });

  test.each([
    ["an end that is past", { end: now - 1 }, "it would be over already: its end 2026-11-20T08:59:59Z is past"],
    ["an end that is now", { end: now }, "it would be over already: its end 2026-11-20T09:00:00Z is past"],
    ["an empty name", { name: "" }, "a period needs a name, and this one is empty; leave --name out or write one"],
    [
      "a name with a control character",
      { name: "a\nb" },
      'the name of a period has no control characters, and "a\\nb" has; write another',
    ],
    [
      "a name of more than 100 characters",
      { name: "é".repeat(101) },
      `the name of a period has 100 characters at most, and "${"é".repeat(100)}"... has 101; write a shorter one`,
    ],
  ])("refuses %s", async (_sentence, change, words) => {
    await using one = await testDatabase();
    expect(await refusalOf(beginHold(one.database, context(), { ...everywhere, ...change }))).toBe(`refused: ${words}`);
    expect(await revisionOf(one.database)).toBe(1);
  });

  test("refuses a site that was removed meanwhile, and closes none of the others", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    await removeSite(one.database, context(), { site: "2", consent: "ask" });
    expect(await refusalOf(beginHold(one.database, context(), { ...everywhere, sites }))).toBe(
      "refused: site 2 (a.example) was removed a moment ago",
    );
    expect(await columnOf(one.database, "SELECT id FROM period")).toEqual([]);
  });

  test("of a thousand sites takes moments", async () => {
    await using one = await testDatabase();
    const sites = await withSites(
      one.database,
      Array.from({ length: 1_000 }, (_, index) => `s${index}.example`),
    );
    const startMs = performance.now();
    const done = await beginHold(one.database, context(), { ...everywhere, sites });
    const ended = await endHolds(one.database, later(1), { siteIds: sites.map((site) => site.id), name: "downtime" });
    expect([done.result.length, ended.result.length]).toEqual([1_001, 1_001]);
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });
});

describe("ending", () => {
  /** Six running periods: `downtime` and `maintenance` on all sites, on site 1 and on site 2; and three that do not run. */
  async function sixRunning() {
    const one = await testDatabase();
    const [first, second] = await withSites(one.database, ["a.example"]);
    if (first === undefined || second === undefined) throw new Error("a site is missing");
    for (const name of ["downtime", "maintenance"]) {
      await beginHold(one.database, context({ now: now - hour }), { ...everywhere, name });
      await beginHold(one.database, context({ now: now - hour }), {
        ...everywhere,
        name,
        sites: [first, second],
        end: now + hour,
      });
    }
    const rest = { sites: null, mode: "full", message: "", name: "downtime" } as const;
    await addPeriod(one.database, context({ now: now - 3 * hour }), {
      ...rest,
      start: now - 3 * hour,
      end: now - 2 * hour,
    });
    await addPeriod(one.database, context(), { ...rest, name: "to come", start: now + hour, end: now + 2 * hour });
    const disabled = await addPeriod(one.database, context(), {
      ...rest,
      name: "disabled",
      start: now - hour,
      end: null,
    });
    await disablePeriod(one.database, context(), disabled.result[0]?.id ?? 0);
    return one;
  }

  test.each([
    ["one name everywhere", null, "downtime", ["downtime null", "downtime 1", "downtime 2"]],
    ["one name on one site", [2], "downtime", ["downtime 2"]],
    ["one name on two sites, named twice", [2, 1, 2], "maintenance", ["maintenance 1", "maintenance 2"]],
    ["all names on one site", [1], null, ["downtime 1", "maintenance 1"]],
    [
      "all names everywhere",
      null,
      null,
      ["downtime null", "downtime 1", "downtime 2", "maintenance null", "maintenance 1", "maintenance 2"],
    ],
    ["nothing under a name that does not run", null, "to come", []],
    ["nothing on a site that is nobody's", [9], null, []],
  ] as const)("%s", async (_sentence, siteIds, name, expected) => {
    await using one = await sixRunning();
    const revision = await revisionOf(one.database);
    const done = await endHolds(one.database, context({ reason: "done" }), { siteIds, name });
    expect(done.result.map((period) => `${period.name} ${period.siteId}`).sort()).toEqual([...expected].sort());
    expect(done.revision).toBe(expected.length > 0 ? revision + 1 : revision);
    const rows = await readPeriods(one.database.orm);
    for (const ended of done.result) {
      const after = rows.find((row) => row.id === ended.id);
      expect(after).toEqual({ ...ended, end: now });
    }
    expect(rows.filter((row) => isRunning(row, now)).length).toBe(6 - expected.length);
    if (expected.length === 0) return;
    const audited = await auditOf(one.database, done);
    expect(
      audited.map(({ action, siteId, before, after, reason }) => ({ action, siteId, before, after, reason })),
    ).toEqual(
      done.result.map((before) => ({
        action: "period.end",
        siteId: before.siteId,
        before,
        after: { ...before, end: now },
        reason: "done",
      })),
    );
  });

  test("twice does nothing the second time", async () => {
    await using one = await sixRunning();
    await endHolds(one.database, context(), { siteIds: null, name: null });
    expect(await endHolds(one.database, context(), { siteIds: null, name: null })).toMatchObject({
      changed: false,
      result: [],
    });
  });

  test("in the millisecond of the beginning leaves a period of a millisecond", async () => {
    await using one = await testDatabase();
    await beginHold(one.database, context(), everywhere);
    await endHolds(one.database, context(), { siteIds: null, name: null });
    expect(await readPeriods(one.database.orm)).toMatchObject([{ start: now, end: now + 1 }]);
  });
});
