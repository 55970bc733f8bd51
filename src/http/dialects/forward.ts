import { createPass, holdWhole } from "../check-responses.ts";
import type { Dialect } from "../dialect.ts";
import { forwardedVisit } from "../forwarded-visit.ts";

/**
 * Traefik's ForwardAuth (pkg/middlewares/auth/forward.go), Caddy's forward_auth
 * (modules/caddyhttp/reverseproxy/forwardauth/caddyfile.go), HAProxy by Lua, and applications: 2xx passes, anything else
 * goes to the visitor as it is. All of them overwrite X-Forwarded-Host, -Uri, -Method and -For; a visitor's X-Real-IP
 * gets through Caddy.
 */
export const forward: Dialect = {
  name: "forward",
  facesVisitors: true,
  read: (arrival, headers) => forwardedVisit(arrival, headers, "x-forwarded-for"),
  pass: createPass(200),
  hold: (held) => holdWhole(held, 503),
};
