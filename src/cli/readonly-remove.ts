import { removeReadonlyRule } from "../actions/readonly-rules.ts";
import type { Given } from "./arguments.ts";
import { changing } from "./changing.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { describeReadonlyRule } from "./describe-readonly-rule.ts";
import { numberWord } from "./number-word.ts";
import type { Shell } from "./shell.ts";

export function readonlyRemove(shell: Shell): Command {
  return {
    args: {
      number: { type: "positional", valueHint: "NUMBER", description: 'the number that "readonly list" shows' },
      reason: { type: "string", valueHint: "TEXT", description: "why, for the audit" },
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const number = numberWord(given, "a read-only rule");
  return changing({ shell, given }, (context) => (database) => removeReadonlyRule(database, context, number), {
    lines: (result) => [`read-only rule ${result.id} removed: ${describeReadonlyRule(result)}`],
    data: (result) => ({ rule: result }),
  });
}
