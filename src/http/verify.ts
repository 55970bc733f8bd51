import { retryAfterSeconds } from "../answer/retry-after.ts";
import { decide } from "../gate/decide.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import type { Verdict } from "../gate/verdict.ts";
import { readVisit, type Visit } from "../gate/visit.ts";
import { type Arrival, asksToClose } from "./arrival.ts";
import type { Dialect } from "./dialect.ts";
import { entryIn } from "./entry.ts";
import { proven } from "./proven.ts";
import type { Sidecar } from "./sidecar.ts";
import { upcomingInterval } from "./upcoming-header.ts";

/** A check on its way to its answer. */
interface Check {
  readonly dialect: Dialect;
  readonly snapshot: Snapshot;
  readonly visit: Visit;
  readonly now: InstantMs;
  readonly close: boolean;
  readonly startedNs: number;
}

/**
 * The hot path: one check, from the proxy's words to the proxy's words. It never waits, and it never claims closed
 * without knowing: without a snapshot the answer is 503, which makes the proxy do what it does when there is no sidecar.
 * Only who would be held and shows a signed token gets a promise, for as long as the signature takes to compute.
 */
export function verify(sidecar: Sidecar, dialect: Dialect, arrival: Arrival): Response | Promise<Response> {
  const startedNs = Bun.nanoseconds();
  const { serving, settings } = sidecar;
  const close = sidecar.draining || asksToClose(arrival);
  const { snapshot } = serving;
  if (snapshot === null) return unknown(close);
  try {
    const visit = readVisit(dialect.read(arrival, settings.headers), settings.trust);
    const now = sidecar.now();
    const verdict = decide(snapshot, visit, now);
    const check = { dialect, snapshot, visit, now, close, startedNs };
    if (verdict.kind === "closed" && settings.staffTokens?.isShown(visit.credentials) === true)
      return verifyProven(sidecar, check);
    return respond(sidecar, check, verdict);
  } catch (error) {
    return failed(sidecar, { dialect, close }, error);
  }
}

async function verifyProven(sidecar: Sidecar, check: Check): Promise<Response> {
  try {
    const { snapshot, visit, now } = check;
    return respond(sidecar, check, decide(snapshot, await proven(sidecar.settings, visit, now), now));
  } catch (error) {
    return failed(sidecar, check, error);
  }
}

function respond({ metrics, settings }: Sidecar, check: Check, verdict: Verdict): Response {
  const { dialect, close, now, startedNs } = check;
  metrics.check(verdict.site === null ? null : verdict.site.id, verdict.why, Bun.nanoseconds() - startedNs);
  if (verdict.kind === "open") {
    const { upcoming } = verdict;
    const interval = upcoming === null ? null : upcomingInterval(upcoming, now);
    return dialect.pass(close, { upcoming: interval, why: entryIn(verdict) });
  }
  const fallbackSeconds = settings.retryAfterSeconds;
  return dialect.hold(retryAfterSeconds({ opensAt: verdict.opensAt, now, fallbackSeconds }), close);
}

function failed(
  { log }: Sidecar,
  { dialect, close }: { readonly dialect: Dialect; readonly close: boolean },
  error: unknown,
): Response {
  log.error("bug", { where: `check ${dialect.name}`, error });
  return unknown(close);
}

function unknown(close: boolean): Response {
  const headers = { "X-Lull": "unknown" };
  return new Response(null, { status: 503, headers: close ? { ...headers, Connection: "close" } : headers });
}
