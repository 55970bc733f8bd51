import type { RawResponse } from "../../support/raw-response.ts";
import { type FixtureOptions, start } from "../sidecar-fixture.ts";
import type { Asker } from "./askers.ts";

/** Site 2 is closed for a minute; a path and a network are exempt. */
export const two = {
  sites: [
    { id: 1, domain: "one.example" },
    { id: 2, domain: "two.example" },
  ],
  periods: [{ siteId: 2, end: start + 60_000 }],
  exemptions: [{ value: "/admin" }, { kind: "network", value: "10.0.0.0/8" }],
} as const satisfies FixtureOptions;

export const closedHost = { host: "two.example" };

/** `passes`, `held`, or what was said instead. */
export function outcome(asker: Asker, { status, header, body }: RawResponse): string {
  if (status === asker.passes && body.length === 0 && header("X-Lull") !== "closed") return "passes";
  if (status === asker.holds && header("X-Lull") === "closed" && header("Retry-After") !== null) return "held";
  return `${status} ${header("X-Lull")} with ${body.length} bytes`;
}
