import { LullError } from "./error.ts";
import type { InstantMs } from "./period.ts";
import type { OccurrenceChange, Occurrences, Recurrence } from "./recurrence.ts";
import type { Rule } from "./rule.ts";
import { longestMs, type Occurrence, occurrenceAt, type Plan, plannedWalls, planOf, ruleWalls } from "./rule-plan.ts";
import { MOST_SEARCH_WORK, MOST_WORK_PER_YEAR, workBudget, workPerYear } from "./rule-work.ts";
import { DAYS_AHEAD, type UnrollWindow, windowAround } from "./unroll-window.ts";
import { DAY_MS, dayOf, parseWall } from "./wall.ts";
import { wallClock } from "./wall-clock.ts";

/** No wall time is further from its instant: zones differ by 14 hours from UTC, and a gap can be a day. */
const FURTHEST_MS = 3 * DAY_MS;
const MOST_OCCURRENCES = 10_000;
const LONGEST_QUOTE = 200;
/** A rule that yields nothing for so long is taken for one that never does: every date has come up on every weekday. */
const SEARCHED_YEARS = 50;

/**
 * What the recurrence yields of the window, in order of starts: what ends after its beginning and starts before its end.
 *
 * A start that the clocks skip moves to the end of the gap; one that happens twice takes the first reading. A wall-clock
 * end takes the last reading, and in a gap its end; where start and end lie in one gap, it lasts as long as the clocks
 * would have said. Throws LullError when the recurrence cannot be read, or the window needs too much work.
 */
export function occurrencesOf(
  recurrence: Recurrence,
  changes: readonly OccurrenceChange[],
  window: UnrollWindow,
): readonly Occurrence[] {
  const plan = planOf(recurrence);
  const span = { from: window.from - longestMs(plan) - FURTHEST_MS, to: window.to + FURTHEST_MS };
  const clock = wallClock(plan.timezone, span);
  const changeOf = new Map(changes.map((change) => [parseWall(change.wall), change]));
  const budget = workBudget();
  const isInWindow = ({ start, end }: Occurrence) => end > window.from && start < window.to;

  const planned = plannedWalls(plan, span, budget).flatMap((wall) => {
    const occurrence = occurrenceAt(plan, clock, { wall, change: changeOf.get(wall) });
    return occurrence !== null && isInWindow(occurrence) ? occurrence : [];
  });
  // Rules never change, so what was moved once is planned: to plan it anew for each would be too dear.
  const movedIn = [...changeOf].flatMap(([wall, change]) => {
    const isPlanned = wall >= span.from && wall <= span.to;
    if (isPlanned || (change.start === null && change.end === null)) return [];
    const at = { from: wall, to: wall };
    const occurrence = occurrenceAt(plan, wallClock(plan.timezone, at), { wall, change });
    return occurrence === null || !isInWindow(occurrence) ? [] : occurrence;
  });
  return [...planned, ...movedIn].sort((a, b) => a.start - b.start || a.end - b.end || (a.wall < b.wall ? -1 : 1));
}

/** The same, packed as a snapshot holds it. */
export function unroll(
  recurrence: Recurrence,
  changes: readonly OccurrenceChange[],
  window: UnrollWindow,
): Occurrences {
  const occurrences = occurrencesOf(recurrence, changes, window);
  return {
    recurrence,
    starts: Float64Array.from(occurrences, ({ start }) => start),
    ends: Float64Array.from(occurrences, ({ end }) => end),
  };
}

/**
 * Refuses what cannot be read, yields nothing from `now` on, yields more than a snapshot should hold, or needs more work
 * than its thread should do. `called`: what whoever wrote it calls it. Throws LullError.
 */
export function checkRecurrence(recurrence: Recurrence, now: InstantMs, called = theRule(recurrence)): void {
  const plan = planOf(recurrence);
  if (plan.lastDay < dayOf(plan.first)) {
    throw new LullError("usage", `the last day ${recurrence.until} is before the first, ${recurrence.from}`);
  }
  checkWork(plan, called);
  if (!plan.rules.some((rule) => yieldsSoon({ plan, rule, now }))) {
    throw new LullError("refused", `${called} yields nothing from now on${whyNothing(plan, recurrence, now)}`);
  }
  const { length } = occurrencesOf(recurrence, [], windowAround(now));
  if (length > MOST_OCCURRENCES) {
    const most = `${MOST_OCCURRENCES} in ${DAYS_AHEAD} days at most, about one an hour`;
    throw new LullError("refused", `${called} yields ${length} occurrences: ${most}`);
  }
}

function whyNothing(plan: Plan, { from }: Recurrence, now: InstantMs): string {
  const counted = plan.rules.find(
    (rule) => rule.count !== null && yieldsSoon({ plan, rule: { ...rule, count: null }, now }),
  );
  return counted === undefined
    ? `, or only in more than ${SEARCHED_YEARS} years`
    : `: COUNT=${counted.count}, counted from ${from}, is used up`;
}

function checkWork(plan: Plan, called: string): void {
  const perYear = plan.rules.reduce((sum, rule) => sum + workPerYear(rule), 0);
  if (perYear > MOST_WORK_PER_YEAR) {
    const advice = "name fewer hours, minutes or seconds; about one an hour is the most";
    throw new LullError("refused", `${called} has too many times to choose from: ${advice}`);
  }
  const budget = workBudget(MOST_SEARCH_WORK);
  for (const rule of plan.rules) {
    if (rule.count === null) continue;
    // The whole run, so that what is accepted now is never too much later.
    const span = { from: Number.POSITIVE_INFINITY, to: plan.first + 1_000 * 366 * DAY_MS };
    ruleWalls({ plan, rule, span, budget }).next();
  }
}

interface Search {
  readonly plan: Plan;
  readonly rule: Rule;
  readonly now: InstantMs;
}

/** Whether the rule starts, or still runs, something from `now` on. */
function yieldsSoon({ plan, rule, now }: Search): boolean {
  const span = {
    from: now - longestMs(plan) - FURTHEST_MS,
    to: now + SEARCHED_YEARS * 366 * DAY_MS,
  };
  const clock = wallClock(plan.timezone, span);
  try {
    for (const wall of ruleWalls({ plan, rule, span, budget: workBudget(MOST_SEARCH_WORK) })) {
      const occurrence = occurrenceAt(plan, clock, { wall, change: undefined });
      if (occurrence !== null && occurrence.end > now) return true;
    }
  } catch (error) {
    // Nothing in all that may be searched.
    if (!(error instanceof LullError)) throw error;
  }
  return false;
}

function theRule({ rules }: Recurrence): string {
  return `the rule ${JSON.stringify(rules.length > LONGEST_QUOTE ? `${rules.slice(0, LONGEST_QUOTE)}...` : rules)}`;
}
