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
