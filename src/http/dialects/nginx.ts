import type { Dialect } from "../dialect.ts";

/**
 * nginx's auth_request: 2xx passes, 403 holds, anything else makes nginx answer 500.
 * Bodies are empty, because nginx does not read them and would have to give the connection up.
 */
export const nginx: Dialect = {
  name: "nginx",
  read: ({ headers, peer, site, addressHeader }) => ({
    site,
    host: headers.get("x-forwarded-host"),
    target: headers.get("x-forwarded-uri"),
    method: headers.get("x-forwarded-method"),
    peer,
    addressHeader: headers.get(addressHeader),
  }),
  pass: (close) => new Response(null, close ? { status: 204, headers: { Connection: "close" } } : { status: 204 }),
  hold: (retryAfterSeconds, close) => {
    const headers = { "X-Lull": "closed", "Retry-After": String(retryAfterSeconds) };
    return new Response(null, { status: 403, headers: close ? { ...headers, Connection: "close" } : headers });
  },
};
