import { mayRunOut } from "./lease.ts";
import { type InstantMs, overAt, type Period } from "./period.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * - `nearly-over`: four fifths of the planned length have passed.
 * - `overrun`: it was planned to be over now, and runs.
 * - `open-ended`: nobody has said when it is over, or that is past; every `remindAfterMs` since its start.
 * - `lease-over`: nobody has renewed the lease, so it is over, which perhaps nobody meant.
 * - `lease-unheard`: the lease is past its end and held all the same (`mayRunOut`); every minute.
 */
export const reminderKinds = ["nearly-over", "overrun", "open-ended", "lease-over", "lease-unheard"] as const;

export type ReminderKind = (typeof reminderKinds)[number];

/** Something about a period that somebody should know, and perhaps does not. */
export interface Reminder {
  readonly kind: ReminderKind;
  readonly period: Period;
  /** When it became due. */
  readonly at: InstantMs;
}

export interface ReminderWindow {
  /** What became due up to this instant has been told. */
  readonly from: InstantMs;
  readonly to: InstantMs;
  readonly remindAfterMs: number;
  /** Of the snapshot that was in place at `from`: leases that were held unheard then may be over since. */
  readonly heardBefore?: InstantMs | undefined;
  /** Makes a window that follows another one with the same `remindAfterMs` cheap. Changes no result. */
  readonly agenda?: Agenda | undefined;
}

/**
 * When the next of some rows is due, as earlier windows have found out: until then nobody has to look at them. Rows that
 * change are another list, and what is heard of leases makes nothing due earlier.
 */
export type Agenda = WeakMap<readonly Period[], InstantMs>;

export interface DueReminders {
  /** What became due in `(from, to]`, in order. */
  readonly reminders: readonly Reminder[];
  /** The first instant after `to` at which something becomes due, as things are; Infinity: nothing does. */
  readonly nextAt: InstantMs;
}

const unheardEveryMs = 60_000;

/** Of rows alone: what a recurrence yields ends by itself, as it was meant to. */
export function dueReminders(snapshot: Snapshot, window: ReminderWindow): DueReminders {
  const { agenda, to } = window;
  const { heardAt, sites, everywhere } = snapshot;
  const reminders = lateLeases(snapshot, window);
  const search = { ...window, heardAt, reminders };
  let nextAt = Number.POSITIVE_INFINITY;
  const look = (rows: readonly Period[]) => {
    const known = agenda?.get(rows) ?? Number.NEGATIVE_INFINITY;
    const first = known > to ? known : dueOf(rows, search);
    if (first !== known) agenda?.set(rows, first);
    nextAt = Math.min(nextAt, first);
  };
  look(everywhere.periods);
  for (const { periods } of sites.values()) look(periods);
  return { reminders: reminders.sort((a, b) => a.at - b.at), nextAt };
}

/** Adds what became due of some rows to `reminders`. Gives when the next of them is due. */
function dueOf(
  rows: readonly Period[],
  window: ReminderWindow & { readonly heardAt: InstantMs; readonly reminders: Reminder[] },
): InstantMs {
  const { from, to, heardAt, remindAfterMs, reminders } = window;
  const circumstances = { after: from, heardAt, remindAfterMs };
  let nextAt = Number.POSITIVE_INFINITY;
  for (const period of rows) {
    if (!period.enabled || heldUntil(period, heardAt) <= from) continue;
    for (const kind of reminderKinds) {
      let at = next(kind, period, circumstances);
      for (; at <= to; at = next(kind, period, { ...circumstances, after: at })) reminders.push({ kind, period, at });
      nextAt = Math.min(nextAt, at);
    }
  }
  return nextAt;
}

/** The periods that hold at `now` although their leases are past their ends, because no word of renewals has come. */
export function unheardLeases({ leased, heardAt }: Snapshot, now: InstantMs): readonly Period[] {
  return leased.filter(
    (period) =>
      period.enabled &&
      period.start <= now &&
      Number(period.leaseEnd) <= now &&
      !mayRunOut(period, heardAt) &&
      now < heldUntil(period, heardAt),
  );
}

interface Circumstances {
  readonly after: InstantMs;
  readonly heardAt: InstantMs;
  readonly remindAfterMs: number;
}

/** The first instant after `after` at which a running period gives this reminder; Infinity: none does. */
function next(kind: ReminderKind, period: Period, { after, heardAt, remindAfterMs }: Circumstances): InstantMs {
  const { start, end, expectedEnd, leaseEnd } = period;
  const over = heldUntil(period, heardAt);
  let at = Number.POSITIVE_INFINITY;
  switch (kind) {
    case "nearly-over": {
      const planned = end ?? expectedEnd;
      if (planned !== null) at = Math.round(start + 0.8 * (planned - start));
      break;
    }
    case "overrun":
      if (expectedEnd !== null) at = expectedEnd;
      break;
    case "open-ended": {
      const passed = Math.max(after, start, expectedEnd ?? start) - start;
      if (end === null) at = start + (Math.floor(passed / remindAfterMs) + 1) * remindAfterMs;
      break;
    }
    case "lease-over":
      return over === leaseEnd && over !== end && over > after ? over : Number.POSITIVE_INFINITY;
    case "lease-unheard":
      // One that may run out is over by then.
      if (leaseEnd !== null) {
        at = leaseEnd + Math.max(0, Math.floor((after - leaseEnd) / unheardEveryMs) + 1) * unheardEveryMs;
      }
      break;
  }
  return at > after && at < over ? at : Number.POSITIVE_INFINITY;
}

/** Leases that were held past their ends, and are over since the database was heard of: nobody had renewed them. */
function lateLeases({ leased, heardAt }: Snapshot, { from, heardBefore }: ReminderWindow): Reminder[] {
  if (heardBefore === undefined || heardBefore === heardAt) return [];
  return leased.flatMap((period): Reminder | readonly Reminder[] => {
    const leaseEnd = Number(period.leaseEnd);
    const isOver = leaseEnd <= from && leaseEnd < (period.end ?? Number.POSITIVE_INFINITY);
    const isLate = isOver && mayRunOut(period, heardAt) && !mayRunOut(period, heardBefore);
    return isLate && period.enabled ? { kind: "lease-over", period, at: Math.max(heardAt, leaseEnd) } : [];
  });
}

/** When the period is over for somebody who last heard from the database at `heardAt`; Infinity: never. */
function heldUntil(period: Period, heardAt: InstantMs): InstantMs {
  const mustHold = period.leaseEnd !== null && !mayRunOut(period, heardAt);
  return mustHold ? (period.end ?? Number.POSITIVE_INFINITY) : overAt(period);
}
