import { runCommand } from "citty";
import { asksForHelp } from "./arguments.ts";
import { cittyCommand } from "./command.ts";
import { commands } from "./commands.ts";
import { describeError } from "./describe-error.ts";
import { exitCode } from "./exit-code.ts";
import { type FoundCommand, findCommand, verbsOf } from "./find-command.ts";
import { deliver } from "./report.ts";
import type { Shell } from "./shell.ts";

/** Runs one command line. Gives the exit code; never throws. */
export async function run(shell: Shell, argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(shell, argv);
  } catch (error) {
    const { kind, message, code } = describeError(error);
    const stack = error instanceof Error && error.stack !== undefined ? error.stack.split("\n") : [];
    const details = kind === "internal" && shell.environment["LULL_LOG_LEVEL"] === "debug" ? stack : [];
    return deliver(
      shell,
      { json: isJson(argv), quiet: false },
      {
        exitCode: commands[argv[0] ?? ""]?.failureCode ?? code,
        words: [...message.split("\n").map((line) => `lull: ${line}`), ...details],
        data: { error: { kind, message } },
      },
    );
  }
}

async function dispatch(shell: Shell, argv: readonly string[]): Promise<number> {
  const [first = "", second = "", ...rest] = argv;
  if (argv.length === 0 || (argv.length === 1 && first === "--json")) {
    const words = [...(await import("./help.ts")).overview(), "", "lull: the command is missing"];
    const error = { kind: "usage", message: "the command is missing" };
    return deliver(shell, { json: isJson(argv), quiet: false }, { exitCode: exitCode.usage, words, data: { error } });
  }
  if (first === "--help" || first === "-h") return dispatch(shell, ["help", ...argv.slice(1)]);
  if (first === "--version" || first === "-V") return dispatch(shell, ["version", ...argv.slice(1)]);
  if (verbsOf(first).length > 0 && (second === "--help" || second === "-h"))
    return dispatch(shell, ["help", first, ...rest]);
  const { name, entry, rest: rawArgs } = first === "help" ? helpIn(argv) : findCommand(argv);
  const command = await entry.load(shell);
  if (asksForHelp(command.args, rawArgs)) {
    const form = { json: isJson(rawArgs), quiet: false };
    return (await import("./help.ts")).helpOf({ shell, form, name, summary: entry.summary }, command);
  }
  const { result } = await runCommand(cittyCommand(name, command), { rawArgs: [...rawArgs] });
  return typeof result === "number" ? result : exitCode.done;
}

/** Help is no row of the table, because it reads the table. */
function helpIn(argv: readonly string[]): FoundCommand {
  const load = async (shell: Shell) => (await import("./help.ts")).help(shell);
  return {
    name: "help",
    entry: { summary: "list the commands, or show how one is written", load },
    rest: argv.slice(1),
  };
}

/** Whether JSON is asked for, also when the command line is too broken to be read. */
function isJson(argv: readonly string[]): boolean {
  const end = argv.indexOf("--");
  return (end < 0 ? argv : argv.slice(0, end)).includes("--json");
}
