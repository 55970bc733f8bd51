import { knownSiteState } from "../gate/known-lease.ts";
import type { Period } from "../gate/period.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import type { Arrival } from "./arrival.ts";
import { iso, isoOrNull } from "./iso.ts";
import { isLocalPeer } from "./peer.ts";
import { noSnapshot, notFound } from "./plain-text.ts";
import type { Sidecar } from "./sidecar.ts";
import { snapshotAgeMs } from "./snapshot-age.ts";

/** The state of all sites, or of the one that is named by number, domain or alias. */
export function statusRoute(sidecar: Sidecar, arrival: Arrival, name: string | null): Response {
  const { snapshot } = sidecar.serving;
  if (snapshot === null) return noSnapshot();
  const named = name === null ? null : siteNamed(snapshot, name);
  if (name !== null && named === null) return notFound();
  const ids = named === null ? [...snapshot.sites.keys()].sort((a, b) => a - b) : [named];
  const withWhy = isLocalPeer(arrival.peer);
  const body = {
    schemaVersion: 1,
    revision: snapshot.revision,
    snapshotAgeSeconds: (snapshotAgeMs(sidecar.serving, sidecar.now()) ?? 0) / 1000,
    ...mirrorStatus(sidecar, withWhy),
    sites: ids.map((id) => siteStatus(snapshot, id, { now: sidecar.now(), withWhy })),
  };
  return Response.json(body, { headers: { "Cache-Control": "no-store" } });
}

/** Where it lies and what is wrong with it: for this machine alone. */
function mirrorStatus({ mirror }: Sidecar, withWhy: boolean): object {
  if (mirror === null) return {};
  const { root, step, fault } = mirror;
  const inStep = step !== "behind";
  return { mirror: withWhy ? { inStep, folder: root, fault } : { inStep } };
}

/** The number of the site that is named by number, domain or alias, exactly as it was added; null: none. */
export function siteNamed(snapshot: Snapshot, name: string): number | null {
  if (/^\d{1,15}$/.test(name)) return snapshot.sites.has(Number(name)) ? Number(name) : null;
  const wanted = name.toLowerCase();
  for (const { site } of snapshot.sites.values()) {
    if (site.domain === wanted || site.aliases.includes(wanted)) return site.id;
  }
  return null;
}

interface StatusOptions {
  readonly now: number;
  /** Who and why: for this machine alone. */
  readonly withWhy: boolean;
}

function siteStatus(snapshot: Snapshot, siteId: number, { now, withWhy }: StatusOptions): unknown {
  const site = snapshot.sites.get(siteId)?.site;
  const { state, periods, chain, next } = knownSiteState(snapshot, siteId, now);
  return {
    id: siteId,
    domain: site?.domain,
    name: site?.name,
    state,
    opensAt: state === "open" ? null : isoOrNull(chain.opensAt),
    periods: periods.map((period) => periodStatus(period, withWhy)),
    next: next === null ? null : periodStatus(next, withWhy),
  };
}

function periodStatus(period: Period, withWhy: boolean): unknown {
  const { name, mode, start, end, expectedEnd, leaseEnd, recurrenceId, owner, reason } = period;
  const when = {
    name,
    mode,
    start: iso(start),
    end: isoOrNull(end),
    expectedEnd: isoOrNull(expectedEnd),
    leaseEnd: isoOrNull(leaseEnd),
    allSites: period.siteId === null,
    recurrence: recurrenceId,
  };
  return withWhy ? { ...when, owner, reason } : when;
}
