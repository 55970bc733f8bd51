import { removeExemption } from "../actions/exemptions.ts";
import type { Given } from "./arguments.ts";
import { changing } from "./changing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs } from "./common-args.ts";
import { describeExemption } from "./describe-exemption.ts";
import { numberWord } from "./number-word.ts";
import type { Shell } from "./shell.ts";

export function exemptRemove(shell: Shell): Command {
  return {
    args: {
      number: { type: "positional", valueHint: "NUMBER", description: 'the number that "exempt list" shows' },
      ...auditArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const number = numberWord(given, "an exemption");
  return changing({ shell, given }, (context) => (database) => removeExemption(database, context, number), {
    lines: (result) => [`exemption ${result.id} removed: ${describeExemption(result)}`],
    data: (result) => ({ exemption: result }),
  });
}
