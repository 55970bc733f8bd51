import { type RotatedKeys, rotateBypassKeys } from "../actions/bypasses.ts";
import type { Given } from "./arguments.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, waitArgs } from "./common-args.ts";
import type { Shell } from "./shell.ts";

export function bypassRotateKeys(shell: Shell): Command {
  return { args: { ...auditArgs, ...waitArgs, ...commonArgs }, run: (given) => run(shell, given) };
}

function run(shell: Shell, given: Given): Promise<number> {
  return closing<RotatedKeys>({ shell, given }, (context) => ({
    act: (database) => rotateBypassKeys(database, context),
    intent: () => "open",
    tell: ({ result }) => {
      const { added, kept, dropped } = result;
      const verb = context.dryRun ? "would sign" : "signs";
      return {
        lines: [`key ${added} ${verb} from now on, and cookies that are out stay good`],
        words: [
          ...(kept.length === 0 ? [] : [`kept for them: ${numbers(kept)}`]),
          ...(dropped.length === 0 ? [] : [`dropped, as no bypass needs them any more: ${numbers(dropped)}`]),
        ],
        data: { keys: result },
      };
    },
  }));
}

function numbers(keys: readonly number[]): string {
  return `${keys.length === 1 ? "key" : "keys"} ${keys.join(", ")}`;
}
