import type { InstantMs, Period } from "../gate/period.ts";
import { formatInstant } from "../time/instant.ts";

/** A period in words: by what, by whose, until when, why. `on`: its site; without it only that it is on all of them. */
export function describePeriod(period: Period, timezone: string, on?: string): string {
  const scope = on !== undefined ? ` on ${on}` : period.siteId === null ? " on all sites" : "";
  const mode = period.mode === "readonly" ? ", read-only" : "";
  const owner = period.owner === "" ? "" : ` by ${period.owner}`;
  const reason = period.reason === "" ? "" : `: ${period.reason}`;
  return `"${period.name}"${scope}${mode} (${numberOf(period)})${owner}${lasting(period, timezone)}${reason}`;
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
