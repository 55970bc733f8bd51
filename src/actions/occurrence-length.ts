import type { Recurrence } from "../gate/recurrence.ts";
import { DAY_MS, dayOf, parseTimeOfDay, type WallMs } from "../gate/wall.ts";

/** How long the clocks say that the occurrence of a wall time lasts, in milliseconds; when they change, it lasts longer or shorter. */
export function clockLengthMs({ durationMs, to }: Pick<Recurrence, "durationMs" | "to">, wall: WallMs): number {
  if (durationMs !== null || to === null) return durationMs ?? 0;
  const length = parseTimeOfDay(to) - (wall - dayOf(wall));
  return length > 0 ? length : length + DAY_MS;
}
