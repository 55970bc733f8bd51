import { findSite } from "../gate/decide.ts";
import { readVisit } from "../gate/visit.ts";
import type { Arrival } from "./arrival.ts";
import { nginx } from "./dialects/nginx.ts";
import { notFound, plainText } from "./plain-text.ts";
import type { Sidecar } from "./sidecar.ts";
import { siteUp } from "./site-up.ts";

/**
 * The one address behind which visitors reach anything of the sidecar, as `/.lull/...` of every site. What they ask for
 * stands in a header, read like any visit: a path with more than one reading leads nowhere.
 */
export function publicRoute(sidecar: Sidecar, arrival: Arrival): Response {
  const { serving, settings } = sidecar;
  const raw = nginx.read(arrival, settings.addressHeader);
  const visit = readVisit(raw, settings.trust);
  switch (visit.path) {
    case "/.lull/up": {
      if (serving.snapshot === null) return plainText(503, "no snapshot yet");
      const found = findSite(serving.snapshot, visit);
      return found === null ? notFound() : siteUp(sidecar, found.site.id);
    }
    default:
      return notFound();
  }
}
