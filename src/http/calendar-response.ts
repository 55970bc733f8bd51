import { calendarOf } from "../calendar/calendar.ts";
import { upcomingOn } from "./upcoming.ts";
import { type AskedSite, upcomingHeaders } from "./upcoming-response.ts";

/** `/.lull/calendar.ics`. `host`: by which the visitor came; null where the proxy's configuration names the site. */
export function calendarResponse({ snapshot, site, now }: AskedSite, host: string | null): Response {
  const { periods } = upcomingOn(snapshot, site.id, now);
  const calendar = calendarOf({ siteName: site.name, host: host ?? site.domain, periods, now });
  // The method stands in both places (RFC 5545, 8.1).
  const headers = { ...upcomingHeaders, "Content-Type": "text/calendar; charset=utf-8; method=PUBLISH" };
  return new Response(calendar, { headers });
}
