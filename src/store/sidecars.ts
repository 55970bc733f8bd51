import { asc, eq } from "drizzle-orm";
import { sidecar } from "../../db/schema.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Queries } from "./database.ts";

// Operational rows: they raise no revision and leave no audit.

/** A sidecar that has registered and has not been stopped cleanly. */
export interface Sidecar {
  /** Random, one for each start of a process. */
  readonly instance: string;
  readonly hostname: string;
  readonly processId: number;
  /** What it serves on, separated by spaces. */
  readonly listen: string;
  readonly version: string;
  readonly startedAt: InstantMs;
  readonly seenAt: InstantMs;
  /** The revision of the snapshot that it serves. */
  readonly revision: number;
  /** The last roll call that its serving thread has answered. */
  readonly rollCall: number;
}

export async function readSidecars(queries: Queries): Promise<readonly Sidecar[]> {
  return queries.select().from(sidecar).orderBy(asc(sidecar.hostname), asc(sidecar.startedAt));
}

/** Registers a sidecar, or says again that it lives and what it serves. */
export async function upsertSidecar(queries: Queries, row: Sidecar): Promise<void> {
  const { instance, ...columns } = row;
  await queries.insert(sidecar).values(row).onConflictDoUpdate({ target: sidecar.instance, set: columns }).run();
}

export async function deleteSidecar(queries: Queries, instance: string): Promise<void> {
  await queries.delete(sidecar).where(eq(sidecar.instance, instance)).run();
}
