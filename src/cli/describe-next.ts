import type { Period } from "../gate/period.ts";
import { localTime } from "./local-time.ts";

/** `"night" 2026-11-21 02:00 UTC by ada@desk: backup`: name, start, whose and why, for a table. */
export function describeNext(next: Period | null, timezone: string): string {
  if (next === null) return "";
  const owner = next.owner === "" ? "" : ` by ${next.owner}`;
  const reason = next.reason === "" ? "" : `: ${next.reason}`;
  return `"${next.name}" ${localTime(next.start, timezone)}${owner}${reason}`;
}
