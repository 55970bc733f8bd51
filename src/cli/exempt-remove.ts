import { removeExemption } from "../actions/exemptions.ts";
import type { Exemption } from "../gate/exemption.ts";
import type { Given } from "./arguments.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, waitArgs } from "./common-args.ts";
import { describeExemption } from "./describe-exemption.ts";
import { numberWord } from "./number-word.ts";
import type { Shell } from "./shell.ts";

export function exemptRemove(shell: Shell): Command {
  return {
    args: {
      number: { type: "positional", valueHint: "NUMBER", description: 'the number that "exempt list" shows' },
      ...auditArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const number = numberWord(given, "an exemption");
  return closing<Exemption>({ shell, given }, (context) => ({
    act: (database) => removeExemption(database, context, number),
    intent: () => "hold",
    tell: ({ result }) => ({
      lines: [
        `exemption ${result.id} ${context.dryRun ? "would be removed" : "removed"}: ${describeExemption(result)}`,
      ],
      data: { exemption: result },
    }),
  }));
}
