import { retryAfterSeconds } from "../answer/retry-after.ts";
import { siteState } from "../gate/site-state.ts";
import { notFound, plainText } from "./plain-text.ts";
import type { Sidecar } from "./sidecar.ts";

const headers = { "Cache-Control": "no-store" };

/**
 * 204 while a site is open or read-only, 503 while it is closed: the site's state, whatever exempts this visit. `X-Lull`
 * says that it is known: a proxy that cannot ask may answer in our place.
 */
export function siteUp(sidecar: Sidecar, siteId: number): Response {
  const { snapshot } = sidecar.serving;
  if (snapshot === null) return plainText(503, "no snapshot yet");
  if (!snapshot.sites.has(siteId)) return notFound();
  const now = sidecar.now();
  const { state, chain } = siteState(snapshot, siteId, now);
  if (state !== "closed") return new Response(null, { status: 204, headers: { ...headers, "X-Lull": "open" } });
  const seconds = retryAfterSeconds({
    opensAt: chain.opensAt,
    now,
    fallbackSeconds: sidecar.settings.retryAfterSeconds,
  });
  return new Response(null, {
    status: 503,
    headers: { ...headers, "X-Lull": "closed", "Retry-After": String(seconds) },
  });
}
