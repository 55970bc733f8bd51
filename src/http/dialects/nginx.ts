import { claimedStanding } from "../../gate/standing.ts";
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
  read({ request: { headers }, peer, site }, { address, claims }) {
    return {
      site,
      host: headers.get("x-forwarded-host"),
      target: headers.get("x-forwarded-uri"),
      method: headers.get("x-forwarded-method"),
      peer,
      addressHeader: headers.get(address),
      // Looked up when a site is closed, and not before.
      credentials: {
        get cookie() {
          return headers.get("cookie");
        },
        get token() {
          return headers.get("x-lull-bypass");
        },
        get authorization() {
          return headers.get("authorization");
        },
        get claimed() {
          return claimedStanding(claims, (name) => headers.get(name));
        },
      },
    };
  },
  pass(close, { upcoming, why }) {
    if (!close && upcoming === null && why === null) return passed;
    const told = upcoming === null ? {} : { [upcomingHeader]: upcoming };
    const headers = why === null ? told : { ...told, "X-Lull": "bypass", "X-Lull-Why": why };
    return new Response(null, { status: 204, headers: close ? { ...headers, Connection: "close" } : headers });
  },
  hold(retryAfterSeconds, close) {
    const headers = { "X-Lull": "closed", "Retry-After": String(retryAfterSeconds) };
    return new Response(null, { status: 403, headers: close ? { ...headers, Connection: "close" } : headers });
  },
};
