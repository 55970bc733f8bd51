import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { OccurrenceChange, Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import type { UnrollWindow } from "../gate/unroll-window.ts";
import { DAY_MS, parseDay, parseWall } from "../gate/wall.ts";
import { type InstantContext, parseDate, parseWallTime } from "../time/instant.ts";
import { parseWeekday } from "../time/weekday.ts";

/** A day, and a time that begins with a digit: there is a T in saturday too. */
const WALL = /^(\S+)[Tt ](\d\S*)$/;
/** How far from a day that has none others are looked for. */
const SEARCHED_MS = 400 * DAY_MS;
/**
 * The stretches of time, one after the other, in which the next ones are looked for: most rules yield several a month,
 * some one in years. None is longer than what may be unrolled of any rule.
 */
const STRETCHES_DAYS: readonly number[] = [3, 37, 360, ...Array.from({ length: 18 }, () => 1_000)];

/**
 * An occurrence as a person names it, in the form that `requireOccurrence` takes: by the day on which its rule starts it
 * (`2026-11-22`, `today`), or by day and time (`2026-11-22T02:00`). Throws LullError `usage`.
 */
export function parseOccurrenceName(text: string, context: InstantContext): string {
  const [, day, time] = WALL.exec(text.trim()) ?? [];
  if (day === undefined || time === undefined) return parseDate(text, context);
  return `${parseDate(day, context)}T${parseWallTime(time)}`;
}

export interface NameContext {
  readonly now: InstantMs;
  /** All that was changed in occurrences of the recurrence. */
  readonly changes: readonly OccurrenceChange[];
}

/**
 * The same for a recurrence, in its zone, where a weekday (`sunday`, `sunday 14:00`) is the next on which it starts
 * something that is not over, neither as the rule says nor as somebody has moved it. Throws LullError.
 */
export async function occurrenceNameOf(recurrence: Recurrence, text: string, context: NameContext): Promise<string> {
  const { now, changes } = context;
  const [, day = text, time] = WALL.exec(text.trim()) ?? [];
  const weekday = parseWeekday(day);
  if (weekday === null) return parseOccurrenceName(text, { now, timezone: recurrence.timezone });
  const clock = time === undefined ? "" : parseWallTime(time);
  const planned = await occurrencesIn(recurrence, [], { from: now, to: now + SEARCHED_MS });
  const moved = changes.filter(({ skipped, end }) => !skipped && end !== null && end > now);
  const found = [...planned, ...moved]
    .map(({ wall }) => wall)
    .sort()
    .find((wall) => weekdayOf(wall) === weekday && wall.endsWith(clock));
  if (found !== undefined) return time === undefined ? found.slice(0, 10) : found;
  const days = SEARCHED_MS / DAY_MS;
  throw new LullError("refused", `recurrence ${recurrence.id} has no occurrence on ${text.trim()} within ${days} days`);
}

/** Monday is 1 (ISO 8601). */
function weekdayOf(wall: string): number {
  return new Date(parseWall(wall)).getUTCDay() || 7;
}

/** The wall time by which an occurrence is known, as short as people write it: `2026-11-22T02:00`. */
export function occurrenceLabel(wall: string): string {
  return wall.replace(/:00$/, "");
}

/** Unrolls a recurrence. Rules are dear to load, and most commands need none. Throws LullError. */
export async function occurrencesIn(
  recurrence: Recurrence,
  changes: readonly OccurrenceChange[],
  window: UnrollWindow,
): Promise<readonly Occurrence[]> {
  const { occurrencesOf } = await import("../gate/unroll.ts");
  return occurrencesOf(recurrence, changes, window);
}

/**
 * Those of a day (`2026-11-22`) as the rule says, and some around it: days begin up to 14 hours before or after those of
 * UTC, and where a day is skipped one more of them away. Throws LullError.
 */
export async function occurrencesAround(recurrence: Recurrence, day: string): Promise<readonly Occurrence[]> {
  const midnight = parseDay(day);
  return occurrencesIn(recurrence, [], { from: midnight - 2 * DAY_MS, to: midnight + 3 * DAY_MS });
}

export interface NextOptions {
  readonly now: InstantMs;
  readonly most: number;
}

/** What runs, and what comes next; fewer than `most` when the rule yields no more within reach. Throws LullError. */
export async function nextOccurrences(
  recurrence: Recurrence,
  changes: readonly OccurrenceChange[],
  { now, most }: NextOptions,
): Promise<readonly Occurrence[]> {
  // By what it is known: one that lasts over the end of a stretch is in the next one too.
  const found = new Map<string, Occurrence>();
  let from = now;
  for (const days of STRETCHES_DAYS) {
    const to = from + days * DAY_MS;
    for (const occurrence of await occurrencesIn(recurrence, changes, { from, to }))
      found.set(occurrence.wall, occurrence);
    if (found.size >= most) break;
    from = to;
  }
  return [...found.values()].slice(0, most);
}

/**
 * The occurrence of that name (see `parseOccurrenceName`), as the rule says, whatever was changed in it. Refuses
 * (LullError) a name that is none's, and shows the nearest; and one that is several's, and shows them.
 */
export async function requireOccurrence(recurrence: Recurrence, name: string): Promise<Occurrence> {
  const around = await occurrencesAround(recurrence, name.slice(0, 10));
  const [found, ...more] = around.filter(({ wall }) => wall.startsWith(name));
  if (found === undefined) throw await noneNamed(recurrence, name);
  if (more.length > 0) throw severalNamed(recurrence, [found, ...more], `start on ${name}`);
  return found;
}

/** Refuses to guess which of several is meant. `why`: what they have in common. */
export function severalNamed({ id }: Recurrence, found: readonly Occurrence[], why: string): LullError {
  const labels = found.map(({ wall }) => occurrenceLabel(wall));
  return new LullError(
    "refused",
    `${found.length} occurrences of recurrence ${id} ${why}: ${labels.join(", ")}; name one of them`,
  );
}

async function noneNamed(recurrence: Recurrence, name: string): Promise<LullError> {
  const day = parseDay(name.slice(0, 10));
  const near = await occurrencesIn(recurrence, [], { from: day - SEARCHED_MS, to: day + SEARCHED_MS });
  const walls = near.map(({ wall }) => wall).sort();
  const nearest = [walls.findLast((wall) => wall < name), walls.find((wall) => wall > name)]
    .filter((wall) => wall !== undefined)
    .map(occurrenceLabel);
  const advice =
    nearest.length === 0
      ? "nor within 400 days of it"
      : nearest.length === 1
        ? `the nearest is ${nearest[0]}`
        : `the nearest are ${nearest.join(" and ")}`;
  const when = name.includes("T") ? `at ${occurrenceLabel(name)}` : `on ${name}`;
  return new LullError("refused", `recurrence ${recurrence.id} has no occurrence ${when}; ${advice}`);
}
