import type { InstantMs } from "../gate/period.ts";

/** RFC 3339 in UTC; null: unknown. */
export function isoOrNull(instant: InstantMs | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
