import { describe, expect, test } from "bun:test";
import {
  addRecurrence,
  disableRecurrence,
  enableRecurrence,
  type RecurrenceRequest,
  removeRecurrence,
} from "../../src/actions/recurrences.ts";
import { selectRecurrences, writeOccurrenceChange } from "../../src/store/recurrences.ts";
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

const sundays: RecurrenceRequest = {
  sites: null,
  name: "night",
  rules: "FREQ=WEEKLY;BYDAY=SU",
  timezone: "Europe/Paris",
  at: "02:00:00",
  durationMs: hour,
  to: null,
  from: "2026-11-20",
  until: null,
  except: ["2026-12-06"],
  mode: "readonly",
  message: "Back soon",
  longestMs: 48 * hour,
};

const added = {
  id: 1,
  siteId: null,
  name: "night",
  rules: "FREQ=WEEKLY;BYDAY=SU",
  timezone: "Europe/Paris",
  at: "02:00:00",
  durationMs: hour,
  to: null,
  from: "2026-11-20",
  until: null,
  except: ["2026-12-06"],
  enabled: true,
  mode: "readonly",
  reason: "backup",
  message: "Back soon",
  owner: "ada@desk",
} as const;

describe("adding a recurrence", () => {
  test("keeps the rule with who and why, for all sites", async () => {
    await using one = await testDatabase();
    const done = await addRecurrence(one.database, context({ reason: "backup" }), sundays);
    expect(done).toEqual({ result: [added], revision: 2, changed: true });
    expect(await selectRecurrences(one.database.orm)).toEqual([added]);
    expect(await auditOf(one.database, done)).toMatchObject([
      { action: "recurrence.add", siteId: null, before: null, after: added },
    ]);
  });

  test("adds one to each site, also to one that is named twice", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    const done = await addRecurrence(one.database, context(), { ...sundays, sites: [...sites, ...sites], owner: "bo" });
    expect(done.result.map(({ id, siteId, owner }) => ({ id, siteId, owner }))).toEqual([
      { id: 1, siteId: 1, owner: "bo" },
      { id: 2, siteId: 2, owner: "bo" },
    ]);
    expect((await auditOf(one.database, done)).map(({ siteId }) => siteId)).toEqual([1, 2]);
  });

  test("keeps rules in one form, however they were written", async () => {
    await using one = await testDatabase();
    const rules = "rrule:byday=SU,MO;freq=weekly;interval=1\nFREQ=MONTHLY;BYMONTHDAY=1";
    const { result } = await addRecurrence(one.database, context(), { ...sundays, rules });
    expect(result[0]?.rules).toBe("FREQ=WEEKLY;BYDAY=MO,SU\nFREQ=MONTHLY;BYMONTHDAY=1");
  });

  const day = { durationMs: null, to: "02:00:00" };
  test.each<[string, Partial<RecurrenceRequest>, string]>([
    ["an empty name", { name: "" }, "refused: a period needs a name"],
    ["a name with a control character", { name: "a\nb" }, "refused: the name of a period has no control characters"],
    ["a rule that cannot be read", { rules: "FREQ=SOMETIMES" }, 'usage: the rule "FREQ=SOMETIMES" cannot be read'],
    ["no rule", { rules: "" }, 'usage: "" is no rule'],
    ["a rule that yields nothing", { rules: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" }, "refused: the rule "],
    ["one that is over", { from: "2026-10-01", until: "2026-11-19" }, "refused: the rule "],
    ["a zone that is none", { timezone: "Mars/Olympus" }, 'refused: "Mars/Olympus" is not a time zone'],
    ["a last day before the first", { until: "2026-11-19" }, "usage: the last day 2026-11-19 is before the first"],
    ["neither a length nor an end", { durationMs: null }, "usage: say how long it lasts"],
    ["both", { to: "03:00:00" }, "usage: say how long it lasts or when it ends, not both"],
    ["a length that is too long", { durationMs: 48 * hour + 1_000 }, "refused: it would last 2d 1s, and 2d is"],
    ["an end that is too late", { ...day, longestMs: 4 * hour }, "refused: it would last 1d, and 4h is the longest"],
    [
      "an end that is too late for one of its starts",
      { ...day, at: "00:00:00", rules: "FREQ=DAILY;BYHOUR=1,14", longestMs: 4 * hour },
      "refused: it would last 12h, and 4h is the longest",
    ],
  ])("refuses %s", async (_sentence, change, words) => {
    await using one = await testDatabase();
    expect(await refusalOf(addRecurrence(one.database, context(), { ...sundays, ...change }))).toStartWith(words);
    expect(await revisionOf(one.database)).toBe(1);
  });

  const daily = { rules: "FREQ=DAILY", at: "22:00:00", timezone: "UTC", except: [] };
  const gone = "they would never let the site open, and 2d is the longest (setting longest_period);";
  test.each<[string, Partial<RecurrenceRequest>, string]>([
    ["adjoin, by length", { ...daily, durationMs: 24 * hour }, `from 2026-11-20T22:00:00Z on ${gone}`],
    ["overlap", { ...daily, durationMs: 26 * hour }, `from 2026-11-20T22:00:00Z on ${gone}`],
    ["adjoin, by the clock", { ...daily, ...day, to: "22:00:00" }, `from 2026-11-20T22:00:00Z on ${gone}`],
    [
      "begin in ten years",
      { ...daily, durationMs: 24 * hour, from: "2036-11-20" },
      `from 2036-11-20T22:00:00Z on ${gone}`,
    ],
    [
      "adjoin for three days of the week",
      { ...daily, rules: "FREQ=WEEKLY;BYDAY=MO,WE,TH,FR", durationMs: 24 * hour },
      "from 2026-11-25T22:00:00Z on they would close the site for 3d on end, and 2d is the longest",
    ],
  ])("refuses occurrences that %s for too long, unless that is meant", async (_sentence, change, words) => {
    await using one = await testDatabase();
    const request = { ...sundays, ...change };
    const refusal = await refusalOf(addRecurrence(one.database, context(), request));
    expect(refusal).toStartWith(`refused: its occurrences leave no gap: ${words}`);
    expect((await addRecurrence(one.database, context(), { ...request, longestMs: null })).changed).toBe(true);
  });

  test.each<[string, Partial<RecurrenceRequest>]>([
    ["leave a second", { ...daily, durationMs: 24 * hour - 1_000 }],
    ["adjoin for as long as is allowed", { ...daily, rules: "FREQ=WEEKLY;BYDAY=TU,WE", durationMs: 24 * hour }],
    ["are longer by themselves when the clocks change", { ...day, at: "02:00:00", longestMs: 24 * hour }],
    ["are two that adjoin", { ...daily, rules: "FREQ=DAILY;COUNT=2", durationMs: 24 * hour }],
  ])("takes occurrences that %s", async (_sentence, change) => {
    await using one = await testDatabase();
    expect((await addRecurrence(one.database, context(), { ...sundays, ...change })).changed).toBe(true);
  });

  test.each<[string, Partial<RecurrenceRequest>, string]>([
    ["today, when nothing starts today", {}, "2026-11-20"],
    ["today, while today's runs", { ...daily, at: "08:30:00" }, "2026-11-20"],
    ["tomorrow, when today's is over", { ...daily, at: "08:00:00" }, "2026-11-21"],
    [
      "today, when one of today's is ahead",
      { ...daily, rules: "FREQ=DAILY;BYHOUR=2,14", at: "00:00:00" },
      "2026-11-20",
    ],
    ["tomorrow in the zone of the rule", { ...daily, timezone: "Pacific/Kiritimati", at: "02:00:00" }, "2026-11-21"],
    ["today in the zone of the rule", { ...daily, timezone: "Pacific/Pago_Pago", at: "23:00:00" }, "2026-11-19"],
  ])("without a first day it counts from %s", async (_sentence, change, from) => {
    await using one = await testDatabase();
    const { result } = await addRecurrence(one.database, context(), { ...sundays, ...change, from: null });
    expect(result[0]?.from).toBe(from);
  });

  test("without a first day it is refused when its last day is today, and today's is over", async () => {
    await using one = await testDatabase();
    const last = { ...sundays, ...daily, at: "07:00:00", from: null, until: "2026-11-20" };
    expect(await refusalOf(addRecurrence(one.database, context(), last))).toContain("yields nothing from now on");
  });

  test("takes a length that is too long when that is meant", async () => {
    await using one = await testDatabase();
    const long = { ...sundays, durationMs: 72 * hour, longestMs: null };
    expect((await addRecurrence(one.database, context(), long)).changed).toBe(true);
  });

  test("refuses a second one of the same site and name that is enabled, and no other", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    await addRecurrence(one.database, context(), sundays);
    expect(await refusalOf(addRecurrence(one.database, context(), sundays))).toBe(
      'refused: recurrence 1 has the name "night" on the same site; give this one another --name, or disable that one ("lull recurrence disable 1")',
    );
    expect((await addRecurrence(one.database, context(), { ...sundays, name: "day" })).changed).toBe(true);
    expect((await addRecurrence(one.database, context(), { ...sundays, sites })).changed).toBe(true);
    await disableRecurrence(one.database, context(), 1);
    expect((await addRecurrence(one.database, context(), sundays)).changed).toBe(true);
    expect(await refusalOf(enableRecurrence(one.database, context(), 1))).toStartWith("refused: recurrence 5 has");
  });

  test("adds all or none", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    await addRecurrence(one.database, context(), { ...sundays, sites: sites.slice(1) });
    expect(await refusalOf(addRecurrence(one.database, context(), { ...sundays, sites }))).toStartWith("refused: ");
    expect(await columnOf(one.database, "SELECT id FROM recurrence")).toEqual([1]);
  });
});

describe("a recurrence", () => {
  test("is disabled and enabled once", async () => {
    await using one = await testDatabase();
    const { result } = await addRecurrence(one.database, context({ reason: "backup" }), sundays);
    expect(result).toEqual([added]);
    for (const [act, enabled, action] of [
      [disableRecurrence, false, "recurrence.disable"],
      [enableRecurrence, true, "recurrence.enable"],
    ] as const) {
      const done = await act(one.database, context(), 1);
      expect(done).toMatchObject({ changed: true, result: { ...added, enabled } });
      expect(await auditOf(one.database, done)).toMatchObject([
        { action, siteId: null, before: { ...added, enabled: !enabled }, after: { ...added, enabled } },
      ]);
      expect(await act(one.database, context(), 1)).toMatchObject({ changed: false, result: { enabled } });
    }
  });

  test("is removed with what was changed in its occurrences; the audit keeps it", async () => {
    await using one = await testDatabase();
    await addRecurrence(one.database, context({ reason: "backup" }), sundays);
    const row = { recurrenceId: 1, wall: "2026-11-22T02:00:00", skipped: true, start: null, end: null };
    await writeOccurrenceChange(one.database.orm, row);
    const done = await removeRecurrence(one.database, context({ now: now + 1 }), 1);
    expect(await auditOf(one.database, done)).toMatchObject([
      { action: "recurrence.remove", siteId: null, before: added, after: null },
    ]);
    expect(await columnOf(one.database, "SELECT wall FROM occurrence")).toEqual([]);
    expect(await selectRecurrences(one.database.orm)).toEqual([]);
  });

  test.each([
    ["enable", enableRecurrence],
    ["disable", disableRecurrence],
    ["remove", removeRecurrence],
  ])("that is not there cannot be acted on: %s", async (_verb, act) => {
    await using one = await testDatabase();
    expect(await refusalOf(act(one.database, context(), 7))).toBe(
      'refused: no recurrence 7; "lull recurrence list" shows those that there are',
    );
  });
});
