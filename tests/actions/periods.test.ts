import { describe, expect, test } from "bun:test";
import { addPeriod, disablePeriod, enablePeriod, type PeriodRequest, removePeriod } from "../../src/actions/periods.ts";
import { removeSite } from "../../src/actions/sites.ts";
import { plainPeriod } from "../../src/gate/period.ts";
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

const night: PeriodRequest = {
  sites: null,
  name: "night",
  start: now + hour,
  end: now + 2 * hour,
  mode: "readonly",
  message: "Back soon",
};

describe("adding a period", () => {
  test("plans it for each site, with who and why", async () => {
    await using one = await testDatabase();
    const [, site] = await withSites(one.database, ["a.example"]);
    if (site === undefined) throw new Error("site 2 is missing");
    const done = await addPeriod(one.database, context({ reason: "backup" }), { ...night, sites: [site, site] });
    const period = {
      id: 1,
      siteId: 2,
      name: "night",
      start: now + hour,
      end: now + 2 * hour,
      enabled: true,
      mode: "readonly",
      reason: "backup",
      message: "Back soon",
      owner: "ada@desk",
      ...plainPeriod,
    } as const;
    expect(done).toEqual({ result: [period], revision: 3, changed: true });
    expect(await readPeriods(one.database.orm)).toEqual([period]);
    expect(
      (await auditOf(one.database, done)).map(({ action, siteId, before, after }) => ({
        action,
        siteId,
        before,
        after,
      })),
    ).toEqual([{ action: "period.add", siteId: 2, before: null, after: period }]);
  });

  test.each([
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
    [
      "an end before the start",
      { end: now },
      "a period must end after it starts: start 2026-11-20T10:00:00Z, end 2026-11-20T09:00:00Z",
    ],
    [
      "an end at the start",
      { end: now + hour },
      "a period must end after it starts: start 2026-11-20T10:00:00Z, end 2026-11-20T10:00:00Z",
    ],
    [
      "one that is over",
      { start: now - hour, end: now },
      "the period would be over already: its end 2026-11-20T09:00:00Z is past",
    ],
  ])("refuses %s", async (_sentence, change, words) => {
    await using one = await testDatabase();
    expect(await refusalOf(addPeriod(one.database, context(), { ...night, ...change }))).toBe(`refused: ${words}`);
    expect(await revisionOf(one.database)).toBe(1);
  });

  test.each([
    ["inside", 1.25, 1.75, true],
    ["around", 0.5, 3, true],
    ["over its start", 0.5, 1.5, true],
    ["over its end", 1.5, 3, true],
    ["with no end", 0.5, null, true],
    ["that ends when it starts", 0.5, 1, false],
    ["that starts when it ends", 2, 3, false],
  ])("refuses a second one of the same name: %s", async (_sentence, start, end, isRefused) => {
    await using one = await testDatabase();
    await addPeriod(one.database, context(), night);
    const second = addPeriod(one.database, context(), {
      ...night,
      start: now + start * hour,
      end: end === null ? null : now + end * hour,
    });
    if (isRefused)
      expect(await refusalOf(second)).toBe(
        'refused: period 1 has the name "night" on the same site at that time (from 2026-11-20T10:00:00Z to 2026-11-20T11:00:00Z); give this one another --name',
      );
    else expect((await second).changed).toBe(true);
  });

  test("refuses one beside one that has no end", async () => {
    await using one = await testDatabase();
    await addPeriod(one.database, context(), { ...night, end: null });
    expect(
      await refusalOf(addPeriod(one.database, context(), { ...night, start: now + 9 * hour, end: now + 10 * hour })),
    ).toBe(
      'refused: period 1 has the name "night" on the same site at that time (from 2026-11-20T10:00:00Z without an end); give this one another --name',
    );
  });

  test("allows the same time under another name, on another site, and beside one that is disabled", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    await addPeriod(one.database, context(), night);
    expect((await addPeriod(one.database, context(), { ...night, name: "day" })).result.length).toBe(1);
    expect((await addPeriod(one.database, context(), { ...night, sites })).result.length).toBe(2);
    await disablePeriod(one.database, context(), 1);
    expect((await addPeriod(one.database, context(), night)).result.length).toBe(1);
  });

  test("adds all or none", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    await addPeriod(one.database, context(), { ...night, sites: sites.slice(1) });
    expect(await refusalOf(addPeriod(one.database, context(), { ...night, sites }))).toStartWith(
      "refused: period 1 has",
    );
    await removeSite(one.database, context(), { site: "2", consent: "ask" });
    expect(await refusalOf(addPeriod(one.database, context(), { ...night, sites }))).toBe(
      "refused: site 2 (a.example) was removed a moment ago",
    );
    expect(await columnOf(one.database, "SELECT id FROM period")).toEqual([]);
  });
});

describe("a period that is there", () => {
  test("is disabled, enabled and removed, each once and audited", async () => {
    await using one = await testDatabase();
    const { database } = one;
    const [on] = (await addPeriod(database, context(), night)).result;
    if (on === undefined) throw new Error("the period is missing");
    const off = { ...on, enabled: false };
    const steps = [
      { act: disablePeriod, changed: true, action: "period.disable", before: on, after: off, result: off },
      { act: disablePeriod, changed: false, result: off },
      { act: enablePeriod, changed: true, action: "period.enable", before: off, after: on, result: on },
      { act: enablePeriod, changed: false, result: on },
      { act: removePeriod, changed: true, action: "period.remove", before: on, after: null, result: on },
    ];
    for (const { act, changed, result, action, before, after } of steps) {
      const done = await act(database, context(), 1);
      expect([done.changed, done.result]).toEqual([changed, result]);
      if (!changed) continue;
      const [row, ...others] = await auditOf(database, done);
      expect({ action: row?.action, before: row?.before, after: row?.after }).toEqual({ action, before, after });
      expect(others).toEqual([]);
    }
    expect(await revisionOf(database)).toBe(5);
    expect(await readPeriods(database.orm)).toEqual([]);
  });

  test("is not enabled over another of its name", async () => {
    await using one = await testDatabase();
    await addPeriod(one.database, context(), night);
    await disablePeriod(one.database, context(), 1);
    await addPeriod(one.database, context(), night);
    expect(await refusalOf(enablePeriod(one.database, context(), 1))).toStartWith(
      'refused: period 2 has the name "night"',
    );
  });

  test.each([
    ["enabled", enablePeriod],
    ["disabled", disablePeriod],
    ["removed", removePeriod],
  ])("but is not there cannot be %s", async (_sentence, act) => {
    await using one = await testDatabase();
    expect(await refusalOf(act(one.database, context(), 7))).toBe(
      'refused: no period 7; "lull period list" shows those that there are',
    );
  });
});
