import { type BypassUse, bypassOf } from "./bypass.ts";
import { type CompiledExemptions, coveringExemption, type Exemption } from "./exemption.ts";
import { byEndLastFirst, expectedOver, type InstantMs, overAt, type Period } from "./period.ts";
import { isSafeVisit, type ReadonlyRule } from "./readonly-rule.ts";
import type { Site } from "./site.ts";
import { siteOfHost } from "./site-hosts.ts";
import type { SiteRules, Snapshot } from "./snapshot.ts";
import { higherStanding, letsIn } from "./standing.ts";
import { chainOf, nextAfter, nextStart, runningAt, type Timeline } from "./timeline.ts";
import type { ClosedVerdict, Entry, OpenVerdict, OpenWhy, Verdict } from "./verdict.ts";
import type { Visit } from "./visit.ts";

const noRules: readonly ReadonlyRule[] = [];
const noSiteClosed: ClosedVerdict = {
  kind: "closed",
  why: "unknown-host",
  site: null,
  period: null,
  chain: [],
  opensAt: null,
};

/**
 * The site of a visit: the number that the proxy names, else of the host the exact name, the longest wildcard, `*`,
 * and at last what `unknown_host` means. null: nobody's.
 */
export function findSite(snapshot: Snapshot, visit: Visit): SiteRules | null {
  if (!isPlaceable(visit)) return null;
  const id = visit.siteId ?? (visit.host === null ? null : siteOfHost(snapshot, visit.host));
  const named = id === null ? undefined : snapshot.sites.get(id);
  if (named !== undefined) return named;
  const { unknownHost, defaultSite } = snapshot.policy;
  return unknownHost === "default-site" ? (snapshot.sites.get(defaultSite) ?? null) : null;
}

/** Pure: the verdict depends on nothing but the three arguments. */
export function decide(snapshot: Snapshot, visit: Visit, now: InstantMs): Verdict {
  if (!isPlaceable(visit)) return decideUnplaced(snapshot, now);
  const rules = findSite(snapshot, visit);
  const site = rules?.site ?? null;
  const { everywhere } = snapshot;
  const timelines = rules === null ? [everywhere.timeline] : [rules.timeline, everywhere.timeline];
  const running = runningAt(timelines, now);
  const refusesStrangers = rules === null && snapshot.policy.unknownHost === "closed";
  if (running.length === 0 && !refusesStrangers) {
    const upcoming = upcomingIn(timelines, now, snapshot.policy.noticeLeadMs);
    return { kind: "open", why: rules === null ? "unknown-host" : "no-period", site, exemption: null, upcoming };
  }
  const isSafe = isSafeVisit(visit, [rules?.readonlyRules ?? noRules, everywhere.readonlyRules]);
  const counts = isSafe ? isFull : isAny;
  const holding = running.filter(counts);
  const closing = lastToEnd(holding);
  if (closing === null && !refusesStrangers) return open("readonly-safe-method", site, null);
  const exemption = findExemption(rules?.exemptions ?? null, everywhere.exemptions, { visit, now });
  if (exemption !== null) return open(`exempt-${exemption.kind}`, site, exemption);
  if (site !== null && visit.fault === null) {
    const entry = entryOf(snapshot, visit, { siteId: site.id, host: visit.host, now });
    if (entry !== null) return open(entry, site, null);
  }
  if (closing === null) return visit.fault === null ? noSiteClosed : { ...noSiteClosed, why: "unreadable-visit" };
  const why = visit.fault === null ? "period" : "unreadable-visit";
  const { periods: chain, opensAt } = chainOf(holding, { timelines, now, counts });
  return { kind: "closed", why, site, period: closing, chain, opensAt };
}

/** As whom a visitor gets in by what is shown; null: as nobody. */
function entryOf({ bypasses, policy }: Snapshot, visit: Visit, use: BypassUse): Entry | null {
  const { client, credentials, proven } = visit;
  const standing = higherStanding(client.isPeerTrusted ? credentials.claimed : null, proven);
  if (letsIn(standing, policy)) return standing;
  const bypass = bypassOf(bypasses, credentials, use);
  if (bypass === null) return null;
  if (bypass.standing === null) return "bypass";
  return letsIn(bypass.standing, policy) ? bypass.standing : null;
}

function isFull({ mode }: Period): boolean {
  return mode === "full";
}

function isAny(): boolean {
  return true;
}

function lastToEnd(periods: readonly Period[]): Period | null {
  let last: Period | null = null;
  for (const period of periods) {
    if (last === null || byEndLastFirst(period, last) < 0) last = period;
  }
  return last;
}

function upcomingIn(timelines: readonly Timeline[], now: InstantMs, leadMs: number): Period | null {
  return nextStart(timelines, now) <= now + leadMs ? nextAfter(timelines, now) : null;
}

/** Whether it can be said which site is meant, be it an unknown one. */
function isPlaceable(visit: Visit): boolean {
  return visit.fault !== "host-unreadable" && visit.fault !== "site-unreadable";
}

/**
 * A visit to nobody knows where is held while anything is closed, until the last of the periods that run now is over:
 * to follow further ones through all sites would cost what a visitor without a host should not be able to spend.
 */
function decideUnplaced(snapshot: Snapshot, now: InstantMs): Verdict {
  const period = lastOfAll(snapshot, now);
  if (period !== null) {
    const opensAt = expectedOver(period, now);
    return { kind: "closed", why: "unreadable-visit", site: null, period, chain: [period], opensAt };
  }
  return snapshot.policy.unknownHost === "closed"
    ? { ...noSiteClosed, why: "unreadable-visit" }
    : open("no-period", null, null);
}

/** What is so until something begins or ends. */
interface Stretch {
  readonly from: InstantMs;
  readonly until: InstantMs;
  readonly last: Period | null;
}

/** Looking through thousands of sites for every visit without a host would be too dear. Changes no verdict. */
const stretches = new WeakMap<Snapshot, Stretch>();

/** Of the periods that run on any site the last one to end. */
function lastOfAll(snapshot: Snapshot, now: InstantMs): Period | null {
  const known = stretches.get(snapshot);
  if (known !== undefined && known.from <= now && now < known.until) return known.last;
  const timelines = [snapshot.everywhere.timeline, ...snapshot.siteTimelines];
  const running = runningAt(timelines, now);
  const until = running.reduce((first, period) => Math.min(first, overAt(period)), nextStart(timelines, now));
  const last = lastToEnd(running);
  stretches.set(snapshot, { from: now, until, last });
  return last;
}

function findExemption(
  own: CompiledExemptions | null,
  everywhere: CompiledExemptions,
  at: { readonly visit: Visit; readonly now: InstantMs },
): Exemption | null {
  const ofSite = own === null ? null : coveringExemption(own, at.visit, at.now);
  return ofSite ?? coveringExemption(everywhere, at.visit, at.now);
}

function open(why: OpenWhy, site: Site | null, exemption: Exemption | null): OpenVerdict {
  return { kind: "open", why, site, exemption: exemption?.value ?? null, upcoming: null };
}
