import { mergeOccurrences } from "./merged-occurrences.ts";
import { byStart, expectedOver, type InstantMs, overAt, type Period } from "./period.ts";
import type { Occurrences } from "./recurrence.ts";

/** Enabled periods in order of their starts, made ready for the question which of them run at an instant. */
interface Series {
  readonly starts: Float64Array;
  /** When each of them is over; Infinity: never. */
  readonly ends: Float64Array;
  /** When the last of all up to here is over: further back than that nobody has to look. */
  readonly reach: Float64Array;
  readonly period: (index: number) => Period | undefined;
}

/** All that closes a site, or all sites: its rows, and what recurrences yield. */
export type Timeline = readonly Series[];

export function compileTimeline(periods: readonly Period[], recurring: readonly Occurrences[]): Timeline {
  return [...compileRows(periods), ...compileRecurring(recurring)];
}

/** The part of a timeline that changes often, and costs little. */
export function compileRows(periods: readonly Period[]): Timeline {
  const rows = periods.filter((period) => period.enabled).sort(byStart);
  if (rows.length === 0) return nothing;
  const ends = Float64Array.from(rows, overAt);
  const starts = Float64Array.from(rows, (period) => period.start);
  return [{ starts, ends, reach: reachOf(ends), period: (index) => rows[index] }];
}

/** The part that may hold thousands. */
export function compileRecurring(recurring: readonly Occurrences[]): Timeline {
  const yielding = recurring.filter(({ recurrence, starts }) => recurrence.enabled && starts.length > 0);
  if (yielding.length === 0) return nothing;
  const merged = mergeOccurrences(yielding);
  return [{ ...merged, reach: reachOf(merged.ends) }];
}

const nothing: Timeline = [];

/** What runs at `now`, in no order. */
export function runningAt(timelines: readonly Timeline[], now: InstantMs): readonly Period[] {
  // By far the most sites are open, and need no list.
  let running: Period[] | null = null;
  for (const timeline of timelines) {
    for (const { starts, ends, reach, period } of timeline) {
      for (let index = firstAfter(starts, now) - 1; index >= 0 && at(reach, index) > now; index--) {
        if (at(ends, index) <= now) continue;
        const found = period(index);
        if (found === undefined) continue;
        if (running === null) running = [found];
        else running.push(found);
      }
    }
  }
  return running ?? none;
}

const none: readonly Period[] = [];

/** The next period that begins after `now`; null: none is known. */
export function nextAfter(timelines: readonly Timeline[], now: InstantMs): Period | null {
  return beginning(timelines, now).next().value ?? null;
}

/** The start of the next period that begins after `now`; Infinity: none is known. */
export function nextStart(timelines: readonly Timeline[], now: InstantMs): InstantMs {
  let next = Number.POSITIVE_INFINITY;
  for (const timeline of timelines) {
    for (const { starts } of timeline) next = Math.min(next, at(starts, firstAfter(starts, now)));
  }
  return next;
}

/** The periods that begin after `now`, in order of their starts. */
export function* beginning(timelines: readonly Timeline[], now: InstantMs): Generator<Period, undefined> {
  const heap: Cursor[] = [];
  for (const timeline of timelines) {
    for (const series of timeline) push(heap, { series, index: firstAfter(series.starts, now) });
  }
  for (let first = heap[0]; first !== undefined; first = heap[0]) {
    const period = first.series.period(first.index);
    first.index++;
    settle(heap);
    if (period !== undefined) yield period;
  }
}

/** Where in a series the next of its periods stands. */
interface Cursor {
  readonly series: Series;
  index: number;
}

function startOf(cursor: Cursor | undefined): InstantMs {
  return cursor === undefined ? Number.POSITIVE_INFINITY : at(cursor.series.starts, cursor.index);
}

/** Into a binary heap by starts. Nothing goes in that has come to its end. */
function push(heap: Cursor[], cursor: Cursor): void {
  if (startOf(cursor) === Number.POSITIVE_INFINITY) return;
  let place = heap.push(cursor) - 1;
  for (let above = (place - 1) >> 1; place > 0 && startOf(heap[above]) > startOf(cursor); above = (place - 1) >> 1) {
    swap(heap, place, above);
    place = above;
  }
}

/** Puts the first cursor, which has moved on, where it belongs, and takes it away at its end. */
function settle(heap: Cursor[]): void {
  if (startOf(heap[0]) === Number.POSITIVE_INFINITY) {
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
  }
  for (let place = 0; ; ) {
    const [left, right] = [2 * place + 1, 2 * place + 2];
    const least = startOf(heap[right]) < startOf(heap[left]) ? right : left;
    if (startOf(heap[least]) >= startOf(heap[place])) return;
    swap(heap, place, least);
    place = least;
  }
}

function swap(heap: Cursor[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]];
  if (first === undefined || second === undefined) return;
  heap[a] = second;
  heap[b] = first;
}

const mostFollowed = 100;

/** The periods that hold a site closed without a gap from `now` on, and the instant at which the last of them is over. */
export interface Chain {
  /** In order of their starts; up to the first whose end is unknown. */
  readonly periods: readonly Period[];
  /** The expected opening; null: unknown. */
  readonly opensAt: InstantMs | null;
}

/**
 * Follows the periods that `counts` takes, running, overlapping and adjoining, from `now` to the expected opening.
 * An empty chain opens at `now`.
 */
export function chainFrom(timelines: readonly Timeline[], now: InstantMs, counts: (period: Period) => boolean): Chain {
  return chainOf(runningAt(timelines, now).filter(counts), { timelines, now, counts });
}

export interface ChainOptions {
  readonly timelines: readonly Timeline[];
  readonly now: InstantMs;
  readonly counts: (period: Period) => boolean;
}

/** The same for whoever knows already what runs and counts. */
export function chainOf(running: readonly Period[], { timelines, now, counts }: ChainOptions): Chain {
  let opensAt: InstantMs | null = now;
  for (const period of running) opensAt = later(opensAt, expectedOver(period, now));
  const periods = running.length > 1 ? running.toSorted(byStart) : [...running];
  // The usual case by far: one period, and nothing to follow.
  if (periods.length === 0 || opensAt === null || nextStart(timelines, now) > opensAt) return { periods, opensAt };
  for (const period of beginning(timelines, now)) {
    if (period.start > opensAt) break;
    if (!counts(period)) continue;
    periods.push(period);
    // Nobody can say when a site opens that so many periods close one after the other, and every check would count them.
    opensAt = periods.length > mostFollowed ? null : later(opensAt, expectedOver(period, now));
    if (opensAt === null) break;
  }
  return { periods, opensAt };
}

function later(a: InstantMs | null, b: InstantMs | null): InstantMs | null {
  return a === null || b === null ? null : Math.max(a, b);
}

/** How many of them are at or before `now`. */
function firstAfter(starts: Float64Array, now: InstantMs): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(starts, middle) <= now) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Past the last one: never. */
function at(instants: Float64Array, index: number): InstantMs {
  return instants[index] ?? Number.POSITIVE_INFINITY;
}

function reachOf(ends: Float64Array): Float64Array {
  let reach = Number.NEGATIVE_INFINITY;
  return ends.map((end) => {
    reach = Math.max(reach, end);
    return reach;
  });
}
