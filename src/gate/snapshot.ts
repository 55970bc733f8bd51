import { type Bypass, type BypassBook, type BypassKey, compileBypasses } from "./bypass.ts";
import { type CompiledExemptions, compileExemptions, type Exemption } from "./exemption.ts";
import { asHeard, mayRunOut } from "./lease.ts";
import type { InstantMs, Period } from "./period.ts";
import type { ReadonlyRule } from "./readonly-rule.ts";
import { isSameOccurrences, type Occurrences } from "./recurrence.ts";
import type { Site } from "./site.ts";
import { claimHosts, draftHosts, type HostsDraft, hasSameHosts, releaseHosts, type SiteHosts } from "./site-hosts.ts";
import { compileRecurring, compileRows, type Timeline } from "./timeline.ts";

/** What to do with a host that is nobody's when no site is `*`. */
export type UnknownHost = "default-site" | "open" | "closed";

/** Configuration that takes part in a verdict. */
export interface Policy {
  readonly unknownHost: UnknownHost;
  /** The site that `unknownHost: "default-site"` means. */
  readonly defaultSite: number;
  /** How long before a period visitors are told of it, in milliseconds. */
  readonly noticeLeadMs: number;
  /** Whether visitors are told why a site is or will be closed. */
  readonly publicReason: boolean;
  /** Whether staff wait outside like everybody. Superusers get in all the same. */
  readonly blockStaff: boolean;
}

/** What the store hands over for all sites at once, and with the exemptions of the configuration: plain rows. */
export interface EverywhereRecord {
  readonly periods: readonly Period[];
  readonly recurring: readonly Occurrences[];
  readonly exemptions: readonly Exemption[];
  readonly readonlyRules: readonly ReadonlyRule[];
}

/** What the store hands over for one site. */
export interface SiteRecord extends EverywhereRecord {
  readonly site: Site;
}

/** What closes, and what passes all the same. */
export interface Rules {
  readonly periods: readonly Period[];
  readonly recurring: readonly Occurrences[];
  /** The periods and what recurs, as far as leases have been heard of. */
  readonly timeline: Timeline;
  /** The part of the timeline that recurs. */
  readonly recurringTimeline: Timeline;
  readonly exemptions: CompiledExemptions;
  readonly readonlyRules: readonly ReadonlyRule[];
}

export interface SiteRules extends Rules {
  readonly site: Site;
}

/** Everything that a verdict needs, immutable, in memory. */
export interface Snapshot extends SiteHosts {
  /** The same in all copies of a database, and in no other; empty: no database. */
  readonly databaseId: string;
  /** The revision of the database that this is; 0: no database. */
  readonly revision: number;
  readonly sites: ReadonlyMap<number, SiteRules>;
  /** Until when leases have been heard of; what lies later must not run out yet. */
  readonly heardAt: InstantMs;
  readonly everywhere: Rules;
  /** Of all single sites that anything closes. */
  readonly siteTimelines: readonly Timeline[];
  /** The periods that have a lease. */
  readonly leased: readonly Period[];
  readonly bypasses: BypassBook;
  readonly policy: Policy;
}

/** A snapshot in the making: sites can be taken in a few at a time, while the one before it answers. */
export interface SnapshotDraft {
  readonly base: Snapshot | null;
  readonly heardAt: InstantMs;
  readonly sites: Map<number, SiteRules>;
  /** null: those of `base`, as long as no name changes. */
  hosts: HostsDraft | null;
  /** Whether a site gave up a name that another one may claim as well. */
  mustGather: boolean;
  sealed: boolean;
}

/** What belongs to no single site. */
export interface SnapshotRest {
  /** Unless there is no database. */
  readonly databaseId?: string;
  readonly revision: number;
  readonly everywhere: EverywhereRecord;
  /** None unless given. */
  readonly bypasses?: readonly Bypass[];
  readonly bypassKeys?: readonly BypassKey[];
  readonly policy: Policy;
}

/**
 * Begins with the sites of `base`, as leases were `heard` to be; a sealed draft shares them unless they are put again.
 * What is put is known as of then, too.
 */
export function startDraft(base: Snapshot | null, heard: Heard): SnapshotDraft {
  const heardAt = laterHeard(base?.heardAt ?? heard.at, heard.at);
  const renewed = base === null ? null : hear(base, heard);
  const sites = new Map(renewed?.sites);
  return { base: renewed, heardAt, sites, hosts: null, mustGather: false, sealed: false };
}

/** Adds sites, or replaces those with the same number. What did not change in them stays compiled. */
export function putSites(draft: SnapshotDraft, records: readonly SiteRecord[]): void {
  refuseSealed(draft);
  for (const record of records) {
    const { site } = record;
    const before = draft.sites.get(site.id);
    if (before === undefined || !hasSameHosts(before.site, site)) {
      if (before !== undefined) release(draft, before.site);
      claimHosts(changeHosts(draft), site);
    }
    draft.sites.set(site.id, { site, ...compile(record, before, draft.heardAt) });
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
  const { base, sites, heardAt } = draft;
  const { exactHosts, wildcardHosts, anyHost, hasContested } = hostsOf(draft);
  const everywhere = compile(rest.everywhere, base?.everywhere, heardAt);
  const hosts = { exactHosts, wildcardHosts, anyHost, hasContested };
  const { databaseId = "", revision, policy } = rest;
  const bypasses = compileBypasses(databaseId, rest.bypasses ?? [], rest.bypassKeys ?? []);
  return { databaseId, revision, heardAt, sites, ...hosts, everywhere, ...gather(sites, everywhere), bypasses, policy };
}

/** All at once: for few sites, and where a gap does not matter. */
export function buildSnapshot({
  sites,
  heardAt,
  ...rest
}: SnapshotRest & { readonly sites: readonly SiteRecord[]; readonly heardAt: InstantMs }): Snapshot {
  const draft = startDraft(null, { at: heardAt, leaseEnds: new Map() });
  putSites(draft, sites);
  return sealDraft(draft, rest);
}

const clockSetBackMs = 60_000;

/** What was heard from the database of leases, whose renewals raise no revision. */
export interface Heard {
  /** When. */
  readonly at: InstantMs;
  /** The ends of leases that were renewed, by the numbers of their periods. */
  readonly leaseEnds: ReadonlyMap<number, InstantMs>;
}

/** The snapshot with renewed leases, and with those that may run out from now on; the same one when that changes nothing. */
export function hear(snapshot: Snapshot, heard: Heard): Snapshot {
  const heardAt = laterHeard(snapshot.heardAt, heard.at);
  const renew = (period: Period): Period => {
    const leaseEnd = period.leaseEnd === null ? undefined : heard.leaseEnds.get(period.id);
    return leaseEnd === undefined || leaseEnd === period.leaseEnd ? period : { ...period, leaseEnd };
  };
  const changed = snapshot.leased.filter(
    (period) => renew(period) !== period || mayRunOut(renew(period), heardAt) !== mayRunOut(period, snapshot.heardAt),
  );
  if (changed.length === 0) return heardAt < snapshot.heardAt ? { ...snapshot, heardAt } : snapshot;
  const again = <T extends Rules>(rules: T): T => {
    const periods = rules.periods.map(renew);
    return { ...rules, periods, timeline: timelineOf(periods, rules.recurringTimeline, heardAt) };
  };
  const sites = new Map(snapshot.sites);
  for (const siteId of new Set(changed.map((period) => period.siteId))) {
    const rules = siteId === null ? undefined : sites.get(siteId);
    if (rules !== undefined) sites.set(rules.site.id, again(rules));
  }
  const everywhere = again(snapshot.everywhere);
  return { ...snapshot, heardAt, sites, everywhere, ...gather(sites, everywhere) };
}

/** A little back: it was said earlier. Far back: the clock was set, and what was heard before lies in the future. */
function laterHeard(before: InstantMs, at: InstantMs): InstantMs {
  return at < before - clockSetBackMs ? at : Math.max(before, at);
}

function compile(record: EverywhereRecord, before: Rules | undefined, heardAt: InstantMs): Rules {
  const { periods, recurring, readonlyRules } = record;
  const exemptions = recompile(before?.exemptions, record.exemptions);
  const isKept = before !== undefined && hasSameOccurrences(before.recurring, recurring);
  const recurringTimeline = isKept ? before.recurringTimeline : compileRecurring(recurring);
  const timeline = timelineOf(periods, recurringTimeline, heardAt);
  return {
    periods,
    recurring: isKept ? before.recurring : recurring,
    timeline,
    recurringTimeline,
    exemptions,
    readonlyRules,
  };
}

/** Thousands of occurrences take long to put in order: keep them over changes of something else. */
function hasSameOccurrences(a: readonly Occurrences[], b: readonly Occurrences[]): boolean {
  return a.length === b.length && a.every((each, index) => isSameOccurrences(each, b[index]));
}

function timelineOf(periods: readonly Period[], recurringTimeline: Timeline, heardAt: InstantMs): Timeline {
  return [...compileRows(periods.map((period) => asHeard(period, heardAt))), ...recurringTimeline];
}

function gather(sites: ReadonlyMap<number, SiteRules>, everywhere: Rules): Pick<Snapshot, "siteTimelines" | "leased"> {
  const siteTimelines: Timeline[] = [];
  const leased = everywhere.periods.filter((period) => period.leaseEnd !== null);
  for (const { periods, timeline } of sites.values()) {
    if (timeline.length > 0) siteTimelines.push(timeline);
    for (const period of periods) if (period.leaseEnd !== null) leased.push(period);
  }
  return { siteTimelines, leased };
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
