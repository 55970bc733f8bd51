import { answer } from "../answer/answer.ts";
import { readAsked } from "../answer/asked.ts";
import type { Held } from "../answer/held.ts";
import { chooseLanguage } from "../answer/language.ts";
import { retryAfterSeconds } from "../answer/retry-after.ts";
import { decide } from "../gate/decide.ts";
import type { Period } from "../gate/period.ts";
import type { ClosedVerdict, Verdict } from "../gate/verdict.ts";
import { readVisit, type Visit } from "../gate/visit.ts";
import type { Arrival } from "./arrival.ts";
import { nginx } from "./dialects/nginx.ts";
import { plainText } from "./plain-text.ts";
import type { Sidecar } from "./sidecar.ts";

/** What the visitor of a held visit receives: never what the application would say, whatever has changed since the check. */
export function answerRoute(sidecar: Sidecar, arrival: Arrival): Response {
  try {
    return answerVisit(sidecar, arrival);
  } catch (error) {
    sidecar.log.error("bug", { where: "answer", error });
    const bare = plainText(503, "down for maintenance");
    bare.headers.set("Retry-After", String(sidecar.settings.retryAfterSeconds));
    return bare;
  }
}

function answerVisit(sidecar: Sidecar, arrival: Arrival): Response {
  const { settings } = sidecar;
  const { headers, method } = arrival.request;
  const raw = nginx.read(arrival, settings.headers);
  const held = whatIsHeld(sidecar, readVisit(raw, settings.trust), headers.get("accept-language"));
  const { pages, writeTime } = settings;
  const made = answer(held, readAsked(headers, held.method), {
    pages,
    writeTime,
    random: Math.random,
    mayBeSuccess: true,
  });
  // To a HEAD request Bun sends the headers alone, with the length that GET would have (RFC 9110, 9.3.2).
  const empty = raw.method === "HEAD" && method !== "HEAD";
  return new Response(empty ? null : made.body, { status: made.status, headers: made.headers });
}

function whatIsHeld(sidecar: Sidecar, visit: Visit, acceptLanguage: string | null): Held {
  const { serving, settings } = sidecar;
  const now = sidecar.now();
  const verdict = serving.snapshot === null ? null : decide(serving.snapshot, visit, now);
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
    language: chooseLanguage(acceptLanguage),
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
function opening(verdict: Verdict | null, now: number): number | null {
  if (verdict === null) return null;
  if (verdict.kind === "open") return now;
  return ownPeriod(verdict) === null ? null : verdict.opensAt;
}
