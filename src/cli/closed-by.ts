import type { InstantMs, Period } from "../gate/period.ts";
import { formatInstant } from "../time/instant.ts";

/** A period in words: by what, by whose, until when, why. `on`: its site; without it only that it is on all of them. */
export function describePeriod(period: Period, timezone: string, on?: string): string {
  const scope = on !== undefined ? ` on ${on}` : period.siteId === null ? " on all sites" : "";
  const mode = period.mode === "readonly" ? ", read-only" : "";
  const owner = period.owner === "" ? "" : ` by ${period.owner}`;
  const reason = period.reason === "" ? "" : `: ${period.reason}`;
  return `"${period.name}"${scope}${mode} (period ${period.id})${owner} ${until(period.end, timezone)}${reason}`;
}

/** `until 2026-11-20 11:00 CET (...)`, or that nobody has said until when. */
export function until(end: InstantMs | null, timezone: string): string {
  return end === null ? "without an end" : `until ${formatInstant(end, timezone)}`;
}
