import { LullError } from "../gate/error.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
const UNITS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ["d", DAY_MS],
  ["h", HOUR_MS],
  ["m", MINUTE_MS],
  ["s", SECOND_MS],
];

/** Longer ones are typing errors, and would carry instants past the year 9999, where RFC 3339 ends. */
const LONGEST_DAYS = 1_000_000;

const FORMS = "write it like 45m, 1h30m, 90s, 2d or PT45M";
const SHORT = /^(?:(\d+)w\s*)?(?:(\d+)d\s*)?(?:(\d+)h\s*)?(?:(\d+)m\s*)?(?:(\d+)s)?$/;
/** ISO 8601 without years, months and fractions; `T` must be followed by something. */
const ISO = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;
/** Units whose length depends on the calendar: `P1Y`, `P1M`, `P1Y2DT3H`, `3mo`, `2 months`, `1y`, `1M`. */
const CALENDAR = /^P[^T]*\d[YM]|^[^T]*\d\s*(?:mo|months?|y|years?|M)$/;

/**
 * Milliseconds of a written length: `45m`, `1h30m`, `1h 30m`, `90s`, `2d`, `1w`, or ISO 8601 `PT45M`, `P1DT2H`.
 * A day is 24 hours. Throws LullError `usage` for anything else, and for zero.
 */
export function parseDuration(text: string): number {
  const written = text.trim();
  const quoted = JSON.stringify(text);
  const parts = written === "" ? null : (SHORT.exec(written) ?? ISO.exec(written));
  if (parts === null || written === "P")
    throw new LullError("usage", `${quoted} is not a duration: ${whyNot(written)}`);
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((digits) => Number(digits ?? 0));
  const milliseconds =
    (weeks ?? 0) * WEEK_MS +
    (days ?? 0) * DAY_MS +
    (hours ?? 0) * HOUR_MS +
    (minutes ?? 0) * MINUTE_MS +
    (seconds ?? 0) * SECOND_MS;
  if (milliseconds === 0) throw new LullError("usage", `${quoted} is no time at all: a duration is at least 1s`);
  if (milliseconds > LONGEST_DAYS * DAY_MS) {
    throw new LullError("usage", `${quoted} is too long: a duration is at most ${LONGEST_DAYS}d`);
  }
  return milliseconds;
}

function whyNot(written: string): string {
  if (/^\d+$/.test(written)) {
    return `add a unit, ${written}m for minutes, ${written}s for seconds, ${written}h for hours or ${written}d for days`;
  }
  if (/^[-−]/.test(written)) return `it cannot be negative; ${FORMS}`;
  if (/\d[.,]\d/.test(written)) return `whole numbers only, 1h30m is one and a half hours; ${FORMS}`;
  if (CALENDAR.test(written)) return `months and years have no fixed length, count days; ${FORMS}`;
  return FORMS;
}

/** For people: `2d 3h`, `1h 30m`, `45m`, `0s`; exact to the second, the rest is dropped. Negative lengths are `0s`. */
export function formatDuration(milliseconds: number): string {
  let left = Math.max(0, Math.floor(milliseconds / SECOND_MS)) * SECOND_MS;
  const parts: string[] = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return parts.length === 0 ? "0s" : parts.join(" ");
}
