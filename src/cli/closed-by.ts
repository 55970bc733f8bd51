import type { InstantMs, Period } from "../gate/period.ts";
import { formatInstant } from "../time/instant.ts";
import { printable } from "./table.ts";

/** A period in words: by what, by whom, until when, why. */
export function describePeriod(period: Period, timezone: string): string {
  const scope = period.siteId === null ? " on all sites" : "";
  const mode = period.mode === "readonly" ? ", read-only" : "";
  const reason = period.reason === "" ? "" : `: ${period.reason}`;
  return printable(
    `"${period.name}"${scope}${mode} (period ${period.id}) by ${period.owner} ${until(period.end, timezone)}${reason}`,
  );
}

/** `until 2026-11-20 11:00 CET (...)`, or that nobody has said until when. */
export function until(end: InstantMs | null, timezone: string): string {
  return end === null ? "without an end" : `until ${formatInstant(end, timezone)}`;
}
