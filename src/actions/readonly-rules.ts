import { LullError } from "../gate/error.ts";
import { parseReadonlyRule, type ReadonlyRule } from "../gate/readonly-rule.ts";
import type { Site } from "../gate/site.ts";
import { nearestName } from "../nearest-name.ts";
import { type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import {
  deleteReadonlyRule,
  insertReadonlyRule,
  readReadonlyRule,
  selectReadonlyRules,
} from "../store/readonly-rules.ts";
import { requirePresent } from "./find-sites.ts";

export interface ReadonlyRulesRequest {
  /** null: rules that hold on all sites. */
  readonly sites: readonly Site[] | null;
  readonly rules: readonly {
    readonly effect: ReadonlyRule["effect"];
    /** As people write it: `POST /search`. */
    readonly text: string;
  }[];
}

export interface ReadonlyRuleOutcome {
  readonly kind: "added" | "already";
  readonly rule: ReadonlyRule;
}

/** Adds rules to what read-only sites take for safe and unsafe: all of them, or none. Refuses (LullError) contradictions. */
export async function addReadonlyRules(
  database: Database,
  context: ChangeContext,
  { sites, rules }: ReadonlyRulesRequest,
): Promise<Changed<readonly ReadonlyRuleOutcome[]>> {
  const wanted = rules.map(({ effect, text }) => parseReadonlyRule(effect, text, nearestName));
  refuseBothWays(wanted);
  return change(database, context, async (step) => {
    const siteIds = await requirePresent(step.queries, sites);
    const present = [...(await selectReadonlyRules(step.queries))];
    const outcomes: ReadonlyRuleOutcome[] = [];
    for (const siteId of siteIds) {
      for (const { effect, method, path } of wanted) {
        const same = present.find((rule) => rule.siteId === siteId && rule.method === method && rule.path === path);
        if (same !== undefined && same.effect !== effect) throw contradicts(same, effect);
        if (same !== undefined) {
          outcomes.push({ kind: "already", rule: same });
          continue;
        }
        const rule = await insertReadonlyRule(step.queries, { siteId, effect, method, path });
        await step.record({ action: "readonly.add", siteId, after: rule });
        present.push(rule);
        outcomes.push({ kind: "added", rule });
      }
    }
    return outcomes;
  });
}

/** Removes a rule by its number; the audit keeps it. */
export async function removeReadonlyRule(
  database: Database,
  context: ChangeContext,
  id: number,
): Promise<Changed<ReadonlyRule>> {
  return change(database, context, async (step) => {
    const before = await readReadonlyRule(step.queries, id);
    if (before === undefined)
      throw new LullError("refused", `no read-only rule ${id}; "lull readonly list" shows those that there are`);
    await deleteReadonlyRule(step.queries, id);
    await step.record({ action: "readonly.remove", siteId: before.siteId, before });
    return before;
  });
}

function refuseBothWays(wanted: readonly Pick<ReadonlyRule, "effect" | "method" | "path">[]): void {
  for (const { effect, method, path } of wanted) {
    if (effect !== "safe") continue;
    if (wanted.some((other) => other.effect === "unsafe" && other.method === method && other.path === path))
      throw new LullError("refused", `"${method} ${path}" cannot be safe and unsafe at once; give it one way`);
  }
}

function contradicts({ id, siteId, effect, method, path }: ReadonlyRule, wanted: ReadonlyRule["effect"]): LullError {
  const where = siteId === null ? "on all sites" : `on site ${siteId}`;
  return new LullError(
    "refused",
    `"${method} ${path}" is ${effect} ${where} by rule ${id}, and cannot be ${wanted} too; "lull readonly remove ${id}" takes that away`,
  );
}
