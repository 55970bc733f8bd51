import type { Site } from "./site.ts";

/** Which site a host means. A name that several sites claim belongs to the one with the lowest number. */
export interface SiteHosts {
  /** Canonical exact domains and aliases to site numbers. */
  readonly exactHosts: ReadonlyMap<string, number>;
  /** `example.com` for `*.example.com`, to site numbers. */
  readonly wildcardHosts: ReadonlyMap<string, number>;
  /** The site whose domain or alias is `*`. */
  readonly anyHost: number | null;
  /** Whether a name was claimed by more than one site: who takes it over is then not known from these maps. */
  readonly hasContested: boolean;
}

/** In the making. */
export interface HostsDraft {
  readonly exactHosts: Map<string, number>;
  readonly wildcardHosts: Map<string, number>;
  anyHost: number | null;
  hasContested: boolean;
}

export function draftHosts(base: SiteHosts | null): HostsDraft {
  return {
    exactHosts: new Map(base?.exactHosts),
    wildcardHosts: new Map(base?.wildcardHosts),
    anyHost: base?.anyHost ?? null,
    hasContested: base?.hasContested ?? false,
  };
}

export function claimHosts(draft: HostsDraft, site: Site): void {
  for (const name of [site.domain, ...site.aliases]) {
    const owner = ownerOf(draft, name);
    if (owner !== null && owner !== site.id) draft.hasContested = true;
    setOwner(draft, name, Math.min(owner ?? site.id, site.id));
  }
}

/** Right only while no name is contested: else gather all of them again. */
export function releaseHosts(draft: HostsDraft, site: Site): void {
  for (const name of [site.domain, ...site.aliases]) setOwner(draft, name, null);
}

/** The site that a canonical host means: exact, then by the longest wildcard, then `*`; null: none. */
export function siteOfHost(hosts: SiteHosts, host: string): number | null {
  const exact = hosts.exactHosts.get(host);
  if (exact !== undefined) return exact;
  if (hosts.wildcardHosts.size > 0) {
    for (let dot = host.indexOf("."); dot !== -1; dot = host.indexOf(".", dot + 1)) {
      const wildcard = hosts.wildcardHosts.get(host.slice(dot + 1));
      if (wildcard !== undefined) return wildcard;
    }
  }
  return hosts.anyHost;
}

export function hasSameHosts(a: Site, b: Site): boolean {
  if (a.domain !== b.domain || a.aliases.length !== b.aliases.length) return false;
  return a.aliases.every((alias, index) => alias === b.aliases[index]);
}

function ownerOf(draft: HostsDraft, name: string): number | null {
  if (name === "*") return draft.anyHost;
  const wildcard = name.startsWith("*.");
  return (wildcard ? draft.wildcardHosts.get(name.slice(2)) : draft.exactHosts.get(name)) ?? null;
}

function setOwner(draft: HostsDraft, name: string, id: number | null): void {
  if (name === "*") {
    draft.anyHost = id;
    return;
  }
  const wildcard = name.startsWith("*.");
  const owners = wildcard ? draft.wildcardHosts : draft.exactHosts;
  const key = wildcard ? name.slice(2) : name;
  if (id === null) owners.delete(key);
  else owners.set(key, id);
}
