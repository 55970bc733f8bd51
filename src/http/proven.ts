import type { InstantMs } from "../gate/period.ts";
import type { Visit } from "../gate/visit.ts";
import type { Settings } from "./sidecar.ts";

/** A signature takes a processor a while: of what is forged there are never so many that checks wait for each other. */
const mostAtOnce = 16;
let underWay = 0;

/**
 * The visit with what its signed token shows; keys are in memory, so nothing is waited for but the computation. Under a
 * flood of tokens some show nothing: they are held, and the others get their answers in time.
 */
export async function proven(
  { staffTokens }: Pick<Settings, "staffTokens">,
  visit: Visit,
  now: InstantMs,
): Promise<Visit> {
  if (staffTokens === null || underWay >= mostAtOnce) return visit;
  underWay++;
  try {
    return { ...visit, proven: await staffTokens.standingOf(visit.credentials, now) };
  } finally {
    underWay--;
  }
}
