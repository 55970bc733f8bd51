import { findSite } from "../gate/decide.ts";
import type { InstantMs } from "../gate/period.ts";
import { decidingRule, type ReadonlyRule } from "../gate/readonly-rule.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import type { Verdict } from "../gate/verdict.ts";
import type { Visit } from "../gate/visit.ts";

/** That nothing but read-only periods run, so that the method of a visit decides, or a rule. */
export interface ReadonlyDecision {
  /** null: the method alone. */
  readonly rule: ReadonlyRule | null;
}

/** A verdict, and when it holds. */
interface Given {
  readonly verdict: Verdict;
  readonly visit: Visit;
  readonly now: InstantMs;
}

/** How the mode `readonly` came to a verdict; null: something else did. */
export function readonlyDecisionOf(snapshot: Snapshot, { verdict, visit, now }: Given): ReadonlyDecision | null {
  if (!isByMode(verdict, now)) return null;
  const own = findSite(snapshot, visit)?.readonlyRules ?? [];
  return { rule: decidingRule(visit, [own, snapshot.everywhere.readonlyRules]) };
}

function isByMode(verdict: Verdict, now: InstantMs): boolean {
  if (verdict.kind === "open") return verdict.why === "readonly-safe-method";
  // Its chain goes on to what has not begun, which holds nobody yet.
  const holding = verdict.chain.filter(({ start }) => start <= now);
  return verdict.why === "period" && holding.every(({ mode }) => mode === "readonly");
}
