import { requireSites } from "../actions/find-sites.ts";
import { addReadonlyRules } from "../actions/readonly-rules.ts";
import { LullError } from "../gate/error.ts";
import type { ReadonlyRule } from "../gate/readonly-rule.ts";
import { readSites } from "../store/sites.ts";
import type { Given } from "./arguments.ts";
import { changing } from "./changing.ts";
import type { Command } from "./command.ts";
import { commonArgs, repeatable, siteArgs } from "./common-args.ts";
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
      reason: { type: "string", valueHint: "TEXT", description: "why, for the audit" },
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
  return changing(
    { shell, given },
    (context) => async (database) => {
      const names = given.list("site");
      const sites = names.length === 0 ? null : requireSites(await readSites(database.orm), names);
      return addReadonlyRules(database, context, { sites, rules });
    },
    {
      lines: (outcomes) =>
        outcomes.map(({ kind, rule }) => {
          const verb = kind === "added" ? "added" : "is there already";
          return `read-only rule ${rule.id} ${verb}: ${describeReadonlyRule(rule)}`;
        }),
      data: (outcomes) => ({ rules: outcomes.map(({ rule }) => rule) }),
    },
  );
}
