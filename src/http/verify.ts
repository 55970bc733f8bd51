import { retryAfterSeconds } from "../answer/retry-after.ts";
import { decide } from "../gate/decide.ts";
import { readVisit } from "../gate/visit.ts";
import { type Arrival, asksToClose } from "./arrival.ts";
import type { Dialect } from "./dialect.ts";
import type { Sidecar } from "./sidecar.ts";
import { upcomingInterval } from "./upcoming-header.ts";

/**
 * The hot path: one check, from the proxy's words to the proxy's words. It never waits, and it never claims closed
 * without knowing: without a snapshot the answer is 503, which makes the proxy do what it does when there is no sidecar.
 */
export function verify(sidecar: Sidecar, dialect: Dialect, arrival: Arrival): Response {
  const startedNs = Bun.nanoseconds();
  const { serving, settings, metrics } = sidecar;
  const close = sidecar.draining || asksToClose(arrival);
  const { snapshot } = serving;
  if (snapshot === null) return unknown(close);
  try {
    const raw = dialect.read(arrival, settings.addressHeader);
    const now = sidecar.now();
    const verdict = decide(snapshot, readVisit(raw, settings.trust), now);
    metrics.check(verdict.site === null ? null : verdict.site.id, verdict.why, Bun.nanoseconds() - startedNs);
    if (verdict.kind === "open") {
      const { upcoming, why } = verdict;
      const interval = upcoming === null ? null : upcomingInterval(upcoming, now);
      return dialect.pass(close, interval, why === "bypass" ? why : null);
    }
    const fallbackSeconds = settings.retryAfterSeconds;
    return dialect.hold(retryAfterSeconds({ opensAt: verdict.opensAt, now, fallbackSeconds }), close);
  } catch (error) {
    sidecar.log.error("bug", { where: `check ${dialect.name}`, error });
    return unknown(close);
  }
}

function unknown(close: boolean): Response {
  const headers = { "X-Lull": "unknown" };
  return new Response(null, { status: 503, headers: close ? { ...headers, Connection: "close" } : headers });
}
