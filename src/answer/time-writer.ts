import type { InstantMs } from "../gate/period.ts";
import type { Language } from "./language.ts";

/** Writes an instant for people: `20 November 2026 at 10:00 CET (09:00 UTC)`. */
export type TimeWriter = (instant: InstantMs, language: Language) => string;

/** Of each language; the sites of one sidecar rarely reopen at more instants than these. */
const mostKept = 100;

const clock = { hour: "numeric", minute: "2-digit", timeZoneName: "short" } as const;
const dayAndClock = { year: "numeric", month: "long", day: "numeric", ...clock } as const;

/** Whose habits are meant by a tag that names no region: `en` alone is American, `pt` alone Brazilian. */
const conventions: ReadonlyMap<string, string> = new Map([
  ["en", "en-GB"],
  ["pt", "pt-PT"],
]);

/** Where a bracket is not one of `(` and `)`, or stands without a space before it. */
const brackets: ReadonlyMap<string, readonly [string, string]> = new Map([
  ["ja", ["（", "）"]],
  ["ko", ["(", ")"]],
  ["zh-Hans", ["（", "）"]],
  ["zh-Hant", ["（", "）"]],
]);

/**
 * In the zone and in UTC, with UTC's day when it is another; in UTC alone when that is the zone. Calendar, digits and
 * hours are those of the language: Persian days, Thai years.
 */
export function createTimeWriter(timezone: string): TimeWriter {
  const writers = new Map<string, (instant: InstantMs) => string>();
  return (instant, { tag }) => {
    let write = writers.get(tag);
    if (write === undefined) {
      write = keeping(isUtc(timezone) ? writerOf(tag, "UTC") : writerOfBoth(tag, timezone));
      writers.set(tag, write);
    }
    return write(instant);
  };
}

function keeping(write: (instant: InstantMs) => string): (instant: InstantMs) => string {
  const texts = new Map<InstantMs, string>();
  return (instant) => {
    const known = texts.get(instant);
    if (known !== undefined) return known;
    const text = write(instant);
    if (texts.size >= mostKept) texts.clear();
    texts.set(instant, text);
    return text;
  };
}

function writerOfBoth(tag: string, timezone: string): (instant: InstantMs) => string {
  const [open, close] = brackets.get(tag) ?? [" (", ")"];
  const inZone = writerOf(tag, timezone);
  const inUtc = writerOf(tag, "UTC");
  const clockInUtc = writerOf(tag, "UTC", clock);
  return (instant) => {
    const isSameDay = dayIn(timezone, instant).equals(dayIn("UTC", instant));
    return `${inZone(instant)}${open}${isSameDay ? clockInUtc(instant) : inUtc(instant)}${close}`;
  };
}

function writerOf(
  tag: string,
  timeZone: string,
  parts: Intl.DateTimeFormatOptions = dayAndClock,
): (instant: InstantMs) => string {
  const format = new Intl.DateTimeFormat(conventions.get(tag) ?? tag, { ...parts, timeZone });
  // Persian and Traditional Chinese put the zone into brackets, which would stand beside or inside ours.
  const plain = ({ type, value }: Intl.DateTimeFormatPart) =>
    type === "literal" ? value.replace(/[()[\]]/g, "") : value;
  return (instant) => format.formatToParts(instant).map(plain).join("");
}

function dayIn(timezone: string, instant: InstantMs): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timezone).toPlainDate();
}

/** Also under its other names: `Etc/UTC`, `Zulu`. */
function isUtc(timezone: string): boolean {
  const format = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, timeZoneName: "short" });
  return format.formatToParts(0).some(({ type, value }) => type === "timeZoneName" && value === "UTC");
}
