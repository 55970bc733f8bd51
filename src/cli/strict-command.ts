import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { type Given, readArguments } from "./arguments.ts";

export interface StrictCommand {
  /** As it is typed: `site add`. */
  readonly name: string;
  readonly description: string;
  readonly args: ArgsDef;
  /** Gives the exit code. Throws LullError. */
  readonly run: (given: Given) => Promise<number> | number;
}

/** A citty command whose arguments are read strictly. */
export function strictCommand({ name, description, args, run }: StrictCommand): CommandDef {
  return defineCommand<ArgsDef>({
    meta: { name, description },
    args,
    run: ({ rawArgs }) => run(readArguments(args, rawArgs)),
  });
}
