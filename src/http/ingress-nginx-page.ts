import { STATUS_CODES } from "node:http";
import { decide } from "../gate/decide.ts";
import { readVisit } from "../gate/visit.ts";
import type { Arrival } from "./arrival.ts";
import { holdWhole } from "./check-responses.ts";
import { heldAnswer } from "./held-answer.ts";
import { plainText } from "./plain-text.ts";
import type { Sidecar } from "./sidecar.ts";
import { noClaims, visitorCredentials } from "./visitor-credentials.ts";

/** By which ingress-nginx says that it wants an error page, and of which status. */
export const errorCodeHeader = "x-code";

/**
 * The default backend of ingress-nginx: the answer of a held visit, and of any other the bare status that it asks for.
 * Never below 400, whatever it says, or an error would become a success. Of the visitor's own headers it overwrites
 * X-Code, X-Original-URI and Host alone, so neither an address nor a claim counts here.
 */
export function ingressNginxPage(sidecar: Sidecar, arrival: Arrival): Response {
  const { serving, settings } = sidecar;
  const { headers, method } = arrival.request;
  const raw = {
    // The query may be the visitor's: without endpoints, a service's own requests come here.
    site: null,
    host: headers.get("host"),
    target: headers.get("x-original-uri"),
    method,
    peer: { kind: "unix" },
    addressHeader: null,
    credentials: visitorCredentials(headers, noClaims),
  } as const;
  const visit = readVisit(raw, settings.trust);
  const now = sidecar.now();
  const verdict = serving.snapshot === null ? null : decide(serving.snapshot, visit, now);
  if (verdict?.kind !== "closed") return barePage(headers.get(errorCodeHeader) ?? "");
  // The page itself, also where the site sends its visitors elsewhere.
  const site = verdict.site === null ? null : { ...verdict.site, redirectUrl: "" };
  const here = { ...verdict, site };
  const answer = () => heldAnswer(sidecar, { arrival, visit, verdict: here, now, mayBeSuccess: false });
  return holdWhole({ retryAfterSeconds: settings.retryAfterSeconds, close: false, answer }, 503);
}

function barePage(code: string): Response {
  const status = /^[45]\d\d$/.test(code) ? Number(code) : 500;
  return plainText(status, `${status} ${STATUS_CODES[status] ?? "Error"}`);
}
