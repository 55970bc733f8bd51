import { type CompiledExemptions, compileExemptions, type Exemption } from "./exemption.ts";
import type { Period } from "./period.ts";
import type { Site } from "./site.ts";
import { claimHosts, draftHosts, type HostsDraft, hasSameHosts, releaseHosts, type SiteHosts } from "./site-hosts.ts";

/** What to do with a host that is nobody's when no site is `*`. */
export type UnknownHost = "default-site" | "open" | "closed";

/** Configuration that takes part in a verdict. */
export interface Policy {
  readonly unknownHost: UnknownHost;
  /** The site that `unknownHost: "default-site"` means. */
  readonly defaultSite: number;
}

/** What the store hands over for one site: plain rows. */
export interface SiteRecord {
  readonly site: Site;
  readonly periods: readonly Period[];
  readonly exemptions: readonly Exemption[];
}

/** What holds on all sites: plain rows, and the exemptions of the configuration. */
export interface EverywhereRecord {
  readonly periods: readonly Period[];
  readonly exemptions: readonly Exemption[];
}

export interface SiteRules {
  readonly site: Site;
  readonly periods: readonly Period[];
  readonly exemptions: CompiledExemptions;
}

/** Everything that a verdict needs, immutable, in memory. */
export interface Snapshot extends SiteHosts {
  /** The revision of the database that this is; 0: no database. */
  readonly revision: number;
  readonly sites: ReadonlyMap<number, SiteRules>;
  readonly everywhere: { readonly periods: readonly Period[]; readonly exemptions: CompiledExemptions };
  /** The periods of all single sites, in no order. */
  readonly sitePeriods: readonly Period[];
  readonly policy: Policy;
}

/** A snapshot in the making: sites can be taken in a few at a time, while the one before it answers. */
export interface SnapshotDraft {
  readonly base: Snapshot | null;
  readonly sites: Map<number, SiteRules>;
  /** null: those of `base`, as long as no name changes. */
  hosts: HostsDraft | null;
  /** Whether a site gave up a name that another one may claim as well. */
  mustGather: boolean;
  sealed: boolean;
}

/** What belongs to no single site. */
export interface SnapshotRest {
  readonly revision: number;
  readonly everywhere: EverywhereRecord;
  readonly policy: Policy;
}

/** Begins with the sites of `base`, which a sealed draft shares unless they are put again. */
export function startDraft(base: Snapshot | null): SnapshotDraft {
  return { base, sites: new Map(base?.sites), hosts: null, mustGather: false, sealed: false };
}

/** Adds sites, or replaces those with the same number. What did not change in them stays compiled. */
export function putSites(draft: SnapshotDraft, records: readonly SiteRecord[]): void {
  refuseSealed(draft);
  for (const { site, periods, exemptions } of records) {
    const before = draft.sites.get(site.id);
    if (before === undefined || !hasSameHosts(before.site, site)) {
      if (before !== undefined) release(draft, before.site);
      claimHosts(changeHosts(draft), site);
    }
    draft.sites.set(site.id, { site, periods, exemptions: recompile(before?.exemptions, exemptions) });
  }
}

/** Numbers that are no site's are passed over. */
export function removeSites(draft: SnapshotDraft, ids: Iterable<number>): void {
  refuseSealed(draft);
  for (const id of ids) {
    const before = draft.sites.get(id);
    if (before === undefined) continue;
    release(draft, before.site);
    draft.sites.delete(id);
  }
}

/** Ends the draft: it cannot be changed any more. */
export function sealDraft(draft: SnapshotDraft, rest: SnapshotRest): Snapshot {
  refuseSealed(draft);
  draft.sealed = true;
  const { base, sites } = draft;
  const { exactHosts, wildcardHosts, anyHost, hasContested } = hostsOf(draft);
  const sitePeriods: Period[] = [];
  for (const { periods } of sites.values()) {
    for (const period of periods) sitePeriods.push(period);
  }
  const { periods, exemptions } = rest.everywhere;
  const everywhere = { periods, exemptions: recompile(base?.everywhere.exemptions, exemptions) };
  const { revision, policy } = rest;
  return { revision, sites, exactHosts, wildcardHosts, anyHost, hasContested, everywhere, sitePeriods, policy };
}

/** All at once: for few sites, and where a gap does not matter. */
export function buildSnapshot({ sites, ...rest }: SnapshotRest & { readonly sites: readonly SiteRecord[] }): Snapshot {
  const draft = startDraft(null);
  putSites(draft, sites);
  return sealDraft(draft, rest);
}

function refuseSealed(draft: SnapshotDraft): void {
  if (draft.sealed) throw new Error("a sealed draft is a snapshot, and a snapshot never changes");
}

function changeHosts(draft: SnapshotDraft): HostsDraft {
  draft.hosts ??= draftHosts(draft.base);
  return draft.hosts;
}

function release(draft: SnapshotDraft, site: Site): void {
  const hosts = changeHosts(draft);
  releaseHosts(hosts, site);
  if (hosts.hasContested) draft.mustGather = true;
}

function hostsOf(draft: SnapshotDraft): SiteHosts {
  if (!draft.mustGather) return draft.hosts ?? draft.base ?? draftHosts(null);
  const hosts = draftHosts(null);
  for (const { site } of draft.sites.values()) claimHosts(hosts, site);
  return hosts;
}

/** Patterns are dear to compile: keep them over changes of something else. */
function recompile(before: CompiledExemptions | undefined, list: readonly Exemption[]): CompiledExemptions {
  return before !== undefined && sameExemptions(before.list, list) ? before : compileExemptions(list);
}

function sameExemptions(a: readonly Exemption[], b: readonly Exemption[]): boolean {
  return a.length === b.length && a.every((exemption, index) => isSame(exemption, b[index]));
}

function isSame(a: Exemption, b: Exemption | undefined): boolean {
  return (
    b !== undefined &&
    a.id === b.id &&
    a.siteId === b.siteId &&
    a.kind === b.kind &&
    a.value === b.value &&
    a.description === b.description &&
    a.expires === b.expires
  );
}
