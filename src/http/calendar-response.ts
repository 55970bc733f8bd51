import { calendarOf } from "../calendar/calendar.ts";
import { shortened } from "./shortened.ts";
import { type AskedSite, upcomingOn } from "./upcoming.ts";
import { keptBody, type MadeBody } from "./upcoming-bodies.ts";
import { upcomingHeaders } from "./upcoming-response.ts";

// The method stands in both places (RFC 5545, 8.1).
const headers = { ...upcomingHeaders, "Content-Type": "text/calendar; charset=utf-8; method=PUBLISH" };

const mostEvents = 100;

/** `/.lull/calendar.ics`: the same for every host of the site, so that nobody gets another made by asking for another. */
export function calendarResponse(asked: AskedSite): Response {
  return new Response(
    keptBody(asked, "calendar", () => calendarBody(asked)),
    { headers },
  );
}

function calendarBody(asked: AskedSite): MadeBody {
  const { snapshot, site, now } = asked;
  const { periods } = upcomingOn(asked, mostEvents);
  const siteName = shortened(site.name);
  // `*.example.org` is example.org's; `*` is nobody's.
  const domain = site.domain.replace(/^\*\.?/, "");
  const title = siteName || domain || "Maintenance";
  return { text: calendarOf({ title, siteName, authority: authorityOf(snapshot.databaseId), periods, now }), periods };
}

/** Of no other installation, and the same whatever becomes of its hosts. */
function authorityOf(databaseId: string): string {
  return databaseId === "" ? "lull.invalid" : `${databaseId.slice(0, 12)}.lull.invalid`;
}
