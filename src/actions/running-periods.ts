import { isRunning, type Period } from "../gate/period.ts";
import type { Change } from "../store/change.ts";
import { readPeriods } from "../store/periods.ts";

/** The periods that run when the change happens, those that recurrences yield left out. */
export async function runningPeriods({ queries, now }: Change): Promise<readonly Period[]> {
  return (await readPeriods(queries, { endsAfter: now })).filter((period) => isRunning(period, now));
}
