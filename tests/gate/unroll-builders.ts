import type { OccurrenceChange, Recurrence } from "../../src/gate/recurrence.ts";
import { occurrencesOf } from "../../src/gate/unroll.ts";

/** Sundays from 02:00 to 03:00 in Paris, from 2026 on. */
export function recurrence(change: Partial<Recurrence> = {}): Recurrence {
  return {
    id: 1,
    siteId: null,
    name: "backup",
    rules: "FREQ=WEEKLY;BYDAY=SU",
    timezone: "Europe/Paris",
    at: "02:00:00",
    durationMs: change.to === undefined ? 3_600_000 : null,
    to: null,
    from: "2026-01-01",
    until: null,
    except: [],
    enabled: true,
    mode: "full",
    reason: "",
    message: "",
    owner: "",
    ...change,
  };
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
