import type { InstantMs, Period } from "../gate/period.ts";
import { formatInstant } from "../time/instant.ts";
import { describePeriod } from "./closed-by.ts";

/** A period in words, with its start. */
export function describePlan(period: Period, timezone: string): string {
  return `${describePeriod(period, timezone)}, from ${formatInstant(period.start, timezone)}`;
}

/** Where a period stands, whether it is enabled or not. */
export function whenOf(period: Period, now: InstantMs): "past" | "running" | "upcoming" {
  if (period.start > now) return "upcoming";
  return period.end === null || period.end > now ? "running" : "past";
}
