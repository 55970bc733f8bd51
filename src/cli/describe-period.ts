import type { InstantMs, Period } from "../gate/period.ts";
import { formatInstant } from "../time/instant.ts";

/** A period in words: by what, by whose, until when, why. `on`: its site; without it only that it is on all of them. */
export function describePeriod(period: Period, timezone: string, on?: string): string {
  return `${whatIs(period, on)}${lasting(period, timezone)}${whyIs(period)}`;
}

/** The same with its start: from when until when. */
export function describeWhole(period: Period, timezone: string, on?: string): string {
  const start = formatInstant(period.start, timezone);
  return `${whatIs(period, on)} from ${start}${lasting(period, timezone)}${whyIs(period)}`;
}

function whatIs(period: Period, on: string | undefined): string {
  const scope = on !== undefined ? ` on ${on}` : period.siteId === null ? " on all sites" : "";
  const mode = period.mode === "readonly" ? ", read-only" : "";
  const owner = period.owner === "" ? "" : ` by ${period.owner}`;
  return `"${period.name}"${scope}${mode} (${numberOf(period)})${owner}`;
}

/** Its reason, to be put behind all else: `: backup`. */
export function whyIs({ reason }: Period): string {
  return reason === "" ? "" : `: ${reason}`;
}

/** By what commands know it: `period 3`, and of what a rule yields `recurrence 3`. */
export function numberOf({ id, recurrenceId }: Period): string {
  return recurrenceId === null ? `period ${id}` : `recurrence ${recurrenceId}`;
}

/** How long it lasts, to be put behind its name: ` until ...`, `, ends by itself at ... unless renewed`. */
export function lasting({ end, expectedEnd, ...period }: Period, timezone: string): string {
  // A lease that outlasts the end ends nothing.
  const leaseEnd = end !== null && period.leaseEnd !== null && end <= period.leaseEnd ? null : period.leaseEnd;
  const parts = [
    // What ends by itself unless renewed is not without an end.
    ...(end === null && leaseEnd !== null ? [""] : [` ${until(end, timezone)}`]),
    ...(end === null && expectedEnd !== null ? [`expected until ${formatInstant(expectedEnd, timezone)}`] : []),
    ...(leaseEnd === null ? [] : [`ends by itself at ${formatInstant(leaseEnd, timezone)} unless renewed`]),
  ];
  return parts.join(", ");
}

/** `until 2026-11-20 11:00 CET (...)`, or that nobody has said until when. */
export function until(end: InstantMs | null, timezone: string): string {
  return end === null ? "without an end" : `until ${formatInstant(end, timezone)}`;
}
