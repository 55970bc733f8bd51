import { type InstantMs, overAt } from "../gate/period.ts";
import { type Agenda, dueReminders, type Reminder } from "../gate/reminders.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import { iso } from "./iso.ts";
import type { Sidecar } from "./sidecar.ts";

/** Whoever is reminded reads no seconds. */
const lookEveryMs = 1_000;
/** A clock that moves further between two looks was set, or the machine slept: what lies between is passed over. */
const clockJumpMs = 60_000;
/** Thousands of sites that were closed at once are told of little by little, so that no check waits for the log. */
const mostLinesPerLook = 100;

/** Logs and counts what becomes due while the sidecar runs; gives what ends that. Nothing else depends on its timer. */
export function startReminders(sidecar: Sidecar, everyMs: number = lookEveryMs): () => void {
  const { serving, metrics, log, now } = sidecar;
  const waiting: Reminder[] = [];
  let from = now();
  let seen: Snapshot | null = null;
  let remindAfterMs = sidecar.settings.remindAfterMs;
  let agenda: Agenda = new WeakMap();
  let nextAt: InstantMs = Number.POSITIVE_INFINITY;

  function find(): void {
    const to = now();
    const hasJumped = Math.abs(to - from) > clockJumpMs;
    // Set back a little: what lies between has been told.
    if (to <= from && !hasJumped) return;
    const window = { from: hasJumped ? to : from, to, heardBefore: seen?.heardAt };
    from = to;
    if (hasJumped || remindAfterMs !== sidecar.settings.remindAfterMs) {
      remindAfterMs = sidecar.settings.remindAfterMs;
      agenda = new WeakMap();
      nextAt = to;
    }
    const { snapshot } = serving;
    if (snapshot === null || (snapshot === seen && to < nextAt)) return;
    // Before anything can go wrong, or it would every second.
    seen = snapshot;
    nextAt = Number.POSITIVE_INFINITY;
    const due = dueReminders(snapshot, { ...window, remindAfterMs, agenda });
    nextAt = due.nextAt;
    for (const reminder of due.reminders) {
      // Somebody has ended it: what was four fifths of its length is known only now, and nobody needs to hear of it.
      if (reminder.kind === "nearly-over" && overAt(reminder.period) <= to) continue;
      metrics.remind(reminder.kind);
      waiting.push(reminder);
    }
  }

  function look(): void {
    try {
      find();
      for (const reminder of waiting.splice(0, mostLinesPerLook)) log.warn("reminder", fieldsOf(reminder));
    } catch (error) {
      log.error("bug", { where: "reminders", error });
    }
  }

  const timer = setInterval(look, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

function fieldsOf({ kind, period, at }: Reminder): Readonly<Record<string, unknown>> {
  const { siteId, name, owner, reason, start } = period;
  const minutes = Math.floor((at - start) / 60_000);
  return { kind, site: siteId ?? "all", period: name, owner, reason, since: iso(start), minutes };
}
