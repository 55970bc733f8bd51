import { eq } from "drizzle-orm";
import { meta } from "../../db/schema.ts";
import { LullError } from "../gate/error.ts";
import type { Queries } from "./database.ts";

/** A query: await it, or put it into a batch. */
export function selectRevision(queries: Queries) {
  return queries.select({ revision: meta.revision }).from(meta).where(eq(meta.id, 1));
}

/** The revision of the database as these queries see it. Throws LullError. */
export async function readRevision(queries: Queries): Promise<number> {
  return revisionOf(await selectRevision(queries));
}

/** The revision in what `selectRevision` gave. Throws LullError. */
export function revisionOf(rows: readonly { readonly revision: number }[]): number {
  const row = rows[0];
  if (row === undefined)
    throw new LullError(
      "unreachable",
      'the database has lost its row "meta"; put a copy made by "lull backup" in its place',
    );
  return row.revision;
}

export async function writeRevision(queries: Queries, revision: number): Promise<void> {
  await queries.update(meta).set({ revision }).where(eq(meta.id, 1)).run();
}
