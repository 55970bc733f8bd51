import type { InstantMs, Period } from "../gate/period.ts";
import type { Arrival } from "./arrival.ts";
import { iso } from "./iso.ts";
import { isLocalPeer } from "./peer.ts";
import { noSnapshot } from "./plain-text.ts";
import type { Sidecar } from "./sidecar.ts";
import { upcomingOnAll, upcomingPeriod } from "./upcoming.ts";

/** What is planned on all sites, in one list. */
export function upcomingStatusRoute(
  sidecar: Pick<Sidecar, "serving" | "now">,
  arrival: Pick<Arrival, "peer">,
): Response {
  const { snapshot } = sidecar.serving;
  if (snapshot === null) return noSnapshot();
  const now = sidecar.now();
  const withWhy = isLocalPeer(arrival.peer);
  const { periods, truncated } = upcomingOnAll(snapshot, now);
  const body = {
    schemaVersion: 1,
    revision: snapshot.revision,
    now: iso(now),
    periods: periods.map((period) => plannedStatus(period, { now, withWhy })),
    truncated,
  };
  return Response.json(body, { headers: { "Cache-Control": "no-store" } });
}

interface PlannedStatusOptions {
  readonly now: InstantMs;
  /** Who and why: for this machine alone. */
  readonly withWhy: boolean;
}

function plannedStatus(period: Period, { now, withWhy }: PlannedStatusOptions): unknown {
  const { reason, message, ...when } = upcomingPeriod(period, now);
  const { siteId, name, recurrenceId, owner } = period;
  // null: all sites, and no recurrence.
  const known = { site: siteId, name, recurrence: recurrenceId, ...when, message };
  return withWhy ? { ...known, owner, reason } : known;
}
