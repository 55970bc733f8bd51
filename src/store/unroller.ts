import { LullError } from "../gate/error.ts";
import type { OccurrenceChange, Occurrences, Recurrence } from "../gate/recurrence.ts";
import type { UnrollWindow } from "../gate/unroll-window.ts";
import { DAY_MS } from "../gate/wall.ts";

/** Why a recurrence yields nothing. */
export interface RecurrenceFault {
  /** null: all sites. */
  readonly siteId: number | null;
  /** One line. */
  readonly message: string;
}

export interface Unrolled {
  readonly recurring: readonly Occurrences[];
  readonly faults: readonly RecurrenceFault[];
}

/** Unrolls recurrences, and keeps what rules have yielded. */
export interface Unroller {
  unroll(
    recurrences: readonly Recurrence[],
    changes: readonly OccurrenceChange[],
    window: UnrollWindow,
  ): Promise<Unrolled>;
}

/** What is kept is used again for windows that have moved on by less than this. */
const keepMs = DAY_MS;

interface Kept extends Pick<Occurrences, "starts" | "ends"> {
  readonly window: UnrollWindow;
}

export function createUnroller(): Unroller {
  /** By all that the result depends on: many sites may have the same rule. */
  const kept = new Map<string, Kept>();

  return {
    async unroll(recurrences, changes, window) {
      if (recurrences.length === 0) return { recurring: [], faults: [] };
      // Most databases have no recurrence, and this takes longer than a whole command.
      const { unroll } = await import("../gate/unroll.ts");
      for (const [key, { window: old }] of kept) if (!isNear(old, window)) kept.delete(key);
      const changesOf = Map.groupBy(changes, (change) => change.recurrenceId);
      const recurring: Occurrences[] = [];
      const faults: RecurrenceFault[] = [];
      for (const recurrence of recurrences) {
        const own = changesOf.get(recurrence.id) ?? [];
        const key = keyOf(recurrence, own);
        try {
          const { starts, ends } = kept.get(key) ?? unroll(recurrence, own, window);
          if (!kept.has(key)) kept.set(key, { starts, ends, window });
          recurring.push({ recurrence, starts, ends });
        } catch (error) {
          if (!(error instanceof LullError)) throw error;
          const message = `recurrence ${recurrence.id} yields nothing: ${error.message}`;
          faults.push({ siteId: recurrence.siteId, message });
        }
      }
      return { recurring, faults };
    },
  };
}

function isNear(old: UnrollWindow, wanted: UnrollWindow): boolean {
  return Math.abs(wanted.from - old.from) < keepMs && Math.abs(wanted.to - old.to) < keepMs;
}

function keyOf(
  { rules, timezone, at, durationMs, to, from, until, except }: Recurrence,
  changes: readonly OccurrenceChange[],
) {
  const changed = changes.map(({ wall, skipped, start, end }) => [wall, skipped, start, end]);
  return JSON.stringify([rules, timezone, at, durationMs, to, from, until, except, changed]);
}
