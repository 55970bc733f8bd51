import { type ReminderKind, reminderKinds } from "../gate/reminders.ts";
import type { ClosedWhy, OpenWhy } from "../gate/verdict.ts";

type Why = OpenWhy | ClosedWhy;

/** Upper bounds in seconds. A check takes some microseconds; the rest is there to show what went wrong. */
export const checkBuckets = [0.000_005, 0.000_01, 0.000_025, 0.000_1, 0.001, 0.01, 0.1, 1];

/** Counts since the start. Memory is bounded by the number of sites: both labels come from our own lists. */
export interface Metrics {
  /** `siteId` null: the host was nobody's or could not be read. */
  check(siteId: number | null, why: Why, elapsedNs: number): void;
  readonly verdicts: ReadonlyMap<number | null, ReadonlyMap<Why, number>>;
  /** Not cumulative; the last one is above all bounds. */
  readonly buckets: readonly number[];
  readonly secondsSum: number;
  /** One reminder more of this kind. */
  remind(kind: ReminderKind): void;
  /** Every kind is there from the start. */
  readonly reminders: ReadonlyMap<ReminderKind, number>;
  /** Drops the counts of sites that are gone. */
  forget(isGone: (siteId: number) => boolean): void;
}

export function createMetrics(): Metrics {
  const verdicts = new Map<number | null, Map<Why, number>>();
  const boundsNs = checkBuckets.map((seconds) => seconds * 1e9);
  const buckets = [...boundsNs, 0].fill(0);
  const reminders = new Map(reminderKinds.map((kind) => [kind, 0]));
  let sumNs = 0;
  return {
    verdicts,
    buckets,
    reminders,
    get secondsSum() {
      return sumNs / 1e9;
    },
    check(siteId, why, elapsedNs) {
      let ofSite = verdicts.get(siteId);
      if (ofSite === undefined) {
        ofSite = new Map();
        verdicts.set(siteId, ofSite);
      }
      ofSite.set(why, (ofSite.get(why) ?? 0) + 1);
      let bucket = 0;
      while (elapsedNs > (boundsNs[bucket] ?? Number.POSITIVE_INFINITY)) bucket++;
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
      sumNs += elapsedNs;
    },
    remind(kind) {
      reminders.set(kind, (reminders.get(kind) ?? 0) + 1);
    },
    forget(isGone) {
      for (const siteId of verdicts.keys()) if (siteId !== null && isGone(siteId)) verdicts.delete(siteId);
    },
  };
}
