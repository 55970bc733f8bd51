import { eq, inArray } from "drizzle-orm";
import { site, siteAlias } from "../../db/schema.ts";
import type { Site } from "../gate/site.ts";
import type { SiteNumbers } from "./audits.ts";
import type { Queries } from "./database.ts";

/** The rows of sites, by number; all of them unless numbers are given. A query: await it, or put it into a batch. */
export function selectSites(queries: Queries, ids?: SiteNumbers) {
  return queries
    .select()
    .from(site)
    .where(ids === undefined ? undefined : inArray(site.id, ids))
    .orderBy(site.id);
}

/** The rows of aliases, of all sites unless numbers are given. A query. */
export function selectAliases(queries: Queries, ids?: SiteNumbers) {
  return queries
    .select()
    .from(siteAlias)
    .where(ids === undefined ? undefined : inArray(siteAlias.siteId, ids))
    .orderBy(siteAlias.host);
}

/** Puts what `selectSites` and `selectAliases` gave together. */
export function withAliases(
  rows: readonly Omit<Site, "aliases">[],
  aliasRows: readonly { readonly host: string; readonly siteId: number }[],
): readonly Site[] {
  const aliases = Map.groupBy(aliasRows, (row) => row.siteId);
  return rows.map((row) => ({
    ...row,
    aliases: (aliases.get(row.id) ?? []).map((alias) => alias.host),
  }));
}

/** All sites by number. */
export async function readSites(queries: Queries): Promise<readonly Site[]> {
  return withAliases(await selectSites(queries), await selectAliases(queries));
}

/** Adds a site and gives it the next number. */
export async function insertSite(queries: Queries, added: Omit<Site, "id" | "aliases">): Promise<Site> {
  const row = await queries.insert(site).values(added).returning().get();
  return { ...row, aliases: [] };
}

export async function updateSite(queries: Queries, changed: Site): Promise<void> {
  const { domain, name, message } = changed;
  await queries.update(site).set({ domain, name, message }).where(eq(site.id, changed.id)).run();
}

/** Removes a site with its aliases, periods and exemptions. */
export async function deleteSite(queries: Queries, id: number): Promise<void> {
  await queries.delete(site).where(eq(site.id, id)).run();
}

export async function insertAlias(queries: Queries, siteId: number, host: string): Promise<void> {
  await queries.insert(siteAlias).values({ siteId, host }).run();
}

export async function deleteAlias(queries: Queries, host: string): Promise<void> {
  await queries.delete(siteAlias).where(eq(siteAlias.host, host)).run();
}
