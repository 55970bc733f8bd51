import { unheardLeases } from "../gate/reminders.ts";
import type { Site } from "../gate/site.ts";
import { plainText } from "./plain-text.ts";
import type { Sidecar } from "./sidecar.ts";
import { snapshotAgeMs } from "./snapshot-age.ts";

/** Alive, and who it is: a process that wants to take over finds its predecessor here. */
export function healthzRoute(sidecar: Sidecar): Response {
  const { instance, pid, machine, version } = sidecar.identity;
  const body = { status: "alive", product: "lull", version, instance, pid, machine };
  return Response.json(body, { headers: { "Cache-Control": "no-store" } });
}

/**
 * 503 while its verdicts may be out of date. A broken page of the operator's does not make it unready: verdicts hold
 * and the built-in page serves, so it is a warning. So are a lease that holds until the database is heard of, and keys of
 * staff that cannot be had: others wait as they should.
 */
export function readyzRoute(sidecar: Sidecar): Response {
  const reason = whyNotReady(sidecar);
  const keys = sidecar.settings.staffTokens?.held.told ?? null;
  const warnings = [...sidecar.settings.pages.faults, ...idleFolders(sidecar), unheard(sidecar), keys].flatMap(
    (warning) => (warning === null ? [] : [`warning: ${warning}`]),
  );
  const lines = [reason === null ? "ready" : `not ready: ${reason}`, ...warnings];
  return plainText(reason === null ? 200 : 503, lines.join("\n"));
}

/** The sites change while the pages stay. Where there is no database nobody knows the domains. */
function idleFolders({ serving, settings }: Sidecar): readonly string[] {
  const { snapshot } = serving;
  const idle = new Set(settings.pages.domains);
  if (snapshot === null || snapshot.revision === 0 || idle.size === 0) return [];
  const aliasOf = new Map<string, Site>();
  for (const { site } of snapshot.sites.values()) {
    idle.delete(site.domain);
    for (const alias of site.aliases) if (idle.has(alias)) aliasOf.set(alias, site);
  }
  return [...idle].map((domain) => {
    const site = aliasOf.get(domain);
    const why =
      site === undefined
        ? "no site is called that"
        : `it is an alias of site ${site.id} (${site.domain}), name it after that`;
    return `templates folder "${domain}" is no site's domain: ${why}`;
  });
}

function unheard({ serving, now }: Sidecar): string | null {
  const count = serving.snapshot === null ? 0 : unheardLeases(serving.snapshot, now()).length;
  if (count === 0) return null;
  const leases = count === 1 ? "1 lease is past its end and holds" : `${count} leases are past their ends and hold`;
  return `${leases} all the same: there may be renewals that the database has not told of`;
}

function whyNotReady({ serving, settings, mirror, draining, now }: Sidecar): string | null {
  if (draining) return "stopping";
  const because = serving.fault === null ? "" : `: ${serving.fault}`;
  const ageMs = snapshotAgeMs(serving, now());
  if (ageMs === null) return `no snapshot yet${because}`;
  // Who reads the mirror follows nothing while it cannot be written.
  if (ageMs <= settings.readyMaxAgeMs) return mirror?.fault ?? null;
  return `the snapshot is ${seconds(ageMs)} old, ready_max_age is ${seconds(settings.readyMaxAgeMs)}${because}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
