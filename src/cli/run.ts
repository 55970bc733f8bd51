import { type CommandDef, runCommand } from "citty";
import { nearestName } from "../config-suggestion.ts";
import { LullError } from "../gate/error.ts";
import { nativeLoadFault } from "../store/native-load.ts";
import { commands } from "./commands.ts";
import { exitCode, exitCodeOf } from "./exit-code.ts";
import { schemaVersion } from "./report.ts";
import type { Shell } from "./shell.ts";

/** Runs one command line. Gives the exit code; never throws. */
export async function run(shell: Shell, argv: readonly string[]): Promise<number> {
  try {
    return await dispatch(shell, argv);
  } catch (error) {
    const { kind, message, code } = describe(error);
    if (argv.includes("--json"))
      shell.print(JSON.stringify({ schemaVersion, exitCode: code, error: { kind, message } }));
    for (const line of message.split("\n")) shell.say(`lull: ${line}`);
    if (kind === "internal" && error instanceof Error && shell.environment["LULL_LOG_LEVEL"] === "debug")
      shell.say(error.stack ?? "");
    return code;
  }
}

async function dispatch(shell: Shell, argv: readonly string[]): Promise<number> {
  const [first, ...rest] = argv;
  if (first === undefined || first === "help" || first === "--help" || first === "-h") {
    const lines = rest.length > 0 ? await usageFor(shell, rest) : await (await import("./help.ts")).overview(shell);
    for (const line of lines) (first === undefined ? shell.say : shell.print)(line);
    return first === undefined ? exitCode.usage : exitCode.done;
  }
  if (first === "--version" || first === "-V") return dispatch(shell, ["version", ...rest]);
  const { command, rawArgs } = await find(shell, argv);
  if (rawArgs.includes("--help") || rawArgs.includes("-h")) {
    for (const line of await (await import("./help.ts")).usageOf(command)) shell.print(line);
    return exitCode.done;
  }
  const { result } = await runCommand(command, { rawArgs: [...rawArgs] });
  return typeof result === "number" ? result : exitCode.done;
}

async function usageFor(shell: Shell, words: readonly string[]): Promise<readonly string[]> {
  const { command } = await find(shell, words);
  return (await import("./help.ts")).usageOf(command);
}

async function find(
  shell: Shell,
  argv: readonly string[],
): Promise<{ command: CommandDef; rawArgs: readonly string[] }> {
  const [first = "", second = ""] = argv;
  for (const [name, words] of [
    [first, 1],
    [`${first} ${second}`, 2],
  ] as const) {
    const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (load !== undefined) return { command: await load(shell), rawArgs: argv.slice(words) };
  }
  const names = Object.keys(commands);
  const verbs = names.filter((name) => name.startsWith(`${first} `));
  if (verbs.length > 0) {
    const wanted = second === "" || second.startsWith("-") ? "one word is missing" : `"${second}" is none of its words`;
    throw new LullError(
      "usage",
      `lull ${first}: ${wanted}: ${verbs.map((name) => name.slice(first.length + 1)).join(", ")}`,
    );
  }
  const close = nearestName(first, names);
  throw new LullError(
    "usage",
    `unknown command "${first}"${close === null ? "" : `; did you mean ${close}?`} (lull help lists them)`,
  );
}

interface Described {
  readonly kind: string;
  readonly message: string;
  readonly code: number;
}

function describe(error: unknown): Described {
  if (error instanceof LullError) return { kind: error.kind, message: error.message, code: exitCodeOf(error.kind) };
  // citty looks for missing words before our own reading begins.
  if (error instanceof Error && error.name === "CLIError") {
    return { kind: "usage", message: `${error.message} (lull help COMMAND shows them)`, code: exitCode.usage };
  }
  const load =
    error instanceof Error && "code" in error ? nativeLoadFault(`${String(error.code)} ${error.message}`) : null;
  if (load !== null) return describe(load);
  const what = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
  const message = `internal error: ${what}; this is a bug of lull, LULL_LOG_LEVEL=debug shows where`;
  return { kind: "internal", message, code: exitCode.internal };
}
