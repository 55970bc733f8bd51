import { type Answer, answer } from "../answer/answer.ts";
import { readAsked } from "../answer/asked.ts";
import type { Held } from "../answer/held.ts";
import { chooseLanguage } from "../answer/language.ts";
import { retryAfterSeconds } from "../answer/retry-after.ts";
import type { InstantMs, Period } from "../gate/period.ts";
import type { ClosedVerdict, Verdict } from "../gate/verdict.ts";
import type { Visit } from "../gate/visit.ts";
import type { Arrival } from "./arrival.ts";
import type { Sidecar } from "./sidecar.ts";

/** A visit that is to be answered, and with what request it came. */
export interface HeldVisit {
  readonly arrival: Arrival;
  readonly visit: Visit;
  /** As it is now, which may be open again; null: there is no snapshot. */
  readonly verdict: Verdict | null;
  readonly now: InstantMs;
  /** Whether an event stream, a call of gRPC or a preflight may be answered with 2xx: false on every check. */
  readonly mayBeSuccess: boolean;
}

/** What the visitor of a held visit receives. Never throws: who is held stays held, whatever is wrong with the page. */
export function heldAnswer(sidecar: Sidecar, held: HeldVisit): Answer {
  try {
    return answerVisit(sidecar, held);
  } catch (error) {
    sidecar.log.error("bug", { where: "answer", error });
    return bareAnswer(sidecar);
  }
}

/** The least that a held visitor must be told. */
export function bareAnswer({ settings }: Sidecar): Answer {
  const headers = {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "Retry-After": String(settings.retryAfterSeconds),
  };
  return { status: 503, headers, body: "down for maintenance\n" };
}

function answerVisit(sidecar: Sidecar, held: HeldVisit): Answer {
  const { pages, writeTime } = sidecar.settings;
  const { arrival, visit, mayBeSuccess } = held;
  const { headers, method } = arrival.request;
  const means = { pages, writeTime, random: Math.random, mayBeSuccess };
  const made = answer(whatIsHeld(sidecar, held), readAsked(headers, visit.method), means);
  // To a HEAD request Bun sends the headers alone, with the length that GET would have (RFC 9110, 9.3.2).
  return visit.method === "HEAD" && method !== "HEAD" ? { ...made, body: null } : made;
}

function whatIsHeld({ serving, settings }: Sidecar, { arrival, visit, verdict, now }: HeldVisit): Held {
  const closed = verdict?.kind === "closed" ? verdict : null;
  const period = closed === null ? null : ownPeriod(closed);
  const opensAt = opening(verdict, now);
  const site = verdict?.site ?? null;
  return {
    site,
    mode: period?.mode ?? "full",
    message: period?.message || site?.message || "",
    reason: serving.snapshot?.policy.publicReason === true ? (period?.reason ?? "") : "",
    start: period?.start ?? null,
    end: closed === null ? null : opensAt,
    retryAfterSeconds: retryAfterSeconds({ opensAt, now, fallbackSeconds: settings.retryAfterSeconds }),
    path: visit.path ?? "",
    method: visit.method,
    language: chooseLanguage(arrival.request.headers.get("accept-language")),
    host: visit.host,
    // While the site is open, what it lets whom do is the application's to say.
    redirectUrl: closed?.site?.redirectUrl ?? "",
    origins: closed?.site?.origins ?? [],
  };
}

/** Whoever names no site that we know learns nothing of one. */
function ownPeriod({ site, period }: ClosedVerdict): Period | null {
  return site === null && period !== null && period.siteId !== null ? null : period;
}

/** A site that opened between the check and this request lets the visitor in at the next try. */
function opening(verdict: Verdict | null, now: InstantMs): InstantMs | null {
  if (verdict === null) return null;
  if (verdict.kind === "open") return now;
  return ownPeriod(verdict) === null ? null : verdict.opensAt;
}
