import { type CompiledExemptions, coveringExemption, type Exemption } from "./exemption.ts";
import { byEndLastFirst, chainFrom, type InstantMs, isRunning, type Period } from "./period.ts";
import type { Site } from "./site.ts";
import type { SiteRules, Snapshot } from "./snapshot.ts";
import type { ClosedVerdict, OpenVerdict, OpenWhy, Verdict } from "./verdict.ts";
import type { Visit } from "./visit.ts";

const noPeriods: readonly Period[] = [];
const noSiteClosed: ClosedVerdict = {
  kind: "closed",
  why: "unknown-host",
  site: null,
  period: null,
  chain: [],
  opensAt: null,
};

/** The methods that `readonly` periods let through (RFC 9110, safe methods, without TRACE). */
export function isSafeMethod(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

/** Whether the period, while it runs, holds this visit: what cannot be read is not known to be safe. */
export function holdsVisit(period: Period, visit: Visit): boolean {
  return period.mode === "full" || visit.fault !== null || !isSafeMethod(visit.method);
}

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
  const own = rules?.periods ?? noPeriods;
  const all = snapshot.everywhere.periods;
  let closing: Period | null = null;
  let isOpen = true;
  let ahead = 0;
  for (const periods of [own, all]) {
    for (const period of periods) {
      if (!isAhead(period, now)) continue;
      const holds = holdsVisit(period, visit);
      if (holds) ahead++;
      if (period.start > now) continue;
      isOpen = false;
      if (holds) closing = laterEnd(closing, period);
    }
  }
  const refusesStrangers = rules === null && snapshot.policy.unknownHost === "closed";
  if (closing === null && !refusesStrangers) {
    return open(isOpen ? (rules === null ? "unknown-host" : "no-period") : "readonly-safe-method", site, null);
  }
  const exemption = findExemption(rules?.exemptions ?? null, snapshot.everywhere.exemptions, { visit, now });
  if (exemption !== null) return open(`exempt-${exemption.kind}`, site, exemption);
  if (closing === null) return visit.fault === null ? noSiteClosed : { ...noSiteClosed, why: "unreadable-visit" };
  const why = visit.fault === null ? "period" : "unreadable-visit";
  // The usual case by far: one period, and nothing to follow.
  if (ahead === 1) return { kind: "closed", why, site, period: closing, chain: [closing], opensAt: closing.end };
  const holding = [...own, ...all].filter((period) => holdsVisit(period, visit));
  const { periods: chain, opensAt } = chainFrom(holding, now);
  return { kind: "closed", why, site, period: closing, chain, opensAt };
}

/** Runs now or later. */
function isAhead(period: Period, now: InstantMs): boolean {
  return period.enabled && (period.end === null || period.end > now);
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
  let closing: Period | null = null;
  for (const periods of [snapshot.sitePeriods, snapshot.everywhere.periods]) {
    for (const period of periods) {
      if (isRunning(period, now)) closing = laterEnd(closing, period);
    }
  }
  if (closing !== null) {
    return {
      kind: "closed",
      why: "unreadable-visit",
      site: null,
      period: closing,
      chain: [closing],
      opensAt: closing.end,
    };
  }
  return snapshot.policy.unknownHost === "closed"
    ? { ...noSiteClosed, why: "unreadable-visit" }
    : open("no-period", null, null);
}

function siteOfHost(snapshot: Snapshot, host: string): number | null {
  const exact = snapshot.exactHosts.get(host);
  if (exact !== undefined) return exact;
  if (snapshot.wildcardHosts.size > 0) {
    for (let dot = host.indexOf("."); dot !== -1; dot = host.indexOf(".", dot + 1)) {
      const wildcard = snapshot.wildcardHosts.get(host.slice(dot + 1));
      if (wildcard !== undefined) return wildcard;
    }
  }
  return snapshot.anyHost;
}

function findExemption(
  own: CompiledExemptions | null,
  everywhere: CompiledExemptions,
  at: { readonly visit: Visit; readonly now: InstantMs },
): Exemption | null {
  const ofSite = own === null ? null : coveringExemption(own, at.visit, at.now);
  return ofSite ?? coveringExemption(everywhere, at.visit, at.now);
}

function laterEnd(a: Period | null, b: Period): Period {
  return a === null || byEndLastFirst(b, a) < 0 ? b : a;
}

function open(why: OpenWhy, site: Site | null, exemption: Exemption | null): OpenVerdict {
  return { kind: "open", why, site, exemption: exemption?.value ?? null };
}
