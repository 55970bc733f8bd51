import { LullError } from "../gate/error.ts";
import { canonicalHostOf } from "../gate/host.ts";
import type { Site } from "../gate/site.ts";
import type { Queries } from "../store/database.ts";
import { selectSites } from "../store/sites.ts";

/** Sites as people name them: by number, domain or alias. */
export interface FoundSites {
  /** In the order of the names; a site named twice stands here twice. */
  readonly found: readonly Site[];
  /** Names that are nobody's, in order. */
  readonly unknown: readonly string[];
}

export function findSites(sites: readonly Site[], names: readonly string[]): FoundSites {
  const found: Site[] = [];
  const unknown: string[] = [];
  for (const name of names) {
    const site = findSite(sites, name);
    if (site === undefined) unknown.push(name);
    else found.push(site);
  }
  return { found, unknown };
}

/** One site by number, domain or alias. Throws LullError when there is none. */
export function requireSite(sites: readonly Site[], name: string): Site {
  const site = findSite(sites, name);
  if (site === undefined)
    throw new LullError("refused", `no site ${name}; "lull site list" shows those that there are`);
  return site;
}

/** Throws LullError that names all unknown sites. */
export function requireSites(sites: readonly Site[], names: readonly string[]): readonly Site[] {
  const { found, unknown } = findSites(sites, names);
  if (unknown.length > 0) {
    throw new LullError("refused", `no site ${unknown.join(", ")}; "lull site list" shows those that there are`);
  }
  return found;
}

/** The numbers of sites that were chosen before the transaction began, each once. Throws LullError when one is gone; null: all sites. */
export async function requirePresent(
  queries: Queries,
  sites: readonly Site[] | null,
): Promise<ReadonlySet<number | null>> {
  if (sites === null) return new Set([null]);
  const ids = sites.map((site) => site.id);
  const present = new Set((await selectSites(queries, ids)).map((row) => row.id));
  const gone = sites.find((site) => !present.has(site.id));
  if (gone !== undefined) throw new LullError("refused", `site ${siteLabel(gone)} was removed a moment ago`);
  return new Set(ids);
}

/** How a message calls a site: `1 (example.com)`. */
export function siteLabel(site: Site): string {
  return `${site.id} (${site.domain})`;
}

function findSite(sites: readonly Site[], name: string): Site | undefined {
  if (/^\d+$/.test(name)) return sites.find((site) => site.id === Number(name));
  const wanted = name.startsWith("*.")
    ? wildcard(canonicalHostOf(name.slice(2)))
    : name === "*"
      ? name
      : canonicalHostOf(name);
  return (
    sites.find((site) => site.domain === wanted) ??
    sites.find((site) => wanted !== null && site.aliases.includes(wanted))
  );
}

function wildcard(host: string | null): string | null {
  return host === null ? null : `*.${host}`;
}
