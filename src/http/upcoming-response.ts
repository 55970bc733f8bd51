import type { Site } from "../gate/site.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import { iso, upcomingOn, upcomingPeriod } from "./upcoming.ts";

/** The site that a visitor is on, and when. */
export interface AskedSite {
  readonly snapshot: Snapshot;
  readonly site: Site;
  readonly now: number;
}

/** Of answers that tell what is planned: a minute late, and older only while nobody answers (RFC 5861). */
export const upcomingHeaders = {
  "Cache-Control": "max-age=60, stale-if-error=600",
  "X-Content-Type-Options": "nosniff",
} as const;

/** `/.lull/upcoming.json`. */
export function upcomingResponse({ snapshot, site, now }: AskedSite): Response {
  const { periods, truncated } = upcomingOn(snapshot, site.id, now);
  const body = {
    schemaVersion: 1,
    now: iso(now),
    noticeLeadSeconds: snapshot.policy.noticeLeadMs / 1000,
    periods: periods.map((period) => upcomingPeriod(period, now)),
    truncated,
  };
  return Response.json(body, { headers: upcomingHeaders });
}
