import { and, eq } from "drizzle-orm";
import { occurrence } from "../../db/schema.ts";
import type { OccurrenceChange } from "../gate/recurrence.ts";
import type { Queries } from "./database.ts";

/** Takes back what was changed in one occurrence. */
export async function deleteOccurrenceChange(
  queries: Queries,
  { recurrenceId, wall }: Pick<OccurrenceChange, "recurrenceId" | "wall">,
): Promise<void> {
  await queries
    .delete(occurrence)
    .where(and(eq(occurrence.recurrenceId, recurrenceId), eq(occurrence.wall, wall)))
    .run();
}
