import { eq, inArray, isNull, or } from "drizzle-orm";
import { exemption } from "../../db/schema.ts";
import type { Exemption } from "../gate/exemption.ts";
import type { SiteNumbers } from "./audits.ts";
import type { Queries } from "./database.ts";

/** An exemption that is a row. */
export type StoredExemption = Exemption & { readonly id: number };

/** Exemptions on these sites and on all sites; all of them unless sites are given. A query: await it, or put it into a batch. */
export function selectExemptions(queries: Queries, sites?: SiteNumbers) {
  return queries
    .select()
    .from(exemption)
    .where(sites === undefined ? undefined : or(inArray(exemption.siteId, sites), isNull(exemption.siteId)))
    .orderBy(exemption.id);
}

/** One exemption by its number. */
export async function readExemption(queries: Queries, id: number): Promise<StoredExemption | undefined> {
  return queries.select().from(exemption).where(eq(exemption.id, id)).get();
}

export async function insertExemption(queries: Queries, added: Omit<Exemption, "id">): Promise<StoredExemption> {
  return queries.insert(exemption).values(added).returning().get();
}

export async function deleteExemption(queries: Queries, id: number): Promise<void> {
  await queries.delete(exemption).where(eq(exemption.id, id)).run();
}
