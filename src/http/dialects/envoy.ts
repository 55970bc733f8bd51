import { createPass, holdWhole } from "../check-responses.ts";
import type { Dialect } from "../dialect.ts";
import { siteInQuery } from "../site-in-query.ts";
import { visitorCredentials } from "../visitor-credentials.ts";

/** `[site=N&]path=TARGET`. All that follows `path=` is the visitor's. */
const asked = /^(?:(site=[^&]*)&)?path=(.*)$/s;

/**
 * Envoy's ext_authz over HTTP (source/extensions/filters/common/ext_authz/ext_authz_http_impl.cc): 200 alone passes; 5xx
 * is an error of the sidecar, for which `failure_mode_allow` lets everybody in; anything else goes to the visitor. It asks
 * with the visitor's own method and Host, and appends the target to `path_prefix`: as a parameter it selects nothing,
 * where `/check/envoy/..%2fmetrics` or a dot segment might.
 */
export const envoy: Dialect = {
  name: "envoy",
  facesVisitors: true,
  read({ request: { headers, method, url }, peer }, named) {
    const mark = url.indexOf("?");
    const query = mark < 0 ? "" : url.slice(mark + 1);
    const [whole, site = "", target = ""] = asked.exec(query) ?? [];
    return {
      site: siteInQuery(whole === undefined ? query : site),
      host: headers.get("host"),
      // So Bun writes bytes that are not UTF-8, which have no one reading.
      target: whole === undefined ? null : target.replaceAll("%EF%BF%BD", "\xff"),
      method,
      peer,
      addressHeader: headers.get(named.address ?? "x-forwarded-for"),
      credentials: visitorCredentials(headers, named.claims),
    };
  },
  pass: createPass(200),
  hold: (held) => holdWhole(held, 403),
};
