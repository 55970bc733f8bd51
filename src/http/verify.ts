import { retryAfterSeconds } from "../answer/retry-after.ts";
import { decide } from "../gate/decide.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import type { ClosedVerdict, Verdict } from "../gate/verdict.ts";
import { readVisit, type Visit } from "../gate/visit.ts";
import { type Arrival, asksToClose } from "./arrival.ts";
import type { Dialect } from "./dialect.ts";
import { entryIn } from "./entry.ts";
import { bareAnswer, heldAnswer } from "./held-answer.ts";
import { plainText } from "./plain-text.ts";
import { proven } from "./proven.ts";
import type { Sidecar } from "./sidecar.ts";
import { upcomingInterval } from "./upcoming-header.ts";

/** A check on its way to its answer. */
interface Check {
  readonly arrival: Arrival;
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
  if (snapshot === null) return unknown(sidecar, { dialect, close });
  try {
    const visit = readVisit(dialect.read(arrival, settings.headers), settings.trust);
    const now = sidecar.now();
    const verdict = decide(snapshot, visit, now);
    const check = { arrival, dialect, snapshot, visit, now, close, startedNs };
    if (verdict.kind === "closed" && settings.staffTokens?.isShown(visit.credentials) === true)
      return verifyProven(sidecar, check, verdict);
    return respond(sidecar, check, verdict);
  } catch (error) {
    return failed(sidecar, { dialect, close }, error);
  }
}

async function verifyProven(sidecar: Sidecar, check: Check, unproven: ClosedVerdict): Promise<Response> {
  try {
    return respond(sidecar, check, await provenVerdict(sidecar, check, unproven));
  } catch (error) {
    return failed(sidecar, check, error);
  }
}

/** What cannot be found out shows nothing: the verdict without it stands. */
async function provenVerdict(sidecar: Sidecar, check: Check, unproven: ClosedVerdict): Promise<Verdict> {
  try {
    const { snapshot, visit, now } = check;
    return decide(snapshot, await proven(sidecar.settings, visit, now), now);
  } catch (error) {
    logBug(sidecar, check.dialect, error);
    return unproven;
  }
}

function respond(sidecar: Sidecar, check: Check, verdict: Verdict): Response {
  const { dialect, close, now, startedNs } = check;
  sidecar.metrics.check(verdict.site === null ? null : verdict.site.id, verdict.why, Bun.nanoseconds() - startedNs);
  if (verdict.kind === "open") {
    const { upcoming } = verdict;
    const interval = upcoming === null ? null : upcomingInterval(upcoming, now);
    return dialect.pass(close, { upcoming: interval, why: entryIn(verdict) });
  }
  return hold(sidecar, check, verdict);
}

/** Who is known to be held stays held, also when the answer cannot be sent: of "unknown" a proxy may make a pass. */
function hold(sidecar: Sidecar, check: Check, verdict: ClosedVerdict): Response {
  const { arrival, dialect, visit, close, now } = check;
  const fallbackSeconds = sidecar.settings.retryAfterSeconds;
  try {
    return dialect.hold({
      retryAfterSeconds: retryAfterSeconds({ opensAt: verdict.opensAt, now, fallbackSeconds }),
      close,
      answer: () => heldAnswer(sidecar, { arrival, visit, verdict, now, mayBeSuccess: false }),
    });
  } catch (error) {
    logBug(sidecar, dialect, error);
    return dialect.hold({ retryAfterSeconds: fallbackSeconds, close, answer: () => bareAnswer(sidecar) });
  }
}

/** Of whom nothing can be said. */
interface Unanswered {
  readonly dialect: Dialect;
  readonly close: boolean;
}

function failed(sidecar: Sidecar, unanswered: Unanswered, error: unknown): Response {
  logBug(sidecar, unanswered.dialect, error);
  return unknown(sidecar, unanswered);
}

function logBug({ log }: Sidecar, { name }: Dialect, error: unknown): void {
  log.error("bug", { where: `check ${name}`, error });
}

function unknown({ settings }: Sidecar, { dialect, close }: Unanswered): Response {
  const mark = { "X-Lull": "unknown", ...(close ? { Connection: "close" } : {}) };
  if (!dialect.facesVisitors) return new Response(null, { status: 503, headers: mark });
  const response = plainText(503, "this site cannot be reached at the moment");
  const headers = { ...mark, "Retry-After": String(settings.retryAfterSeconds) };
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}
