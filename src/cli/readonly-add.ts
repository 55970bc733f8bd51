import { addReadonlyRules, type ReadonlyRuleOutcome } from "../actions/readonly-rules.ts";
import { LullError } from "../gate/error.ts";
import type { ReadonlyRule } from "../gate/readonly-rule.ts";
import type { Given } from "./arguments.ts";
import { chosenSites } from "./chosen-sites.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, repeatable, siteArgs, waitArgs } from "./common-args.ts";
import { describeReadonlyRule } from "./describe-readonly-rule.ts";
import type { Shell } from "./shell.ts";

const effects: readonly ReadonlyRule["effect"][] = ["safe", "unsafe"];

export function readonlyAdd(shell: Shell): Command {
  return {
    args: {
      safe: {
        type: "string",
        valueHint: `RULE${repeatable}`,
        description: 'what passes although its method says otherwise: "POST /search"',
      },
      unsafe: {
        type: "string",
        valueHint: `RULE${repeatable}`,
        description: 'what is held although its method says otherwise: "GET /logout"',
      },
      ...siteArgs,
      ...auditArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const rules = effects.flatMap((effect) => given.list(effect).map((text) => ({ effect, text })));
  if (rules.length === 0) {
    throw new LullError("usage", 'give --safe or --unsafe with a method and a path, as in --safe "POST /search"');
  }
  return closing<readonly ReadonlyRuleOutcome[]>({ shell, given }, (context) => ({
    act: async (database) => {
      const sites = await chosenSites(given, database);
      return addReadonlyRules(database, context, { sites, rules });
    },
    // Somebody relies on what is unsafe being held.
    // Where nothing is read-only yet it changes nothing for visitors, and whoever sets a server up has no sidecar.
    intent: () => "open",
    tell: ({ result }) => ({
      lines: result.map(({ kind, rule }) => {
        const added = context.dryRun ? "would be added" : "added";
        const verb = kind === "added" ? added : "is there already";
        return `read-only rule ${rule.id} ${verb}: ${describeReadonlyRule(rule)}`;
      }),
      data: { rules: result.map(({ rule }) => rule) },
    }),
  }));
}
