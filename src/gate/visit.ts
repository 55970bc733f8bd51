import type { Credentials } from "./bypass.ts";
import { type ClientAddress, clientAddress, type Peer, type Trust } from "./client-ip.ts";
import { canonicalHost } from "./host.ts";
import { canonicalPath } from "./path.ts";
import type { Standing } from "./standing.ts";

/** One request as a proxy described it; null: the proxy did not say. */
export interface RawVisit {
  /** The number of the site that the proxy's own configuration names; the host does not matter then. */
  readonly site: string | null;
  readonly host: string | null;
  /** The raw request target: a byte string, one character is one byte. */
  readonly target: string | null;
  readonly method: string | null;
  readonly peer: Peer;
  /** The one header that names the client's address. */
  readonly addressHeader: string | null;
  readonly credentials: Credentials;
}

/** Why a visit cannot be read; it is held while its site is closed. */
export type VisitFault = "host-unreadable" | "target-missing" | "method-missing" | "site-unreadable";

/** One request, canonical. Only `readVisit` makes it. */
export interface Visit {
  readonly siteId: number | null;
  readonly host: string | null;
  /** null: missing, or ambiguous (which is no fault, but is covered by no exemption). */
  readonly path: string | null;
  /** As sent: methods are case-sensitive (RFC 9110). Empty when it cannot be read. */
  readonly method: string;
  readonly client: ClientAddress;
  readonly credentials: Credentials;
  /** What a signed token has shown the visitor to be, found out before the verdict; null: nothing was shown. */
  readonly proven: Standing | null;
  readonly fault: VisitFault | null;
}

/** A positive integer that a number can hold. */
const siteNumber = /^[1-9]\d{0,14}$/;
/** A token of RFC 9110; doubled headers, joined by a comma, are none. */
const methodToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;

/** Never throws, whatever the headers hold. */
export function readVisit(raw: RawVisit, trust: Trust): Visit {
  const siteId = raw.site !== null && siteNumber.test(raw.site) ? Number(raw.site) : null;
  const host = raw.host === null ? null : canonicalHost(raw.host);
  const target = raw.target === "" ? null : raw.target;
  const method = raw.method !== null && methodToken.test(raw.method) ? raw.method : "";
  return {
    siteId,
    host,
    path: target === null ? null : canonicalPath(target),
    method,
    client: clientAddress(raw.peer, raw.addressHeader, trust),
    credentials: raw.credentials,
    proven: null,
    fault: findFault(raw, { siteId, host, target, method }),
  };
}

interface Readable {
  readonly siteId: number | null;
  readonly host: string | null;
  readonly target: string | null;
  readonly method: string;
}

/** First what keeps the visit from being placed: a site's number that cannot be read is never replaced by the host. */
function findFault(raw: RawVisit, { siteId, host, target, method }: Readable): VisitFault | null {
  if (raw.site !== null && siteId === null) return "site-unreadable";
  if (raw.site === null && host === null) return "host-unreadable";
  if (target === null) return "target-missing";
  return method === "" ? "method-missing" : null;
}
