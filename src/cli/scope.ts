import { siteLabel } from "../actions/find-sites.ts";
import type { Site } from "../gate/site.ts";

/** What a period or an exemption is on: `all sites`, `site 2 (example.com)`; a site that is none of these, by its number. */
export function scopeOf(siteId: number | null, sites: ReadonlyMap<number, Site>): string {
  if (siteId === null) return "all sites";
  const site = sites.get(siteId);
  return `site ${site === undefined ? siteId : siteLabel(site)}`;
}

/** The same for a column: `all`, `2`. */
export function scopeCell(siteId: number | null): string {
  return siteId === null ? "all" : String(siteId);
}

export function byNumber(sites: readonly Site[]): ReadonlyMap<number, Site> {
  return new Map(sites.map((site) => [site.id, site]));
}
