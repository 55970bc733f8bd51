import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import { DAYS_AHEAD } from "../gate/unroll-window.ts";
import { DAY_MS } from "../gate/wall.ts";
import { formatDuration } from "../time/duration.ts";
import { nextOccurrences, occurrencesIn } from "./find-occurrence.ts";
import { utc } from "./period-refusals.ts";

type Stretch = Pick<Occurrence, "start" | "end">;

export interface ChainLimit {
  readonly now: InstantMs;
  /** In milliseconds; null: any may. */
  readonly longestMs: number | null;
}

/**
 * Refuses (LullError) a recurrence whose occurrences follow each other without a gap for longer than the configuration
 * allows a site to be closed: each is short enough, and yet the site would not open. Looks as far ahead as a snapshot.
 */
export async function refuseEndlessChain(recurrence: Recurrence, { now, longestMs }: ChainLimit): Promise<void> {
  if (longestMs === null) return;
  const [first] = await nextOccurrences(recurrence, [], { now, most: 1 });
  if (first === undefined) return;
  const to = Math.max(now, first.start) + DAYS_AHEAD * DAY_MS;
  const endless = chainsOf(await occurrencesIn(recurrence, [], { from: first.start, to })).find(
    ({ start, end }) => end - start > longestMs,
  );
  if (endless === undefined) return;
  const { start, end } = endless;
  const closed = end >= to ? "never let the site open" : `close the site for ${formatDuration(end - start)} on end`;
  throw new LullError(
    "refused",
    `its occurrences leave no gap: from ${utc(start)} on they would ${closed}, and ${formatDuration(longestMs)} is the longest (setting longest_period); let each end earlier, or --force if that is meant`,
  );
}

/**
 * The stretches of time, each as long as it comes, in which something always runs, of two occurrences at least.
 * `occurrences`: in order of starts.
 */
function chainsOf(occurrences: readonly Stretch[]): readonly Stretch[] {
  const chains: (Stretch & { readonly count: number })[] = [];
  for (const { start, end } of occurrences) {
    const last = chains.at(-1);
    if (last === undefined || start > last.end) chains.push({ start, end, count: 1 });
    else chains[chains.length - 1] = { start: last.start, end: Math.max(last.end, end), count: last.count + 1 };
  }
  return chains.filter(({ count }) => count > 1);
}
