import { describe, expect, test } from "bun:test";
import type { Period } from "../../src/gate/period.ts";
import {
  type Agenda,
  dueReminders,
  type Reminder,
  type ReminderWindow,
  unheardLeases,
} from "../../src/gate/reminders.ts";
import { hear, type Snapshot } from "../../src/gate/snapshot.ts";
import { now, period, record, site, snapshotOf } from "./builders.ts";

const minute = 60_000;
const remindAfterMs = 30 * minute;

/** A period that begins now, with its times in minutes from now. */
function begun(times: { end?: number; expectedEnd?: number; leaseEnd?: number; start?: number } = {}): Partial<Period> {
  const at = (minutes: number | undefined) => (minutes === undefined ? null : now + minutes * minute);
  return {
    start: now + (times.start ?? 0) * minute,
    end: at(times.end),
    expectedEnd: at(times.expectedEnd),
    // Renewed every 10 minutes; heard of at `now`, it must not run out when it ends after minute 4.
    leaseMs: times.leaseEnd === undefined ? null : 12 * minute,
    leaseEnd: at(times.leaseEnd),
  };
}

function snapshotWith(change: Partial<Period>, heardAtMinute = 0): Snapshot {
  return snapshotOf({ sites: [record({ periods: [period(change)] })], heardAt: now + heardAtMinute * minute });
}

/** Kind and minute of each. */
function told(reminders: readonly Reminder[]): readonly string[] {
  return reminders.map(({ kind, at }) => `${kind} ${(at - now) / minute}`);
}

function between(snapshot: Snapshot, from: number, to: number, change: Partial<ReminderWindow> = {}) {
  const window = { from: now + from * minute, to: now + to * minute, remindAfterMs, ...change };
  return told(dueReminders(snapshot, window).reminders);
}

describe("dueReminders", () => {
  test.each<[string, Partial<Period>, readonly string[]]>([
    ["at 80 % of the planned length", begun({ end: 50 }), ["nearly-over 40"]],
    [
      "also when it only expects to be over: and then at the overrun",
      begun({ expectedEnd: 50 }),
      ["nearly-over 40", "overrun 50", "open-ended 60", "open-ended 90"],
    ],
    ["not at the overrun when it ends then", begun({ end: 50, expectedEnd: 50 }), ["nearly-over 40"]],
    ["without an end, every so often since its start", begun(), ["open-ended 30", "open-ended 60", "open-ended 90"]],
    [
      "also when it began before",
      begun({ start: -20 }),
      ["open-ended 10", "open-ended 40", "open-ended 70", "open-ended 100"],
    ],
    ["and when it begins later", begun({ start: 50 }), ["open-ended 80"]],
    [
      "not twice at the overrun",
      begun({ expectedEnd: 30 }),
      ["nearly-over 24", "overrun 30", "open-ended 60", "open-ended 90"],
    ],
    ["nothing of one with an end, however long", begun({ start: -900, end: 5000 }), []],
    ["nothing of a disabled one", { ...begun(), enabled: false }, []],
    ["nothing of one that is over", begun({ start: -90, end: -1 }), []],
    ["nothing of one that comes later", begun({ start: 500 }), []],
    ["that a lease ran out", begun({ leaseEnd: 3 }), ["lease-over 3"]],
    ["and nothing after that", begun({ start: -55, leaseEnd: 3 }), ["lease-over 3"]],
    ["not when the end came before", begun({ end: 2, leaseEnd: 3 }), ["nearly-over 1.6"]],
    ["not when both come at once", begun({ start: -2, end: 3, leaseEnd: 3 }), ["nearly-over 2"]],
    ["that a lease came before the end", begun({ end: 50, leaseEnd: 3 }), ["lease-over 3"]],
    ["not that a lease of a disabled one ran out", { ...begun({ leaseEnd: 3 }), enabled: false }, []],
  ])("tells %s", (_sentence, change, expected) => {
    expect(between(snapshotWith(change), 0, 100)).toEqual([...expected]);
  });

  test.each<[string, Partial<Period>, readonly string[]]>([
    [
      "every minute, and of nothing else that is not due",
      begun({ leaseEnd: 97 }),
      [
        "open-ended 30",
        "open-ended 60",
        "open-ended 90",
        "lease-unheard 97",
        "lease-unheard 98",
        "lease-unheard 99",
        "lease-unheard 100",
      ],
    ],
    [
      "to its end",
      begun({ end: 10, leaseEnd: 7.5 }),
      ["lease-unheard 7.5", "nearly-over 8", "lease-unheard 8.5", "lease-unheard 9.5"],
    ],
    ["not of a disabled one", { ...begun({ leaseEnd: 97 }), enabled: false }, []],
  ])("of a lease that nobody has heard of, %s", (_sentence, change, expected) => {
    expect(between(snapshotWith(change), 0, 100)).toEqual([...expected]);
  });

  test("a lease that was held unheard is over when the database is heard of, and that is told once", () => {
    const before = snapshotWith(begun({ leaseEnd: 20 }));
    expect(between(before, 19, 21.5)).toEqual(["lease-unheard 20", "lease-unheard 21"]);
    const after = hear(before, { at: now + 21.5 * minute, leaseEnds: new Map() });
    const heardBefore = before.heardAt;
    expect(between(after, 21.5, 22, { heardBefore })).toEqual(["lease-over 21.5"]);
    expect(between(after, 22, 23, { heardBefore: after.heardAt })).toEqual([]);
  });

  test("nor is it told when somebody has renewed or ended it meanwhile, or when too little was heard", () => {
    const before = snapshotWith(begun({ leaseEnd: 20 }));
    const heard = { at: now + 22 * minute, leaseEnds: new Map([[1, now + 30 * minute]]) };
    expect(between(hear(before, heard), 21.5, 22, { heardBefore: before.heardAt })).toEqual([]);
    const heardLittle = snapshotWith(begun({ leaseEnd: 20 }), 1);
    expect(between(heardLittle, 21.5, 22, { heardBefore: before.heardAt })).toEqual(["lease-unheard 22"]);
    const ended = snapshotWith(begun({ end: 19, leaseEnd: 20 }), 22);
    expect(between(ended, 21.5, 22, { heardBefore: before.heardAt })).toEqual([]);
  });

  test("looks at all sites, and at what is on all of them", () => {
    const sites = [1, 2, 3].map((id) =>
      record({
        site: site(id, `${id}.example`),
        periods: [period({ id, siteId: id, ...begun({ start: -id }) })],
      }),
    );
    const everywhere = { periods: [period({ id: 9, siteId: null, ...begun({ start: -2.5 }) })] };
    const window = { from: now, to: now + 29 * minute, remindAfterMs };
    const { reminders, nextAt } = dueReminders(snapshotOf({ sites, everywhere }), window);
    expect(reminders.map((reminder) => reminder.period.siteId)).toEqual([3, null, 2, 1]);
    expect(nextAt).toBe(now + 57 * minute);
  });

  test("passes over what recurrences yield", () => {
    const { id, siteId, name, enabled, mode, reason, message, owner } = period();
    const recurrence = {
      ...{ id, siteId, name, enabled, mode, reason, message, owner, rules: "", timezone: "UTC", at: "00:00:00" },
      ...{ durationMs: 50 * minute, to: null, from: "2026-01-01", until: null, except: [] },
    };
    const recurring = [{ recurrence, starts: Float64Array.of(now), ends: Float64Array.of(now + 50 * minute) }];
    expect(between(snapshotOf({ sites: [record({ recurring })] }), 0, 100)).toEqual([]);
  });
});

test("with an agenda, rows of which nothing is due are not looked at again", () => {
  let looks = 0;
  const counting = (siteId: number): Period => ({
    ...period({ id: siteId, siteId, ...begun() }),
    get start() {
      looks++;
      return now + siteId * minute;
    },
  });
  const sites = [1, 2, 3].map((id) => record({ site: site(id, `${id}.example`), periods: [counting(id)] }));
  const snapshot = snapshotOf({ sites });
  const agenda: Agenda = new WeakMap();
  const look = (from: number, to: number) => {
    looks = 0;
    return { told: between(snapshot, from, to, { agenda }), looks };
  };
  expect(look(0, 1).looks).toBeGreaterThan(0);
  expect(look(1, 30)).toEqual({ told: [], looks: 0 });
  expect(look(30, 31).told).toEqual(["open-ended 31"]);
  expect(look(31, 33).told).toEqual(["open-ended 32", "open-ended 33"]);
  expect(look(33, 60)).toEqual({ told: [], looks: 0 });
});

test.each<[string, Partial<Period>, number]>([
  ["an unheard lease past its end counts", begun({ leaseEnd: 20 }), 1],
  ["one that was heard of is over", begun({ leaseEnd: 3 }), 0],
  ["one that ends later runs", begun({ leaseEnd: 21 }), 0],
  ["one whose period has ended is over", begun({ end: 20, leaseEnd: 19 }), 0],
  ["a disabled one holds nothing", { ...begun({ leaseEnd: 20 }), enabled: false }, 0],
  ["one without a lease needs no word", begun(), 0],
])("unheardLeases: %s", (_sentence, change, count) => {
  expect(unheardLeases(snapshotWith(change), now + 20 * minute)).toHaveLength(count);
});
