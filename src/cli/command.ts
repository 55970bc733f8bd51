import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { type Definition, type Given, readArguments } from "./arguments.ts";

/** A command: what it takes, and what it does. */
export interface Command extends Omit<Definition, "name"> {
  /** Gives the exit code. Throws LullError. */
  readonly run: (given: Given) => Promise<number> | number;
}

/** The command for citty. Nothing is required in citty's eyes, because our own strict reading says what is missing. */
export function cittyCommand(name: string, command: Command): CommandDef {
  const lenient = Object.entries(command.args).map(([key, arg]) => [key, { ...arg, required: false }]);
  return defineCommand<ArgsDef>({
    meta: { name },
    args: Object.fromEntries(lenient),
    run: ({ rawArgs }) => command.run(readArguments({ ...command, name }, rawArgs)),
  });
}
