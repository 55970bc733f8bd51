import { findSite } from "../gate/decide.ts";
import { readVisit, type Visit } from "../gate/visit.ts";
import type { Arrival } from "./arrival.ts";
import { bypassRoute } from "./bypass-route.ts";
import { calendarResponse } from "./calendar-response.ts";
import { nginx } from "./dialects/nginx.ts";
import { methodNotAllowed } from "./method-not-allowed.ts";
import { noticeResponse } from "./notice-response.ts";
import { notFound, plainText } from "./plain-text.ts";
import { staffPath } from "./settings.ts";
import type { Sidecar } from "./sidecar.ts";
import { siteUp } from "./site-up.ts";
import { staffRoute } from "./staff-route.ts";
import type { AskedSite } from "./upcoming.ts";
import { upcomingResponse } from "./upcoming-response.ts";
import { visitResponse } from "./visit-response.ts";

const bypassPrefix = "/.lull/bypass/";

/**
 * The one address behind which visitors reach anything of the sidecar, as `/.lull/...` of every site. What they ask for
 * stands in a header, read like any visit: a path with more than one reading leads nowhere.
 */
export function publicRoute(sidecar: Sidecar, arrival: Arrival): Response | Promise<Response> {
  const { serving, settings } = sidecar;
  const raw = nginx.read(arrival, settings.headers);
  const visit = readVisit(raw, settings.trust);
  switch (visit.path) {
    case "/.lull/up":
      return onSite(({ site }) => siteUp(sidecar, site.id));
    case "/.lull/upcoming.json":
      return reads(visit, () => onSite((asked) => upcomingResponse(asked)));
    case "/.lull/calendar.ics":
      return reads(visit, () => onSite((asked) => calendarResponse(asked)));
    case "/.lull/notice.js":
      return reads(visit, noticeResponse);
    case "/.lull/visit.json":
      return reads(visit, () => onSite((asked) => visitResponse(settings, visit, asked)));
    case staffPath:
      return staff();
    default:
      return visit.path?.startsWith(bypassPrefix) === true ? bypass(visit.path) : notFound();
  }

  function staff(): Response | Promise<Response> {
    const { snapshot } = serving;
    const probe = settings.staffProbe;
    if (probe === null) return notFound();
    const scheme = arrival.request.headers.get("x-forwarded-proto");
    const site = snapshot === null ? null : (findSite(snapshot, visit)?.site ?? null);
    return staffRoute(sidecar, { visit, probe, target: raw.target, scheme, snapshot, site });
  }

  function bypass(path: string): Promise<Response> {
    const { snapshot } = serving;
    return bypassRoute(sidecar, {
      method: visit.method,
      token: path.slice(bypassPrefix.length),
      scheme: arrival.request.headers.get("x-forwarded-proto"),
      snapshot,
      site: snapshot === null ? null : (findSite(snapshot, visit)?.site ?? null),
      signal: arrival.request.signal,
    });
  }

  function onSite(answer: (asked: AskedSite) => Response | Promise<Response>): Response | Promise<Response> {
    const { snapshot } = serving;
    if (snapshot === null) return plainText(503, "no snapshot yet");
    const found = findSite(snapshot, visit);
    return found === null ? notFound() : answer({ snapshot, site: found.site, now: sidecar.now() });
  }
}

/** The visitor's own method: a proxy may ask with another. */
function reads({ method }: Visit, answer: () => Response | Promise<Response>): Response | Promise<Response> {
  return method === "GET" || method === "HEAD" ? answer() : methodNotAllowed();
}
