import { LullError } from "../gate/error.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { commonArgs } from "./common-args.ts";
import { exitCode } from "./exit-code.ts";
import { findCommand, verbsOf } from "./find-command.ts";
import { deliver, type Output } from "./report.ts";
import type { Shell } from "./shell.ts";
import { usage } from "./synopsis.ts";
import { columns } from "./table.ts";

export function help(shell: Shell): Command {
  return {
    args: {
      command: {
        type: "positional",
        required: false,
        valueHint: "COMMAND ...",
        description: "the command to explain (default: all, a line each)",
      },
      ...commonArgs,
    },
    run: async (given) => {
      const form = { json: given.flag("json"), quiet: false };
      if (given.words.length === 0) {
        return deliver(shell, form, { exitCode: exitCode.done, lines: overview(), data: { commands: rowsOf(all) } });
      }
      const verbs = verbsOf(given.words[0] ?? "");
      if (verbs.length > 0 && given.words.length === 1) {
        const rows = rowsOf(verbs);
        return deliver(shell, form, { exitCode: exitCode.done, lines: linesOf(rows), data: { commands: rows } });
      }
      const { name, entry, rest } = findCommand(given.words);
      if (rest.length > 0)
        throw new LullError("usage", `"${given.words.join(" ")}" is no command; did you mean ${name}?`);
      return helpOf({ shell, form, name, summary: entry.summary }, await entry.load(shell));
    },
  };
}

const all: readonly string[] = Object.keys(commands);

interface Row {
  readonly name: string;
  readonly summary: string;
}

function rowsOf(names: readonly string[]): readonly Row[] {
  return names.map((name) => ({ name, summary: commands[name]?.summary ?? "" }));
}

function linesOf(rows: readonly Row[]): readonly string[] {
  return columns(rows.map(({ name, summary }) => [`  lull ${name}`, summary]));
}

/** All commands, a line each, and what they have in common. */
export function overview(): readonly string[] {
  return [
    "lull closes a web site for maintenance and opens it again.",
    "",
    ...linesOf(rowsOf(all)),
    "",
    '"lull help COMMAND" shows how a command is written. Every command takes --quiet, --database and --config, and --json,',
    "but for run, whose standard output is its COMMAND's.",
    "Exit codes: 0 done or so already, 1 refused, 2 wrongly written, 5 database out of reach,",
    "6 written, but some sidecar does not serve it, or waited in vain, 7 written, but no sidecar is registered,",
    "10 and 11 closed and read-only (status --exit-code), 125 to 127 run could not start its COMMAND, 130 interrupted.",
  ];
}

interface Topic {
  readonly shell: Shell;
  readonly form: Output;
  readonly name: string;
  readonly summary: string;
}

/** How one command is written. */
export function helpOf({ shell, form, name, summary }: Topic, { args }: Command): number {
  const rows = Object.entries(args).map(([key, arg]) => {
    const value = "valueHint" in arg && arg.valueHint !== undefined ? arg.valueHint : "";
    const short = "alias" in arg && typeof arg.alias === "string" ? `-${arg.alias}, ` : "";
    const written = arg.type === "positional" ? value : `${short}--${key}${value === "" ? "" : ` ${value}`}`;
    return { written, isWord: arg.type === "positional", description: arg.description ?? "" };
  });
  const words = rows.filter((row) => row.isWord);
  const options = rows.filter((row) => !row.isWord);
  const lines = columns([...words, ...options].map((row) => [`  ${row.written}`, row.description]));
  return deliver(shell, form, {
    exitCode: exitCode.done,
    lines: [
      `lull ${usage(name, args)}`,
      `  ${summary}`,
      "",
      ...lines.slice(0, words.length),
      ...(words.length > 0 ? [""] : []),
      ...lines.slice(words.length),
    ],
    data: {
      command: name,
      summary,
      words: words.map(({ written, description }) => ({ word: written, description })),
      options: options.map(({ written, description }) => ({ option: written, description })),
    },
  });
}
