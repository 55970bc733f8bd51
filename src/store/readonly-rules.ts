import { eq, inArray, isNull, or } from "drizzle-orm";
import { readonlyRule } from "../../db/schema.ts";
import type { ReadonlyRule } from "../gate/readonly-rule.ts";
import type { SiteNumbers } from "./audits.ts";
import type { Queries } from "./database.ts";

/** Rules on these sites and on all sites; all of them unless sites are given. A query: await it, or put it into a batch. */
export function selectReadonlyRules(queries: Queries, sites?: SiteNumbers) {
  return queries
    .select()
    .from(readonlyRule)
    .where(sites === undefined ? undefined : or(inArray(readonlyRule.siteId, sites), isNull(readonlyRule.siteId)))
    .orderBy(readonlyRule.id);
}

/** One rule by its number. */
export async function readReadonlyRule(queries: Queries, id: number): Promise<ReadonlyRule | undefined> {
  return queries.select().from(readonlyRule).where(eq(readonlyRule.id, id)).get();
}

export async function insertReadonlyRule(queries: Queries, added: Omit<ReadonlyRule, "id">): Promise<ReadonlyRule> {
  return queries.insert(readonlyRule).values(added).returning().get();
}

export async function deleteReadonlyRule(queries: Queries, id: number): Promise<void> {
  await queries.delete(readonlyRule).where(eq(readonlyRule.id, id)).run();
}
