import type { Asked } from "./asked.ts";
import type { Held } from "./held.ts";

/** Of Fetch, 3.2 (https://fetch.spec.whatwg.org/#http-cors-protocol). */
type CorsHeaders = Readonly<Record<string, string>>;

const methodToken = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/;
const headerNames = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+(?:, ?[!#$%&'*+.^_`|~0-9A-Za-z-]+)*$/;
const longestHeaderNames = 1_000;
const exposed = "Retry-After, grpc-status, grpc-message, grpc-retry-pushback-ms";

/** Lets scripts of the site's `origins` read the answer. A site without any has no such headers. */
export function corsHeaders({ origins }: Held, { origin }: Asked): CorsHeaders | null {
  const allowed = allowedOrigin(origins, origin);
  return allowed === null ? null : { ...allowed, "Access-Control-Expose-Headers": exposed };
}

/**
 * The headers that let a preflight's request come, so that the script sees the 503; null: this is no preflight, or none
 * of the site's `origins` asks. It is good for that request alone (Max-Age 0): afterwards the application decides again.
 */
export function preflightHeaders(held: Held, asked: Asked): CorsHeaders | null {
  const { requestMethod, requestHeaders } = asked;
  if (requestMethod === null || !methodToken.test(requestMethod)) return null;
  if (requestHeaders !== null && !isHeaderNames(requestHeaders)) return null;
  const allowed = allowedOrigin(held.origins, asked.origin);
  return allowed === null
    ? null
    : {
        ...allowed,
        "Access-Control-Allow-Methods": requestMethod,
        ...(requestHeaders === null ? {} : { "Access-Control-Allow-Headers": requestHeaders }),
        "Access-Control-Max-Age": "0",
      };
}

/** With `*` without credentials: a site that trusts everybody trusts nobody with a visitor's cookies. */
function allowedOrigin(origins: readonly string[], origin: string | null): CorsHeaders | null {
  if (origin === null) return null;
  if (origins.includes(origin)) {
    return { "Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true" };
  }
  return origins.includes("*") ? { "Access-Control-Allow-Origin": "*" } : null;
}

function isHeaderNames(text: string): boolean {
  return text.length <= longestHeaderNames && headerNames.test(text);
}
