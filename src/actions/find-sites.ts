import { noCredentials } from "../gate/bypass.ts";
import { parseTrust } from "../gate/client-ip.ts";
import { findSite as findVisitedSite } from "../gate/decide.ts";
import { LullError } from "../gate/error.ts";
import { canonicalHostOf } from "../gate/host.ts";
import type { Site } from "../gate/site.ts";
import { buildSnapshot } from "../gate/snapshot.ts";
import { readVisit } from "../gate/visit.ts";
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
  if (site === undefined) throw unknownSites(sites, [name]);
  return site;
}

/** Throws LullError that names all unknown sites. */
export function requireSites(sites: readonly Site[], names: readonly string[]): readonly Site[] {
  const { found, unknown } = findSites(sites, names);
  if (unknown.length > 0) throw unknownSites(sites, unknown);
  return found;
}

function unknownSites(sites: readonly Site[], names: readonly string[]): LullError {
  const covered = names.map((name) => ({ name, site: coveringSite(sites, name) }));
  const nobodys = covered.flatMap(({ name, site }) => (site === null ? [name] : []));
  return new LullError(
    "refused",
    [
      ...covered.flatMap(({ name, site }) => (site === null ? [] : [describeCovered(name, site)])),
      ...(nobodys.length === 0 ? [] : [`no site ${nobodys.join(", ")}; "lull site list" shows those that there are`]),
    ].join("; "),
  );
}

/** A name that is no site's own: `no site blog.example.org; site 3 (*.example.org) answers for it`. */
export function describeUnknown(sites: readonly Site[], name: string): string {
  const site = coveringSite(sites, name);
  return site === null ? `no site ${name}` : describeCovered(name, site);
}

function describeCovered(name: string, site: Site): string {
  return `no site ${name}; site ${siteLabel(site)} answers for it`;
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

/** The site that visitors of this host get although nothing has the name; null: none, or no host. */
function coveringSite(sites: readonly Site[], name: string): Site | null {
  // A number is meant as a site's, and what begins with - as an option.
  if (/^-|^\d+(?:\.\d*)?$/.test(name)) return null;
  // Whatever stands for the star.
  const host = canonicalHostOf(name.replace(/^\*\./, "_."));
  if (host === null) return null;
  const everywhere = { periods: [], recurring: [], exemptions: [], readonlyRules: [] };
  const snapshot = buildSnapshot({
    revision: 0,
    sites: sites.map((site) => ({ site, ...everywhere })),
    everywhere,
    // Who answers by configuration alone is not said here.
    policy: { unknownHost: "open", defaultSite: 0, noticeLeadMs: 0, publicReason: false, blockStaff: false },
    heardAt: 0,
  });
  const visit = { site: null, host, target: "/", method: "GET", peer: { kind: "unix" } } as const;
  const nothing = { addressHeader: null, credentials: noCredentials };
  return findVisitedSite(snapshot, readVisit({ ...visit, ...nothing }, parseTrust([])))?.site ?? null;
}
