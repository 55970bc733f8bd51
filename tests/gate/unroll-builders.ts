import type { OccurrenceChange, Recurrence } from "../../src/gate/recurrence.ts";
import { occurrencesOf } from "../../src/gate/unroll.ts";
import { hour, recurring } from "./builders.ts";

/** Sundays from 02:00 to 03:00 in Paris, from 2026 on. */
export function recurrence(change: Partial<Recurrence> = {}): Recurrence {
  const sundays = { siteId: null, rules: "FREQ=WEEKLY;BYDAY=SU", timezone: "Europe/Paris" };
  const durationMs = change.to === undefined ? hour : null;
  return recurring([], { ...sundays, durationMs, ...change }).recurrence;
}

export function changed(wall: string, change: Partial<OccurrenceChange> = {}): OccurrenceChange {
  return { recurrenceId: 1, wall, skipped: false, start: null, end: null, ...change };
}

export interface Asked {
  readonly change?: Partial<Recurrence>;
  readonly changes?: readonly OccurrenceChange[];
  /** Instants as ISO 8601. */
  readonly from: string;
  readonly to: string;
}

/** `2026-03-29T01:00Z/2026-03-29T02:00Z` of each. */
export function instantsOf({ change = {}, changes = [], from, to }: Asked): readonly string[] {
  const window = { from: Date.parse(from), to: Date.parse(to) };
  return occurrencesOf(recurrence(change), changes, window).map(({ start, end }) => `${short(start)}/${short(end)}`);
}

function short(instant: number): string {
  return new Date(instant).toISOString().replace(/(?::00)?\.000Z$/, "Z");
}
