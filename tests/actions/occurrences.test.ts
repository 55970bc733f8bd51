import { describe, expect, test } from "bun:test";
import {
  endOccurrence,
  type MoveRequest,
  moveOccurrence,
  restoreOccurrence,
  skipOccurrence,
} from "../../src/actions/occurrences.ts";
import { addRecurrence, disableRecurrence } from "../../src/actions/recurrences.ts";
import type { OccurrenceChange, Recurrence } from "../../src/gate/recurrence.ts";
import type { Database } from "../../src/store/database.ts";
import { selectOccurrenceChanges } from "../../src/store/recurrences.ts";
import { auditOf, context, hour, refusalOf, revisionOf, testDatabase } from "../store/store-fixture.ts";

const wall = "2026-11-22T02:00:00";
/** 02:00 in Paris on that Sunday, for an hour. */
const start = Date.UTC(2026, 10, 22, 1);
const end = start + hour;
const sunday = { recurrenceId: 1, name: "2026-11-22" };

/** Sundays at 02:00 in Paris for an hour, unless another rule is given. */
async function addSundays(database: Database, change: Partial<Recurrence> = {}): Promise<void> {
  await addRecurrence(database, context(), {
    ...{ sites: null, name: "night", rules: "FREQ=WEEKLY;BYDAY=SU", timezone: "Europe/Paris", at: "02:00:00" },
    ...{ durationMs: hour, to: null, from: "2026-11-20", until: null, except: [], mode: "full", message: "" },
    longestMs: null,
    ...change,
  });
}

const rowsOf = (database: Database) => selectOccurrenceChanges(database.orm);
const row = (change: Partial<OccurrenceChange>): OccurrenceChange => ({
  recurrenceId: 1,
  wall,
  skipped: false,
  start: null,
  end: null,
  ...change,
});
const move = (change: Partial<MoveRequest>): MoveRequest => ({
  ...sunday,
  start: null,
  end: null,
  longestMs: 48 * hour,
  ...change,
});

describe("one occurrence", () => {
  test("is skipped once, and restored once", async () => {
    await using one = await testDatabase();
    await addSundays(one.database);
    const skipped = await skipOccurrence(one.database, context({ reason: "fair" }), sunday);
    expect(skipped).toMatchObject({ changed: true, result: { wall, occurrence: null } });
    expect(await rowsOf(one.database)).toEqual([row({ skipped: true })]);
    expect(await auditOf(one.database, skipped)).toMatchObject([
      { action: "occurrence.skip", siteId: null, before: null, after: row({ skipped: true }), reason: "fair" },
    ]);
    expect(await skipOccurrence(one.database, context(), sunday)).toMatchObject({ changed: false });
    const restored = await restoreOccurrence(one.database, context(), sunday);
    expect(restored).toMatchObject({ changed: true, result: { occurrence: { wall, start, end, changed: false } } });
    expect(await rowsOf(one.database)).toEqual([]);
    expect(await auditOf(one.database, restored)).toMatchObject([
      { action: "occurrence.restore", siteId: null, before: row({ skipped: true }), after: null },
    ]);
    expect(await restoreOccurrence(one.database, context(), sunday)).toMatchObject({ changed: false });
  });

  test.each<[string, Partial<MoveRequest>, number, number]>([
    ["to another start, as long as before", { start: start + 5 * hour }, start + 5 * hour, end + 5 * hour],
    ["to another end", { end: { at: end + hour } }, start, end + hour],
    ["to another length", { end: { afterMs: 3 * hour } }, start, start + 3 * hour],
    ["to another start and end", { start: start - hour, end: { at: end } }, start - hour, end],
    ["to another start and length", { start: end, end: { afterMs: 10 } }, end, end + 10],
    ["into another month", { start: start + 1_000 * hour }, start + 1_000 * hour, end + 1_000 * hour],
  ])("is moved %s", async (_sentence, change, movedStart, movedEnd) => {
    await using one = await testDatabase();
    await addSundays(one.database);
    const done = await moveOccurrence(one.database, context(), move(change));
    const after = row({ start: movedStart, end: movedEnd });
    expect(done).toMatchObject({ changed: true, result: { occurrence: { wall, start: movedStart, end: movedEnd } } });
    expect(await rowsOf(one.database)).toEqual([after]);
    expect(await auditOf(one.database, done)).toMatchObject([{ action: "occurrence.move", before: null, after }]);
    expect(await moveOccurrence(one.database, context(), move(change))).toMatchObject({ changed: false });
    expect(await restoreOccurrence(one.database, context(), sunday)).toMatchObject({ changed: true });
  });

  test("is moved from where it was moved before", async () => {
    await using one = await testDatabase();
    await addSundays(one.database);
    await moveOccurrence(one.database, context(), move({ end: { afterMs: 3 * hour } }));
    const done = await moveOccurrence(one.database, context(), move({ start: start + hour }));
    expect(done.result.occurrence).toMatchObject({ start: start + hour, end: start + 4 * hour });
    expect(await auditOf(one.database, done)).toMatchObject([{ before: row({ start, end: start + 3 * hour }) }]);
  });

  test.each([
    ["by itself", null],
    ["by its day", "2026-11-22"],
  ])("that runs is ended now, and no other: %s", async (_sentence, name) => {
    await using one = await testDatabase();
    await addSundays(one.database);
    const now = start + 1_000;
    const done = await endOccurrence(one.database, context({ now }), { recurrenceId: 1, name });
    expect(done).toMatchObject({ changed: true, result: { id: 0, recurrenceId: 1, name: "night", start, end } });
    expect(await rowsOf(one.database)).toEqual([row({ end: now })]);
    expect(await auditOf(one.database, done)).toMatchObject([
      { action: "occurrence.end", before: null, after: row({ end: now }) },
    ]);
    expect(await refusalOf(endOccurrence(one.database, context({ now }), { recurrenceId: 1, name }))).toStartWith(
      "refused: ",
    );
    const restored = await restoreOccurrence(one.database, context({ now: now + 1 }), sunday);
    expect(restored.result.occurrence).toMatchObject({ start, end });
  });

  test("that was moved keeps its start when it is ended", async () => {
    await using one = await testDatabase();
    await addSundays(one.database);
    await moveOccurrence(one.database, context(), move({ start: end }));
    await endOccurrence(one.database, context({ now: end + 1 }), { recurrenceId: 1, name: null });
    expect(await rowsOf(one.database)).toEqual([row({ start: end, end: end + 1 })]);
  });

  test("that has begun in this very millisecond lasts for it", async () => {
    await using one = await testDatabase();
    await addSundays(one.database);
    await endOccurrence(one.database, context({ now: start }), { recurrenceId: 1, name: null });
    expect(await rowsOf(one.database)).toEqual([row({ end: start + 1 })]);
  });

  test("is named by its time when several start on its day, or run at once", async () => {
    await using one = await testDatabase();
    await addSundays(one.database, { rules: "FREQ=DAILY;BYHOUR=2,3", at: "00:00:00", durationMs: 2 * hour });
    const several = "occurrences of recurrence 1";
    const walls = "2026-11-22T02:00, 2026-11-22T03:00; name one of them";
    expect(await refusalOf(skipOccurrence(one.database, context(), sunday))).toBe(
      `refused: 2 ${several} start on 2026-11-22: ${walls}`,
    );
    const now = start + 1.5 * hour;
    expect(await refusalOf(endOccurrence(one.database, context({ now }), { ...sunday, name: null }))).toBe(
      `refused: 2 ${several} run now: ${walls}`,
    );
    const named = { ...sunday, name: "2026-11-22T03:00:00" };
    expect(await endOccurrence(one.database, context({ now }), named)).toMatchObject({ changed: true });
    expect(await rowsOf(one.database)).toEqual([row({ wall: "2026-11-22T03:00:00", end: now })]);
  });

  test.each([
    ["early where days begin first", "Pacific/Kiritimati", "00:30:00"],
    ["late where days end last", "Pacific/Niue", "23:30:00"],
    ["in a gap", "Europe/Paris", "02:30:00"],
  ])("is known by its day in its own zone: %s", async (_sentence, timezone, at) => {
    await using one = await testDatabase();
    await addSundays(one.database, { timezone, rules: "FREQ=DAILY", at });
    const done = await skipOccurrence(one.database, context(), { recurrenceId: 1, name: "2027-03-28" });
    expect(done.result.wall).toBe(`2027-03-28T${at}`);
  });
});

describe("refused is", () => {
  const during = { now: start + 1 };
  const after = { now: end };
  const over = "refused: occurrence 2026-11-22T02:00 of recurrence 1 is over since 2026-11-22T02:00:00Z";
  const skipped =
    'refused: occurrence 2026-11-22T02:00 of recurrence 1 is skipped; "lull recurrence restore 1 2026-11-22T02:00" brings it back';
  const ending = { recurrenceId: 1, name: null };

  test.each<[string, string, (database: Database) => Promise<unknown>]>([
    [
      "a recurrence that is not there",
      "refused: no recurrence 7; ",
      (database) => skipOccurrence(database, context(), { ...sunday, recurrenceId: 7 }),
    ],
    [
      "a day without an occurrence",
      "refused: recurrence 1 has no occurrence on 2026-11-25; the nearest are 2026-11-22T02:00 and 2026-11-29T02:00",
      (database) => skipOccurrence(database, context(), { ...sunday, name: "2026-11-25" }),
    ],
    [
      "a day before the first",
      "refused: recurrence 1 has no occurrence on 2026-11-15; the nearest is 2026-11-22T02:00",
      (database) => skipOccurrence(database, context(), { ...sunday, name: "2026-11-15" }),
    ],
    [
      "a day long before the first",
      "refused: recurrence 1 has no occurrence on 2020-01-01; nor within 400 days of it",
      (database) => skipOccurrence(database, context(), { ...sunday, name: "2020-01-01" }),
    ],
    [
      "a time at which none starts",
      "refused: recurrence 1 has no occurrence at 2026-11-22T03:00; the nearest are 2026-11-22T02:00 and 2026-11-29T02:00",
      (database) => skipOccurrence(database, context(), { ...sunday, name: "2026-11-22T03:00:00" }),
    ],
    ["to skip one that is over", over, (database) => skipOccurrence(database, context(after), sunday)],
    [
      "to skip one that has begun",
      'refused: occurrence 2026-11-22T02:00 of recurrence 1 has begun (at 2026-11-22T01:00:00Z); "lull recurrence end 1" ends it now',
      (database) => skipOccurrence(database, context(during), sunday),
    ],
    ["to move one that is over", over, (database) => moveOccurrence(database, context(after), move({ start: end }))],
    [
      "to move one that is skipped",
      skipped,
      async (database) => {
        await skipOccurrence(database, context(), sunday);
        await moveOccurrence(database, context(), move({ start: end }));
      },
    ],
    [
      "an end before the start",
      "refused: a period must end after it starts: start 2026-11-22T02:00:00Z, end 2026-11-22T01:00:00Z",
      (database) => moveOccurrence(database, context(), move({ start: end, end: { at: start } })),
    ],
    [
      "an end that is past",
      "refused: the period would be over already: its end 2026-11-22T01:00:00Z is past",
      (database) => moveOccurrence(database, context({ now: start + 2 }), move({ end: { at: start + 1 } })),
    ],
    [
      "to make one too long",
      "refused: it would last 2d 1h, and 2d is the longest",
      (database) => moveOccurrence(database, context(), move({ end: { afterMs: 49 * hour } })),
    ],
    [
      "to end one when none runs",
      "refused: nothing of recurrence 1 runs now; the next occurrence begins at 2026-11-22T01:00:00Z",
      (database) => endOccurrence(database, context(), ending),
    ],
    [
      "to end one that has not begun",
      'refused: occurrence 2026-11-22T02:00 of recurrence 1 has not begun (it starts at 2026-11-22T01:00:00Z); "lull recurrence skip 1 2026-11-22T02:00" leaves it out',
      (database) => endOccurrence(database, context(), sunday),
    ],
    ["to end one that is over", over, (database) => endOccurrence(database, context(after), sunday)],
    [
      "to end one that is skipped",
      skipped,
      async (database) => {
        await skipOccurrence(database, context(), sunday);
        await endOccurrence(database, context(during), sunday);
      },
    ],
    [
      "to end one of a disabled recurrence",
      "refused: recurrence 1 is disabled, so nothing of it runs",
      async (database) => {
        await disableRecurrence(database, context(), 1);
        await endOccurrence(database, context(during), ending);
      },
    ],
    [
      "to restore what would be over",
      "refused: occurrence 2026-11-22T02:00 of recurrence 1 would be over since 2026-11-22T02:00:00Z",
      async (database) => {
        await moveOccurrence(database, context(), move({ start: start + 100 * hour }));
        await restoreOccurrence(database, context(after), sunday);
      },
    ],
  ])("%s", async (_sentence, words, act) => {
    await using one = await testDatabase();
    await addSundays(one.database);
    expect(await refusalOf(act(one.database))).toStartWith(words);
    expect((await rowsOf(one.database)).filter((each) => each.end !== null && each.start === null)).toEqual([]);
  });

  test("nothing that was refused has raised the revision", async () => {
    await using one = await testDatabase();
    await addSundays(one.database);
    await refusalOf(endOccurrence(one.database, context(), ending));
    await refusalOf(skipOccurrence(one.database, context(after), sunday));
    expect(await revisionOf(one.database)).toBe(2);
  });
});
