import { removeReadonlyRule } from "../actions/readonly-rules.ts";
import type { ReadonlyRule } from "../gate/readonly-rule.ts";
import type { Given } from "./arguments.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, waitArgs } from "./common-args.ts";
import { describeReadonlyRule } from "./describe-readonly-rule.ts";
import { numberWord } from "./number-word.ts";
import type { Shell } from "./shell.ts";

export function readonlyRemove(shell: Shell): Command {
  return {
    args: {
      number: { type: "positional", valueHint: "NUMBER", description: 'the number that "readonly list" shows' },
      ...auditArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const number = numberWord(given, "a read-only rule");
  return closing<ReadonlyRule>({ shell, given }, (context) => ({
    act: (database) => removeReadonlyRule(database, context, number),
    // Without its rule, what was safe is held.
    // Where nothing is read-only yet it changes nothing for visitors, and whoever sets a server up has no sidecar.
    intent: () => "open",
    tell: ({ result }) => ({
      lines: [
        `read-only rule ${result.id} ${context.dryRun ? "would be removed" : "removed"}: ${describeReadonlyRule(result)}`,
      ],
      data: { rule: result },
    }),
  }));
}
