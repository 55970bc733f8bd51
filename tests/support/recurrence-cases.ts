import { DAY_MS, formatWall, HOUR_MS, type WallMs } from "../../src/gate/wall.ts";

/** What is asked of both sides. */
export interface RecurrenceCase {
  readonly rules: string;
  readonly timezone: string;
  readonly at: string;
  readonly from: string;
  readonly until: string | null;
  readonly except: readonly string[];
  readonly durationMs: number | null;
  readonly to: string | null;
  /** Instants. */
  readonly window: readonly [from: number, to: number];
}

/** Around which a case is made: an instant, and what the clocks show. */
export interface Place {
  readonly timezone: string;
  readonly instant: number;
  readonly offsetMs: number;
}

/** From 0 to below `limit`. */
type Random = (limit: number) => number;

const MINUTE_MS = 60_000;
const FREQUENCIES = ["YEARLY", "MONTHLY", "MONTHLY", "WEEKLY", "WEEKLY", "DAILY", "DAILY", "DAILY", "HOURLY"] as const;
type Frequency = (typeof FREQUENCIES)[number];
const DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"] as const;
/** How far behind the place a rule begins, in days: dateutil walks all of it. */
const LONGEST_RUN = { YEARLY: 3_000, MONTHLY: 1_000, WEEKLY: 400, DAILY: 60, HOURLY: 6 } as const;
const LARGEST_INTERVAL = { YEARLY: 3, MONTHLY: 5, WEEKLY: 4, DAILY: 6, HOURLY: 30 } as const;

/** A case whose times lie close to the place; the same numbers make the same case. */
export function recurrenceCase(random: Random, place: Place): RecurrenceCase {
  const wall = place.instant + place.offsetMs + pick(random, [0, 0, -1, 1]) * pick(random, NEAR);
  const [first, second] = [pick(random, FREQUENCIES), pick(random, FREQUENCIES)];
  const run = random(LONGEST_RUN[first]) * (oneIn(random, 4) ? 0 : 1);
  const lines = [ruleLine(random, first, wall)];
  if (oneIn(random, 12) && LONGEST_RUN[second] >= run) lines.push(ruleLine(random, second, wall));
  const isTo = oneIn(random, 2);
  const window = oneIn(random, 5) ? 0.05 : oneIn(random, 20) ? 70 : 1 + random(9);
  return {
    rules: lines.join("\n"),
    timezone: place.timezone,
    at: timeOf(wall),
    from: dayText(wall - run * DAY_MS),
    until: oneIn(random, 8) ? dayText(wall + (random(9) - 3) * DAY_MS) : null,
    except: oneIn(random, 8) ? [dayText(wall), dayText(wall + (random(9) - 4) * DAY_MS)] : [],
    durationMs: isTo ? null : pick(random, [1_000, 30 * MINUTE_MS, HOUR_MS, 90 * MINUTE_MS, 25 * HOUR_MS]),
    to: isTo ? timeOf(wall + pick(random, [0, 1, -1, 1, 2]) * pick(random, NEAR)) : null,
    window: [place.instant - Math.round(window * DAY_MS), place.instant + Math.round((window * DAY_MS) / 2)],
  };
}

const NEAR = [1_000, 15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS, 2 * HOUR_MS, DAY_MS] as const;

function ruleLine(random: Random, frequency: Frequency, wall: WallMs): string {
  const parts = [`FREQ=${frequency}`, endPart(random, wall)];
  const intervals = oneIn(random, 2) ? 1 : 1 + random(LARGEST_INTERVAL[frequency]);
  const { parts: byParts, takesInterval } = dayParts(random, frequency, wall);
  if (intervals > 1 && takesInterval) parts.push(`INTERVAL=${intervals}`);
  parts.push(...byParts);
  const date = new Date(wall);
  if (oneIn(random, 4)) parts.push(`BYHOUR=${numbers(random, date.getUTCHours(), { least: 0, most: 23 })}`);
  if (oneIn(random, frequency === "HOURLY" ? 3 : 6))
    parts.push(`BYMINUTE=${numbers(random, date.getUTCMinutes(), { least: 0, most: 59 })}`);
  if (oneIn(random, 20) && frequency !== "HOURLY")
    parts.push(`BYSECOND=${numbers(random, date.getUTCSeconds(), { least: 0, most: 59 })}`);
  const chooses = parts.some((part) => part.startsWith("BY"));
  if (oneIn(random, 6) && chooses && takesInterval) parts.push(`BYSETPOS=${positions(random)}`);
  if (oneIn(random, 4)) parts.push(`WKST=${pick(random, DAYS)}`);
  return parts.filter((part) => part !== "").join(";");
}

function endPart(random: Random, wall: WallMs): string {
  const near = wall + (random(9) - 2) * pick(random, NEAR);
  const stamp = formatWall(near).replaceAll(/[-:]/g, "");
  if (oneIn(random, 10)) return `COUNT=${1 + random(40)}`;
  if (oneIn(random, 20)) return `UNTIL=${stamp.slice(0, 8)}`;
  if (oneIn(random, 20)) return `UNTIL=${stamp}`;
  return oneIn(random, 20) ? `UNTIL=${stamp}Z` : "";
}

interface DayParts {
  readonly parts: readonly string[];
  /** Whether INTERVAL and BYSETPOS may go with them. */
  readonly takesInterval: boolean;
}

function dayParts(random: Random, frequency: Frequency, wall: WallMs): DayParts {
  const date = new Date(wall);
  const weekday = DAYS[(date.getUTCDay() + 6) % 7] ?? "MO";
  const months = `BYMONTH=${numbers(random, date.getUTCMonth() + 1, { least: 1, most: 12 })}`;
  const monthDays = `BYMONTHDAY=${numbers(random, date.getUTCDate(), { least: -31, most: 31 })}`;
  const yearDays = `BYYEARDAY=${numbers(random, yearDay(wall), { least: -366, most: 366 })}`;
  const weekNumbers = `BYWEEKNO=${numbers(random, pick(random, [1 + Math.floor(yearDay(wall) / 7), 1, 52, 53, -1]), { least: -53, most: 53 })}`;
  const days = `BYDAY=${[weekday, ...several(random, 2, () => pick(random, DAYS))].join(",")}`;
  const ordinals = `BYDAY=${several(random, 1 + random(2), () => `${pick(random, [1, 2, 3, 4, 5, -1, -2])}${oneIn(random, 2) ? weekday : pick(random, DAYS)}`).join(",")}`;
  const maybe = (part: string, times: number) => (oneIn(random, times) ? [part] : []);
  const takes = (...parts: readonly (readonly string[])[]) => ({ parts: parts.flat(), takesInterval: true });
  switch (frequency) {
    case "HOURLY":
    case "DAILY":
      return takes(
        maybe(months, 6),
        maybe(monthDays, 8),
        maybe(days, 4),
        frequency === "HOURLY" ? maybe(yearDays, 12) : [],
      );
    case "WEEKLY":
      return takes(maybe(months, 6), maybe(days, 2));
    case "MONTHLY":
      return takes(
        maybe(months, 6),
        pick(random, [[], [monthDays], [days], [ordinals], [monthDays, days], [monthDays, ordinals]]),
      );
    case "YEARLY":
      return random(5) === 0
        ? { parts: [...maybe(months, 6), weekNumbers, ...maybe(days, 2)], takesInterval: false }
        : takes(pick(random, YEARLY).map((name) => ({ months, monthDays, yearDays, days, ordinals })[name]));
  }
}

const YEARLY = [
  [],
  ["months"],
  ["monthDays"],
  ["months", "monthDays"],
  ["days"],
  ["months", "days"],
  ["ordinals"],
  ["months", "ordinals"],
  ["monthDays", "days"],
  ["months", "monthDays", "days"],
  ["yearDays"],
  ["months", "yearDays"],
] as const;

interface Range {
  /** Negative: zero is not in it. */
  readonly least: number;
  readonly most: number;
}

/** Mostly with the one that is wanted. */
function numbers(random: Random, wanted: number, { least, most }: Range): string {
  const any = () => least + random(most - least + 1) || 1;
  return [...(oneIn(random, 5) ? [any()] : [wanted]), ...several(random, random(most === 59 ? 2 : 3), any)].join(",");
}

function positions(random: Random): string {
  return several(random, 1 + random(2), () => pick(random, [1, 2, 3, -1, -2, -3, 10, 31, -40])).join(",");
}

function several<Value>(random: Random, count: number, make: () => Value): readonly Value[] {
  return Array.from({ length: oneIn(random, 2) ? count : Math.min(1, count) }, make);
}

function pick<Value>(random: Random, values: readonly [Value, ...Value[]] | readonly Value[]): Value {
  const value = values[random(values.length)];
  if (value === undefined) throw new Error("there is nothing to pick from");
  return value;
}

function oneIn(random: Random, times: number): boolean {
  return random(times) === 0;
}

function yearDay(wall: WallMs): number {
  return 1 + Math.floor((wall - Date.UTC(new Date(wall).getUTCFullYear(), 0, 1)) / DAY_MS);
}

function dayText(wall: WallMs): string {
  return formatWall(wall).slice(0, 10);
}

function timeOf(wall: WallMs): string {
  return formatWall(wall).slice(11);
}
