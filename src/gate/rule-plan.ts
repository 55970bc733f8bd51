import { LullError } from "./error.ts";
import type { InstantMs } from "./period.ts";
import type { OccurrenceChange, Recurrence } from "./recurrence.ts";
import type { Rule } from "./rule.ts";
import { withImplied } from "./rule-implied.ts";
import { readRules } from "./rule-text.ts";
import { wallsIn } from "./rule-walls.ts";
import type { WorkBudget } from "./rule-work.ts";
import { DAY_MS, dayOf, formatWall, parseDay, parseTimeOfDay, type WallMs, type WallSpan } from "./wall.ts";
import { type WallClock, wallClock } from "./wall-clock.ts";

/** A recurrence, read. */
export interface Plan {
  readonly timezone: string;
  readonly rules: readonly Rule[];
  /** DTSTART. */
  readonly first: WallMs;
  /** Midnight of the last day that counts; Infinity: none. */
  readonly lastDay: WallMs;
  /** Midnights. */
  readonly except: ReadonlySet<WallMs>;
  readonly length: Length;
}

/** How long each lasts: elapsed time, or until a time of day (milliseconds since midnight), which may be the next day's. */
export type Length =
  | { readonly kind: "for"; readonly milliseconds: number }
  | { readonly kind: "to"; readonly timeOfDay: number };

export interface Occurrence {
  /** By which it is known: the wall time at which the rule starts it, `2026-11-22T02:00:00`. */
  readonly wall: string;
  readonly start: InstantMs;
  readonly end: InstantMs;
  /** Somebody has moved it, or ended it early. */
  readonly changed: boolean;
}

/** Longer ones would be searched for from far behind a window. */
const LONGEST_DAYS = 366;

/** Throws LullError when a part of the recurrence cannot be read. */
export function planOf({ timezone, rules, at, durationMs, to, from, until, except }: Recurrence): Plan {
  const first = parseDay(from) + parseTimeOfDay(at);
  return {
    timezone,
    rules: readRules(rules).map((rule) => withImplied(rule, first)),
    first,
    lastDay: until === null ? Number.POSITIVE_INFINITY : parseDay(until),
    except: new Set(except.map(parseDay)),
    length: lengthOf(durationMs, to),
  };
}

function lengthOf(durationMs: number | null, to: string | null): Length {
  if (durationMs !== null && to !== null)
    throw new LullError("usage", "say how long it lasts or when it ends, not both");
  if (to !== null) return { kind: "to", timeOfDay: parseTimeOfDay(to) };
  if (durationMs === null) throw new LullError("usage", "say how long it lasts, or the time of day at which it ends");
  if (durationMs > 0 && durationMs <= LONGEST_DAYS * DAY_MS) return { kind: "for", milliseconds: durationMs };
  throw new LullError(
    "refused",
    `each occurrence lasts between no time and ${LONGEST_DAYS} days, not ${durationMs} ms`,
  );
}

export function longestMs({ length }: Plan): number {
  return length.kind === "for" ? length.milliseconds : DAY_MS;
}

/** The wall times in the span at which any of the rules starts something, each once, in no order. */
export function plannedWalls(plan: Plan, span: WallSpan, budget: WorkBudget): readonly WallMs[] {
  const walls = plan.rules.flatMap((rule) => [...ruleWalls({ plan, rule, span, budget })]);
  return plan.rules.length === 1 ? walls : [...new Set(walls)];
}

export interface RuleExpansion {
  readonly plan: Plan;
  readonly rule: Rule;
  readonly span: WallSpan;
  readonly budget: WorkBudget;
}

/** What one rule of the plan starts in the span, in order. COUNT counts from the first day, and excepted days too. */
export function* ruleWalls({ plan, rule, span, budget }: RuleExpansion): Generator<WallMs> {
  const { first, except } = plan;
  const from = rule.count === null ? span.from : first;
  const to = Math.min(span.to, lastWallOf(plan, rule));
  let left = rule.count ?? Number.POSITIVE_INFINITY;
  for (const wall of wallsIn({ rule, first, span: { from, to }, budget })) {
    left -= 1;
    if (wall >= span.from && !except.has(dayOf(wall))) yield wall;
    if (left === 0) return;
  }
}

function lastWallOf({ lastDay, timezone }: Plan, { until }: Rule): WallMs {
  const lastWall = lastDay + DAY_MS - 1;
  if (until === null) return lastWall;
  const { kind, milliseconds } = until;
  if (kind === "wall") return Math.min(lastWall, milliseconds);
  const clock = wallClock(timezone, { from: milliseconds, to: milliseconds });
  return Math.min(lastWall, clock.wallOf(milliseconds));
}

/** The occurrence of a wall time, as somebody may have changed it; null: there is none. */
export function occurrenceAt(
  { length }: Plan,
  clock: WallClock,
  { wall, change }: { readonly wall: WallMs; readonly change: OccurrenceChange | undefined },
): Occurrence | null {
  const planned = clock.startOf(wall);
  const start = change?.start ?? planned;
  const end = change?.end ?? endOf({ length, clock, wall, start: planned });
  if (change?.skipped === true || end <= start) return null;
  return { wall: formatWall(wall), start, end, changed: change !== undefined };
}

interface Start {
  readonly length: Length;
  readonly clock: WallClock;
  readonly wall: WallMs;
  readonly start: InstantMs;
}

function endOf({ length, clock, wall, start }: Start): InstantMs {
  if (length.kind === "for") return start + length.milliseconds;
  const sameDay = dayOf(wall) + length.timeOfDay;
  const wallEnd = sameDay > wall ? sameDay : sameDay + DAY_MS;
  const end = clock.endOf(wallEnd);
  // Both are in one gap: it lasts as long as the clocks would have said.
  return end > start ? end : start + (wallEnd - wall);
}
