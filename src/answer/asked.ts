/** The headers of the held request that choose its answer. */
export interface Asked {
  readonly accept: string | null;
  readonly contentType: string | null;
  /** `X-Requested-With`: what scripts of some libraries say of themselves. */
  readonly requestedWith: string | null;
  readonly upgrade: string | null;
  readonly origin: string | null;
  /** `Access-Control-Request-Method`, which makes OPTIONS a preflight (Fetch, 4.8); of other methods null. */
  readonly requestMethod: string | null;
  /** `Access-Control-Request-Headers`. */
  readonly requestHeaders: string | null;
}

/** What `Vary` names of every answer. */
export const askedHeaders = "Accept, Accept-Language, Content-Type, X-Requested-With, Upgrade";

/** From a request that a proxy passed on: these headers are the visitor's own. Only OPTIONS can be a preflight. */
export function readAsked(headers: Headers, method: string): Asked {
  const isOptions = method === "OPTIONS";
  return {
    accept: headers.get("accept"),
    contentType: headers.get("content-type"),
    requestedWith: headers.get("x-requested-with"),
    upgrade: headers.get("upgrade"),
    origin: headers.get("origin"),
    requestMethod: isOptions ? headers.get("access-control-request-method") : null,
    requestHeaders: isOptions ? headers.get("access-control-request-headers") : null,
  };
}
