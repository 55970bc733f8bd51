import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import { parseDuration } from "./duration.ts";
import { parseWeekday } from "./weekday.ts";

/** Which instant a wall time means that clock changes skip (before or after the gap) or repeat. */
export type Disambiguation = "earlier" | "later";

export interface InstantContext {
  readonly now: InstantMs;
  /** IANA name of the zone in which wall times are meant. */
  readonly timezone: string;
  /** undefined: wall times that clock changes skip or repeat are refused. */
  readonly disambiguation?: Disambiguation | undefined;
}

/** 9999-12-31T23:59:59.999Z: RFC 3339 has four digits for a year. */
const LATEST_MS = 253_402_300_799_999;

const FORMS =
  'write 2026-11-20T10:00:00Z, "2026-11-20 10:00", 10:00, "today 23:00", "tomorrow 02:00", "sunday 02:00" or "in 20m"';
const CLOCK = /^\d{2}:\d{2}(?::[0-5]\d)?$/;
const WALL = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::[0-5]\d)?)$/;
const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::[0-5]\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:\d{2})$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const NAMED_DAY = /^([a-z]+)\s+(\S+)$/i;
const AHEAD = /^in\s+(.+)$/i;

/**
 * The instant that a person means: RFC 3339 (with `Z` or an offset), a wall time in `timezone`
 * (`2026-11-20 10:00`, `10:00` for the next one ahead, `today 23:00`, `tomorrow 02:00`,
 * `sunday 02:00` for the next one ahead), or `in 20m`.
 * Throws LullError `usage` for anything else, and for wall times that clock changes skip or repeat
 * unless `disambiguation` says which reading is meant.
 */
export function parseInstant(text: string, context: InstantContext): InstantMs {
  const instant = readInstant(text.trim(), text, context);
  if (instant > LATEST_MS) throw new LullError("usage", `${JSON.stringify(text)} is after the year 9999`);
  return instant;
}

function readInstant(written: string, text: string, context: InstantContext): InstantMs {
  const today = todayOf(context);

  if (RFC3339.test(written)) {
    return orNotATime(text, () => Temporal.Instant.from(written).epochMilliseconds);
  }
  const ahead = AHEAD.exec(written)?.[1];
  if (ahead !== undefined) return context.now + parseDuration(ahead);
  if (CLOCK.test(written)) {
    const time = orNotATime(text, () => Temporal.PlainTime.from(written));
    return readAhead({ text, wall: today.toPlainDateTime(time), stepDays: 1 }, context);
  }
  const [, day = "", clock = ""] = NAMED_DAY.exec(written) ?? [];
  const date = dayNamed(day, today);
  if (date !== null && CLOCK.test(clock)) {
    const time = orNotATime(text, () => Temporal.PlainTime.from(clock));
    if (parseWeekday(day) === null) return readWall(date.toPlainDateTime(time), text, context);
    return readAhead({ text, wall: date.toPlainDateTime(time), stepDays: 7 }, context);
  }
  const [, wallDate, wallTime] = WALL.exec(written) ?? [];
  if (wallDate !== undefined && wallTime !== undefined) {
    const wall = orNotATime(text, () => Temporal.PlainDateTime.from(`${wallDate}T${wallTime}`));
    return readWall(wall, text, context);
  }
  throw new LullError("usage", `${JSON.stringify(text)} is not a time: ${FORMS}`);
}

interface Repeating {
  readonly text: string;
  /** The first that may be ahead. */
  readonly wall: Temporal.PlainDateTime;
  readonly stepDays: number;
}

/** The first that is ahead. */
function readAhead({ text, wall, stepDays }: Repeating, context: InstantContext): InstantMs {
  const sooner = readingsOf(wall, context.timezone);
  // Between two readings the later one is still ahead, unless the earlier one is meant.
  const candidate = sooner[context.disambiguation ?? "later"];
  if (candidate.epochMilliseconds > context.now) return meantReading(sooner, text, context);
  return readWall(wall.add({ days: stepDays }), text, context);
}

/** `today`, `tomorrow`, or the next of a weekday, which today may be; null: no such word. */
function dayNamed(word: string, today: Temporal.PlainDate): Temporal.PlainDate | null {
  if (word.toLowerCase() === "today") return today;
  if (word.toLowerCase() === "tomorrow") return today.add({ days: 1 });
  const weekday = parseWeekday(word);
  return weekday === null ? null : today.add({ days: (weekday - today.dayOfWeek + 7) % 7 });
}

/** Whether this is a time of day and nothing more, on whichever day: `02:30`. */
export function isTimeOfDay(text: string): boolean {
  return CLOCK.test(text.trim());
}

/**
 * The instant at which a person means that something ends which starts at `start`: as `parseInstant` reads it, but a time
 * of day alone is the first one after the start. Throws LullError `usage`.
 */
export function parseEnd(text: string, start: InstantMs, context: InstantContext): InstantMs {
  return parseInstant(text, isTimeOfDay(text) ? { ...context, now: start } : context);
}

/**
 * The day that a person means, as `2026-11-20`: so written, or in `timezone` `today`, `tomorrow`, or `sunday` for the
 * next one, which may be today.
 * Throws LullError `usage` for anything else.
 */
export function parseDate(text: string, context: InstantContext): string {
  const written = text.trim().toLowerCase();
  const named = dayNamed(written, todayOf(context));
  if (named !== null) return named.toString();
  const forms = "write 2026-11-20, today, tomorrow or sunday";
  if (!DATE.test(written)) throw new LullError("usage", `${JSON.stringify(text)} is not a date: ${forms}`);
  return orRefuse(`${JSON.stringify(text)} is not a date that exists: ${forms}`, () =>
    Temporal.PlainDate.from(written).toString(),
  );
}

/** The time of day that a person means, `02:00` or `02:00:00`, as `02:00:00`. Throws LullError `usage` for anything else. */
export function parseWallTime(text: string): string {
  const written = text.trim();
  const forms = "write 02:00 or 02:00:00, from 00:00 to 23:59:59";
  if (!CLOCK.test(written)) throw new LullError("usage", `${JSON.stringify(text)} is not a time of day: ${forms}`);
  return orRefuse(`${JSON.stringify(text)} is not a time of day that exists: ${forms}`, () =>
    Temporal.PlainTime.from(written).toString({ smallestUnit: "second" }),
  );
}

function todayOf({ now, timezone }: InstantContext): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(timezone).toPlainDate();
}

/** What a wall time can mean in a zone: two instants where a clock change skips or repeats it. */
interface Readings {
  readonly wall: Temporal.PlainDateTime;
  readonly earlier: Temporal.ZonedDateTime;
  readonly later: Temporal.ZonedDateTime;
}

function readingsOf(wall: Temporal.PlainDateTime, timezone: string): Readings {
  return {
    wall,
    earlier: wall.toZonedDateTime(timezone, { disambiguation: "earlier" }),
    later: wall.toZonedDateTime(timezone, { disambiguation: "later" }),
  };
}

function readWall(wall: Temporal.PlainDateTime, text: string, context: InstantContext): InstantMs {
  return meantReading(readingsOf(wall, context.timezone), text, context);
}

function meantReading(readings: Readings, text: string, { disambiguation }: InstantContext): InstantMs {
  const { wall, earlier, later } = readings;
  if (disambiguation !== undefined) return readings[disambiguation].epochMilliseconds;
  if (earlier.epochMilliseconds === later.epochMilliseconds) return earlier.epochMilliseconds;
  const fault = earlier.toPlainDateTime().equals(wall) ? "happens twice" : "does not exist";
  const [first, second] = [earlier, later].map((reading) => reading.toString({ timeZoneName: "never" }));
  const meant = wall.toString({ smallestUnit: "second" }).replace("T", " ");
  throw new LullError(
    "usage",
    `${JSON.stringify(text)}: ${meant} ${fault} in ${earlier.timeZoneId}, the clocks change: write ${first} or ${second}, or give --disambiguation earlier|later`,
  );
}

function orNotATime<Value>(text: string, read: () => Value): Value {
  return orRefuse(`${JSON.stringify(text)} is not a time that exists: ${FORMS}`, read);
}

/** Turns Temporal's refusal of numbers out of range (month 13, hour 25) into ours. */
function orRefuse<Value>(message: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LullError("usage", message, { cause: error });
  }
}

/** RFC 3339 in UTC, with a fraction only when there is one: `2026-11-20T10:00:00Z`. */
export function formatUtc(instant: InstantMs): string {
  return Temporal.Instant.fromEpochMilliseconds(instant).toString();
}

/** For people, to the second: `2026-11-20 11:00 CET (2026-11-20T10:00:00Z)`. */
export function formatInstant(instant: InstantMs, timezone: string): string {
  const seconds = Math.floor(instant / 1_000) * 1_000;
  const local = Temporal.Instant.fromEpochMilliseconds(seconds).toZonedDateTimeISO(timezone);
  const time = local.toPlainTime().toString({ smallestUnit: local.second === 0 ? "minute" : "second" });
  return `${local.toPlainDate()} ${time} ${zoneLabel(local)} (${formatUtc(seconds)})`;
}

/** `CET` where English has a short name for the zone, else the offset: `+09:00`. */
function zoneLabel(local: Temporal.ZonedDateTime): string {
  // Each variety of English knows the names of its own part of the world only.
  for (const locale of ["en-GB", "en-US", "en-AU"]) {
    const name = new Intl.DateTimeFormat(locale, { timeZone: local.timeZoneId, timeZoneName: "short" })
      .formatToParts(local.epochMilliseconds)
      .find((part) => part.type === "timeZoneName")?.value;
    if (name !== undefined && /^[A-Z]+$/.test(name)) return name;
  }
  return local.offset;
}
