import { findSite } from "../gate/decide.ts";
import { coveringExemption, type Exemption } from "../gate/exemption.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import type { Verdict } from "../gate/verdict.ts";
import type { Visit } from "../gate/visit.ts";

/** A verdict, and when it holds. */
interface Given {
  readonly verdict: Verdict;
  readonly visit: Visit;
  readonly now: InstantMs;
}

/** The exemption that let a visit pass: of its own site, else of all, as `decide` looks for it; null: none did. */
export function decidingExemption(snapshot: Snapshot, { verdict, visit, now }: Given): Exemption | null {
  if (verdict.kind === "closed" || verdict.exemption === null) return null;
  const own = findSite(snapshot, visit)?.exemptions;
  const ofSite = own === undefined ? null : coveringExemption(own, visit, now);
  return ofSite ?? coveringExemption(snapshot.everywhere.exemptions, visit, now);
}
