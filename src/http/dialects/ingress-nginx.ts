import { createPass, holdEmpty } from "../check-responses.ts";
import type { Dialect } from "../dialect.ts";
import { visitorCredentials } from "../visitor-credentials.ts";

/**
 * `$scheme://$http_host$request_uri`: nginx takes no Host with a slash in it. A target begins with one, or with a question
 * mark: `GET http://two.example?x=/admin` asks for `/`.
 */
const originalUrl = /^https?:\/\/[^/?#]*(\/.*)$/s;

/**
 * The annotation `auth-url` of ingress-nginx (rootfs/etc/nginx/template/nginx.tmpl): auth_request, or with `auth-keepalive`
 * Lua, which takes 200 alone for a pass. It hands all of the visitor's headers on, and overwrites X-Original-URL,
 * X-Original-Method and X-Real-IP. The host is unknown: nginx chooses the Ingress by the request line, and the Host that
 * X-Original-URL repeats may be another (RFC 9112, 3.2.2). So the site is the one that the Ingress's `?site=N` names.
 */
export const ingressNginx: Dialect = {
  name: "ingress-nginx",
  facesVisitors: false,
  read({ request: { headers }, peer, site }, named) {
    const [, target = null] = originalUrl.exec(headers.get("x-original-url") ?? "") ?? [];
    return {
      site,
      host: null,
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
