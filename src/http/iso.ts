import type { InstantMs } from "../gate/period.ts";

/** RFC 3339 in UTC, with milliseconds. */
export function iso(instant: InstantMs): string {
  return new Date(instant).toISOString();
}

export function isoOrNull(instant: InstantMs | null): string | null {
  return instant === null ? null : iso(instant);
}
