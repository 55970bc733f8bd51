import type { InstantMs } from "../gate/period.ts";
import { formatInstant } from "../time/instant.ts";

/** An instant in the configured zone, for tables, where the same in UTC beside it would not fit: `2026-11-20 11:00 CET`. */
export function localTime(instant: InstantMs, timezone: string): string {
  return formatInstant(instant, timezone).replace(/ \([^)]*\)$/, "");
}
