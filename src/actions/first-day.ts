import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import { DAY_MS, dayOf, formatWall, type WallMs } from "../gate/wall.ts";
import { wallClock } from "../gate/wall-clock.ts";
import { occurrencesAround } from "./find-occurrence.ts";

/**
 * The first day that counts when nobody says which: today in the zone of the rule, or tomorrow when all that it starts
 * today is over, so that COUNT and INTERVAL count from something that does close. Throws LullError.
 */
export async function firstDay(rule: Omit<Recurrence, "id" | "siteId" | "from">, now: InstantMs): Promise<string> {
  const midnight = dayOf(wallClock(rule.timezone, { from: now, to: now }).wallOf(now));
  const [today, tomorrow] = [dateOf(midnight), dateOf(midnight + DAY_MS)];
  const started = await startedOn(today, { ...rule, id: 0, siteId: null, from: today });
  const isOver = started.length > 0 && started.every(({ end }) => end <= now);
  // One whose last day is today yields nothing more, and has no day after it.
  return isOver && (rule.until === null || rule.until >= tomorrow) ? tomorrow : today;
}

async function startedOn(day: string, recurrence: Recurrence): Promise<readonly Occurrence[]> {
  try {
    const around = await occurrencesAround(recurrence, day);
    return around.filter(({ wall }) => wall.startsWith(day));
  } catch (error) {
    // Whoever checks the rule says better what is wrong with it.
    if (!(error instanceof LullError)) throw error;
    return [];
  }
}

function dateOf(midnight: WallMs): string {
  return formatWall(midnight).slice(0, 10);
}
