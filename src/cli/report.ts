import { formatUtc } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { exitCode } from "./exit-code.ts";
import { instantMembers } from "./instant-members.ts";
import { escapedForTerminals, printable } from "./printable.ts";
import type { Shell } from "./shell.ts";

/** What a command has to tell, in each of its forms. */
export interface Report {
  readonly exitCode: number;
  /** For `--json`: the members of the one object beside `schemaVersion` and `exitCode`. Instants are milliseconds here, and RFC 3339 there. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Standard output for people. */
  readonly lines?: readonly string[];
  /** Standard error: what people should know beside it. Left out by `--quiet`, unless the command failed. */
  readonly words?: readonly string[];
}

/** The form that was asked for. */
export interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
}

/** The version of what `--json` prints. It grows when a member changes its meaning or goes away. */
const schemaVersion = 1;

/** Ends that are an answer, not a failure. */
const answers: ReadonlySet<number> = new Set([exitCode.done, exitCode.closed, exitCode.readonly]);

export function outputOf(given: Given): Output {
  return { json: given.flag("json"), quiet: given.flag("quiet") };
}

/** Prints a report. Gives its exit code. */
export function deliver(shell: Shell, output: Output, report: Report): number {
  const { exitCode: code, data, lines = [], words = [] } = report;
  if (output.json)
    shell.print(escapedForTerminals(JSON.stringify({ schemaVersion, exitCode: code, ...data }, readable)));
  else if (!output.quiet) for (const line of lines) shell.print(printable(line));
  if (!output.quiet || !answers.has(code)) for (const word of words) shell.say(printable(word));
  return code;
}

function readable(name: string, value: unknown): unknown {
  return typeof value === "number" && instantMembers.has(name) ? formatUtc(value) : value;
}
