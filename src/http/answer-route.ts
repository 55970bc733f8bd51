import type { Answer } from "../answer/answer.ts";
import { decide } from "../gate/decide.ts";
import { readVisit } from "../gate/visit.ts";
import type { Arrival } from "./arrival.ts";
import { nginx } from "./dialects/nginx.ts";
import { bareAnswer, heldAnswer } from "./held-answer.ts";
import type { Sidecar } from "./sidecar.ts";

/** What the visitor of a held visit receives: never what the application would say, whatever has changed since the check. */
export function answerRoute(sidecar: Sidecar, arrival: Arrival): Response {
  const { status, headers, body } = answerArrival(sidecar, arrival);
  return new Response(body, { status, headers });
}

function answerArrival(sidecar: Sidecar, arrival: Arrival): Answer {
  try {
    const { serving, settings } = sidecar;
    const visit = readVisit(nginx.read(arrival, settings.headers), settings.trust);
    const now = sidecar.now();
    const verdict = serving.snapshot === null ? null : decide(serving.snapshot, visit, now);
    return heldAnswer(sidecar, { arrival, visit, verdict, now, mayBeSuccess: true });
  } catch (error) {
    sidecar.log.error("bug", { where: "answer", error });
    return bareAnswer(sidecar);
  }
}
