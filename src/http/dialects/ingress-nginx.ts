import { createPass, holdEmpty } from "../check-responses.ts";
import type { Dialect } from "../dialect.ts";
import { visitorCredentials } from "../visitor-credentials.ts";

/** `$scheme://$http_host$request_uri`: nginx takes no Host with a slash in it, and no target without one at its start. */
const originalUrl = /^https?:\/\/([^/]*)(\/.*)$/s;

/**
 * The annotation `auth-url` of ingress-nginx (rootfs/etc/nginx/template/nginx.tmpl): auth_request, or with `auth-keepalive`
 * Lua, which takes 200 alone for a pass. It hands all of the visitor's headers on, and overwrites X-Original-URL,
 * X-Original-Method and X-Real-IP.
 */
export const ingressNginx: Dialect = {
  name: "ingress-nginx",
  facesVisitors: false,
  read({ request: { headers }, peer, site }, named) {
    const [, host = null, target = null] = originalUrl.exec(headers.get("x-original-url") ?? "") ?? [];
    return {
      site,
      host,
      target,
      method: headers.get("x-original-method"),
      peer,
      addressHeader: headers.get(named.address ?? "x-real-ip"),
      credentials: visitorCredentials(headers, named.claims),
    };
  },
  pass: createPass(200),
  hold: holdEmpty,
};
