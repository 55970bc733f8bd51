import type { Bypass } from "./bypass.ts";
import type { InstantMs } from "./period.ts";
import type { Standing } from "./standing.ts";

/** How long staff are let in for by a bypass in exchange, until they are asked for again. */
export const staffEntryMs = 30 * 60 * 1_000;

/** The bypass by which all who are that come in: it holds for a whole entry, and the longest. null: there is none. */
export function staffEntryOf(bypasses: Iterable<Bypass>, standing: Standing, now: InstantMs): Bypass | null {
  let longest: Bypass | null = null;
  for (const bypass of bypasses) {
    if (bypass.standing !== standing || bypass.siteId !== null || bypass.expires < now + staffEntryMs) continue;
    if (longest === null || bypass.expires > longest.expires) longest = bypass;
  }
  return longest;
}
