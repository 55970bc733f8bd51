import { unheardLeases } from "../gate/reminders.ts";
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
 * and the built-in page serves, so it is a warning. So is a lease that holds until the database is heard of.
 */
export function readyzRoute(sidecar: Sidecar): Response {
  const reason = whyNotReady(sidecar);
  const warnings = [...sidecar.settings.pages.faults, unheard(sidecar)].flatMap((warning) =>
    warning === null ? [] : [`warning: ${warning}`],
  );
  const lines = [reason === null ? "ready" : `not ready: ${reason}`, ...warnings];
  return plainText(reason === null ? 200 : 503, lines.join("\n"));
}

function unheard({ serving, now }: Sidecar): string | null {
  const count = serving.snapshot === null ? 0 : unheardLeases(serving.snapshot, now()).length;
  if (count === 0) return null;
  const leases = count === 1 ? "1 lease is past its end and holds" : `${count} leases are past their ends and hold`;
  return `${leases} all the same: there may be renewals that the database has not told of`;
}

function whyNotReady({ serving, settings, draining, now }: Sidecar): string | null {
  if (draining) return "stopping";
  const because = serving.fault === null ? "" : `: ${serving.fault}`;
  const ageMs = snapshotAgeMs(serving, now());
  if (ageMs === null) return `no snapshot yet${because}`;
  if (ageMs <= settings.readyMaxAgeMs) return null;
  return `the snapshot is ${seconds(ageMs)} old, ready_max_age is ${seconds(settings.readyMaxAgeMs)}${because}`;
}

function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
