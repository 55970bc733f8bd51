import type { InstantMs, Period } from "../gate/period.ts";
import { announcedEnd } from "../gate/planned.ts";

/** The header of an open check that tells when the site closes next. */
export const upcomingHeader = "X-Lull-Upcoming";

/** An interval of ISO 8601 in whole seconds of UTC, never shorter than the period; `..` where the end is unknown. */
export function upcomingInterval(period: Period, now: InstantMs): string {
  const end = announcedEnd(period, now);
  return `${wholeSeconds(period.start)}/${end === null ? ".." : wholeSeconds(Math.ceil(end / 1000) * 1000)}`;
}

function wholeSeconds(instant: InstantMs): string {
  return new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");
}
