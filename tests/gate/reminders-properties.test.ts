import { expect, test } from "bun:test";
import fc from "fast-check";
import { asHeard, mayRunOut } from "../../src/gate/lease.ts";
import { isRunning, type Period } from "../../src/gate/period.ts";
import {
  type Agenda,
  dueReminders,
  type Reminder,
  type ReminderKind,
  reminderKinds,
} from "../../src/gate/reminders.ts";
import { hear, type Snapshot } from "../../src/gate/snapshot.ts";
import { now, period, record, site, snapshotOf } from "./builders.ts";

const minute = 60_000;
/** Ten seconds; all instants here are multiples of it. */
const step = 10_000;
const steps = (count: number) => now + count * step;
const aStep = fc.integer({ min: -30, max: 60 });
const horizon = 60;

const aPeriod: fc.Arbitrary<Partial<Period>> = fc
  .record({
    start: aStep,
    // Four fifths of it are whole steps.
    planned: fc.option(fc.integer({ min: 1, max: 12 }).map((fives) => fives * 5)),
    isExpected: fc.boolean(),
    lease: fc.option(fc.record({ length: fc.integer({ min: 1, max: 10 }), end: aStep })),
    enabled: fc.boolean(),
  })
  .map(({ start, planned, isExpected, lease, enabled }) => {
    const over = planned === null ? null : steps(start + planned);
    return {
      start: steps(start),
      end: isExpected ? null : over,
      expectedEnd: isExpected ? over : null,
      leaseMs: lease === null ? null : lease.length * 3 * step,
      leaseEnd: lease === null ? null : steps(Math.max(start + 1, lease.end)),
      enabled,
    };
  });

const everyMs = 7 * step;

/** What is due at an instant, said once more in another way. */
function isDue(kind: ReminderKind, one: Period, { at, heardAt }: { readonly at: number; readonly heardAt: number }) {
  const { start, end, expectedEnd, leaseEnd } = one;
  const runs = isRunning(asHeard(one, heardAt), at);
  const planned = end ?? expectedEnd;
  switch (kind) {
    case "nearly-over":
      return runs && planned !== null && (at - start) * 5 === (planned - start) * 4;
    case "overrun":
      return runs && at === expectedEnd;
    case "open-ended":
      return runs && end === null && (expectedEnd ?? start) < at && (at - start) % everyMs === 0;
    case "lease-over":
      return one.enabled && at === leaseEnd && mayRunOut(one, heardAt) && (end === null || at < end);
    case "lease-unheard":
      return runs && leaseEnd !== null && at >= leaseEnd && (at - leaseEnd) % minute === 0;
  }
}

/** Ticks up to the horizon, however far apart. */
const ticks = fc
  .uniqueArray(fc.integer({ min: 0, max: horizon * step - 1 }), { maxLength: 40 })
  .map((list) => [...list.sort((a, b) => a - b), horizon * step].map((offset) => now + offset));

function key({ kind, period: { id }, at }: Pick<Reminder, "kind" | "period" | "at">): string {
  return `${at} ${kind} ${id}`;
}

function snapshotWithAll(changes: readonly Partial<Period>[], heardAt: number): Snapshot {
  const all = changes.map((change, index) => period({ ...change, id: index + 1, siteId: index % 2 === 0 ? 1 : null }));
  return snapshotOf({
    sites: [record({ periods: all.filter(({ siteId }) => siteId === 1) })],
    everywhere: { periods: all.filter(({ siteId }) => siteId === null) },
    heardAt,
  });
}

test("each instant is told exactly once, whatever the ticks, and nothing is due before nextAt", () => {
  fc.assert(
    fc.property(fc.array(aPeriod, { maxLength: 5 }), ticks, aStep, fc.boolean(), (changes, at, heard, isCheap) => {
      const snapshot = snapshotWithAll(changes, steps(heard));
      const { heardAt } = snapshot;
      const rows = [...snapshot.everywhere.periods, ...(snapshot.sites.get(1)?.periods ?? [])];
      const expected = Array.from({ length: horizon }, (_, index) => steps(index + 1)).flatMap((instant) =>
        rows.flatMap((one) =>
          reminderKinds
            .filter((kind) => isDue(kind, one, { at: instant, heardAt }))
            .map((kind) => key({ kind, period: one, at: instant })),
        ),
      );
      const agenda: Agenda | undefined = isCheap ? new WeakMap() : undefined;
      const seen: string[] = [];
      let from = now;
      let nextAt = Number.NEGATIVE_INFINITY;
      for (const to of at) {
        const due = dueReminders(snapshot, { from, to, remindAfterMs: everyMs, heardBefore: heardAt, agenda });
        if (due.reminders[0] !== undefined) expect(due.reminders[0].at).toBeGreaterThanOrEqual(nextAt);
        if (due.reminders[0] === undefined) expect(nextAt <= to && nextAt > from).toBeFalse();
        seen.push(...due.reminders.map(key));
        from = to;
        nextAt = due.nextAt;
      }
      expect(seen.toSorted()).toEqual(expected.toSorted());
    }),
    { numRuns: 500 },
  );
});

test("that a lease is over is told exactly once, whenever the database is heard of", () => {
  const hearing = fc.record({ at: fc.nat({ max: horizon }), isRenewed: fc.boolean() });
  const aLease = fc.record({ length: fc.integer({ min: 1, max: 6 }), end: fc.integer({ min: 2, max: 40 }) });
  let late = 0;
  fc.assert(
    fc.property(aLease, fc.array(hearing, { maxLength: 8 }), ticks, fc.boolean(), (lease, heard, at, isCheap) => {
      const leaseMs = lease.length * 3 * step;
      const own = period({ leaseMs, leaseEnd: steps(lease.end) });
      // Renewed whenever anything is heard.
      const other = period({ id: 2, siteId: 2, leaseMs: 6 * step, leaseEnd: steps(6) });
      let snapshot = snapshotOf({
        sites: [record({ periods: [own] }), record({ site: site(2, "two.example"), periods: [other] })],
      });
      const agenda: Agenda | undefined = isCheap ? new WeakMap() : undefined;
      const current = () => snapshot.sites.get(1)?.periods[0] ?? own;
      let heardBefore = snapshot.heardAt;
      let from = now;
      let wasOver: number | null = null;
      const seen: number[] = [];
      for (const to of at) {
        for (const { at: one, isRenewed } of heard) {
          if (steps(one) <= from || steps(one) > to) continue;
          // Whoever renews does so before it is over.
          const isLost = wasOver !== null || Number(current().leaseEnd) <= steps(one);
          const leaseEnds = new Map([[2, steps(one + 6)]]);
          if (isRenewed && !isLost) leaseEnds.set(1, steps(one) + leaseMs);
          snapshot = hear(snapshot, { at: steps(one), leaseEnds });
        }
        const { reminders } = dueReminders(snapshot, { from, to, remindAfterMs: 900 * step, heardBefore, agenda });
        const ends = reminders.filter((reminder) => reminder.kind === "lease-over" && reminder.period.id === 1);
        seen.push(...ends.map((reminder) => reminder.at));
        if (!isRunning(asHeard(current(), snapshot.heardAt), to)) wasOver ??= to;
        heardBefore = snapshot.heardAt;
        from = to;
      }
      expect(seen).toHaveLength(wasOver === null ? 0 : 1);
      if (seen[0] !== undefined && seen[0] > Number(current().leaseEnd)) late++;
    }),
    { numRuns: 500 },
  );
  expect(late).toBeGreaterThan(20);
});
