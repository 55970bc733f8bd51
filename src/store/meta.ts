import { eq, sql } from "drizzle-orm";
import { meta } from "../../db/schema.ts";
import { LullError } from "../gate/error.ts";
import type { Queries } from "./database.ts";

/** What the whole database is at. */
export interface Meta {
  readonly revision: number;
  readonly schemaVersion: number;
  /** Random, the same in all copies of a database. */
  readonly databaseId: string;
  /** How often `callRoll` was called. */
  readonly rollCall: number;
}

/** A query: await it, or put it into a batch. */
export function selectMeta(queries: Queries) {
  const { revision, schemaVersion, databaseId, rollCall } = meta;
  return queries.select({ revision, schemaVersion, databaseId, rollCall }).from(meta).where(eq(meta.id, 1));
}

/** What these queries see. Throws LullError. */
export async function readMeta(queries: Queries): Promise<Meta> {
  return metaOf(await selectMeta(queries));
}

/** What `selectMeta` gave. Throws LullError. */
export function metaOf(rows: readonly Meta[]): Meta {
  const row = rows[0];
  if (row === undefined)
    throw new LullError(
      "unreachable",
      'the database has lost its row "meta"; put a copy made by "lull backup" in its place',
    );
  return row;
}

export async function writeRevision(queries: Queries, revision: number): Promise<void> {
  await queries.update(meta).set({ revision }).where(eq(meta.id, 1)).run();
}

/** Asks all sidecars to say that they live. Gives the number that their answers must reach. Operational: raises no revision. */
export async function callRoll(queries: Queries): Promise<number> {
  const rollCall = sql`${meta.rollCall} + 1`;
  const rows = await queries
    .update(meta)
    .set({ rollCall })
    .where(eq(meta.id, 1))
    .returning({ rollCall: meta.rollCall });
  return rows[0]?.rollCall ?? 0;
}
