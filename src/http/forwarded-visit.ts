import type { RawVisit } from "../gate/visit.ts";
import type { Arrival } from "./arrival.ts";
import type { NamedHeaders } from "./dialect.ts";
import { visitorCredentials } from "./visitor-credentials.ts";

/**
 * The visit that `X-Forwarded-Host`, `X-Forwarded-Uri` and `X-Forwarded-Method` describe. `addressHeader`: in which the
 * proxy names its client unless another one is configured, in small letters.
 */
export function forwardedVisit(arrival: Arrival, named: NamedHeaders, addressHeader: string): RawVisit {
  const { headers } = arrival.request;
  return {
    site: arrival.site,
    host: headers.get("x-forwarded-host"),
    target: headers.get("x-forwarded-uri"),
    method: headers.get("x-forwarded-method"),
    peer: arrival.peer,
    addressHeader: headers.get(named.address ?? addressHeader),
    credentials: visitorCredentials(headers, named.claims),
  };
}
