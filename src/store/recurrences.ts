import { and, eq, inArray, isNull, or } from "drizzle-orm";
import { occurrence, recurrence } from "../../db/schema.ts";
import type { OccurrenceChange, Recurrence } from "../gate/recurrence.ts";
import type { SiteNumbers } from "./audits.ts";
import type { Queries } from "./database.ts";

/** Recurrences on these sites and on all sites; all of them unless sites are given. A query: await it, or put it into a batch. */
export function selectRecurrences(queries: Queries, sites?: SiteNumbers) {
  return queries
    .select()
    .from(recurrence)
    .where(sites === undefined ? undefined : or(inArray(recurrence.siteId, sites), isNull(recurrence.siteId)))
    .orderBy(recurrence.id);
}

/** What was changed in single occurrences, of all recurrences or of one. A query. */
export function selectOccurrenceChanges(queries: Queries, recurrenceId?: number) {
  return queries
    .select()
    .from(occurrence)
    .where(recurrenceId === undefined ? undefined : eq(occurrence.recurrenceId, recurrenceId))
    .orderBy(occurrence.wall);
}

/** One recurrence by its number. */
export async function readRecurrence(queries: Queries, id: number): Promise<Recurrence | undefined> {
  return queries.select().from(recurrence).where(eq(recurrence.id, id)).get();
}

export async function insertRecurrence(queries: Queries, added: Omit<Recurrence, "id">): Promise<Recurrence> {
  return queries.insert(recurrence).values(added).returning().get();
}

export async function updateRecurrence(queries: Queries, changed: Recurrence): Promise<void> {
  const { id, ...columns } = changed;
  await queries.update(recurrence).set(columns).where(eq(recurrence.id, id)).run();
}

/** Removes a recurrence with what was changed in its occurrences. */
export async function deleteRecurrence(queries: Queries, id: number): Promise<void> {
  await queries.delete(recurrence).where(eq(recurrence.id, id)).run();
}

export async function writeOccurrenceChange(queries: Queries, changed: OccurrenceChange): Promise<void> {
  const { recurrenceId, wall, ...columns } = changed;
  await queries
    .insert(occurrence)
    .values({ recurrenceId, wall, ...columns })
    .onConflictDoUpdate({ target: [occurrence.recurrenceId, occurrence.wall], set: columns })
    .run();
}

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
