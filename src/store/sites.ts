import { eq, inArray } from "drizzle-orm";
import { site, siteAlias } from "../../db/schema.ts";
import { readableOrigins } from "../gate/origins.ts";
import { readableRedirect } from "../gate/redirect.ts";
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

type SiteRow = typeof site.$inferSelect;

/** Without its aliases. What a row says of visitors that is not in canonical form counts as not said. */
function siteOf(row: SiteRow): Omit<Site, "aliases"> {
  return { ...row, redirectUrl: readableRedirect(row.redirectUrl), origins: readableOrigins(row.origins) };
}

/** Puts what `selectSites` and `selectAliases` gave together. */
export function withAliases(
  rows: readonly SiteRow[],
  aliasRows: readonly { readonly host: string; readonly siteId: number }[],
): readonly Site[] {
  const aliases = Map.groupBy(aliasRows, (row) => row.siteId);
  return rows.map((row) => ({
    ...siteOf(row),
    aliases: (aliases.get(row.id) ?? []).map((alias) => alias.host),
  }));
}

/** All sites by number. */
export async function readSites(queries: Queries): Promise<readonly Site[]> {
  return withAliases(await selectSites(queries), await selectAliases(queries));
}

/** Adds a site and gives it the next number. */
export async function insertSite(queries: Queries, added: Omit<Site, "id" | "aliases">): Promise<Site> {
  const origins = added.origins.join(" ");
  const row = await queries
    .insert(site)
    .values({ ...added, origins })
    .returning()
    .get();
  return { ...siteOf(row), aliases: [] };
}

export async function updateSite(queries: Queries, changed: Site): Promise<void> {
  const { id, aliases: _, ...columns } = changed;
  const origins = changed.origins.join(" ");
  await queries
    .update(site)
    .set({ ...columns, origins })
    .where(eq(site.id, id))
    .run();
}

/** Removes a site with all that refers to it. */
export async function deleteSite(queries: Queries, id: number): Promise<void> {
  await queries.delete(site).where(eq(site.id, id)).run();
}

export async function insertAlias(queries: Queries, siteId: number, host: string): Promise<void> {
  await queries.insert(siteAlias).values({ siteId, host }).run();
}

export async function deleteAlias(queries: Queries, host: string): Promise<void> {
  await queries.delete(siteAlias).where(eq(siteAlias.host, host)).run();
}
