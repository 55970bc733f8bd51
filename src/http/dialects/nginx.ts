import type { Dialect } from "../dialect.ts";
import { upcomingHeader } from "../upcoming-header.ts";

/** Given again and again. Only without headers: Bun sends those of a Response with its first use alone. */
const passed = new Response(null, { status: 204 });

/**
 * nginx's auth_request: 2xx passes, 403 holds, anything else makes nginx answer 500.
 * Bodies are empty, because nginx does not read them and would have to give the connection up.
 */
export const nginx: Dialect = {
  name: "nginx",
  read({ request: { headers }, peer, site }, addressHeader) {
    return {
      site,
      host: headers.get("x-forwarded-host"),
      target: headers.get("x-forwarded-uri"),
      method: headers.get("x-forwarded-method"),
      peer,
      addressHeader: headers.get(addressHeader),
    };
  },
  pass(close, upcoming) {
    if (!close && upcoming === null) return passed;
    const headers = upcoming === null ? {} : { [upcomingHeader]: upcoming };
    return new Response(null, { status: 204, headers: close ? { ...headers, Connection: "close" } : headers });
  },
  hold(retryAfterSeconds, close) {
    const headers = { "X-Lull": "closed", "Retry-After": String(retryAfterSeconds) };
    return new Response(null, { status: 403, headers: close ? { ...headers, Connection: "close" } : headers });
  },
};
