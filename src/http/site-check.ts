import { retryAfterSeconds } from "../answer/retry-after.ts";
import { noCredentials } from "../gate/bypass.ts";
import { decide } from "../gate/decide.ts";
import { siteState } from "../gate/site-state.ts";
import { readVisit } from "../gate/visit.ts";
import type { Arrival } from "./arrival.ts";
import type { Sidecar } from "./sidecar.ts";

/** RFC 9111 and RFC 5861: fresh for a second, then stale for two while a new one is fetched, and for five if it cannot be. */
const cacheControl = "max-age=1, stale-while-revalidate=2, stale-if-error=5";

/**
 * `/check/site`: 204 while nothing closes the site, 403 while it is closed or read-only, when who visits must be decided.
 * It has nothing of a visitor, so that proxies can keep it for all of them: a kept decision about one who was let in would
 * let everybody in.
 */
export function siteCheck({ serving, settings, now: clock }: Sidecar, { request, site }: Arrival): Response {
  const { snapshot } = serving;
  // For proxies that have kept an answer: an error, for which they go on using it.
  if (snapshot === null) return new Response(null, { status: 503, headers: { "X-Lull": "unknown" } });
  const host = request.headers.get("x-forwarded-host");
  const visit = readVisit({ site, host, ...nobody }, settings.trust);
  const now = clock();
  const verdict = decide(snapshot, visit, now);
  if (verdict.kind === "open") return new Response(null, { status: 204, headers: stateHeaders("open") });
  const state = verdict.site === null ? "closed" : siteState(snapshot, verdict.site.id, now).state;
  const fallbackSeconds = settings.retryAfterSeconds;
  const wait = retryAfterSeconds({ opensAt: verdict.opensAt, now, fallbackSeconds });
  return new Response(null, { status: 403, headers: { ...stateHeaders(state), "Retry-After": String(wait) } });
}

/** Whom nothing exempts and nothing lets in: no path, no method, and an address that nobody has told. */
const nobody = {
  target: null,
  method: null,
  peer: { kind: "unix" },
  addressHeader: null,
  credentials: noCredentials,
} as const;

function stateHeaders(state: string): Record<string, string> {
  return { "Cache-Control": cacheControl, "X-Lull": state };
}
