import type { Given } from "./arguments.ts";
import { exitCode } from "./exit-code.ts";
import type { Shell } from "./shell.ts";

/** What a command has to tell, in each of its forms. */
export interface Report {
  readonly exitCode: number;
  /** For `--json`: the members of the one object beside `schemaVersion` and `exitCode`. */
  readonly data: Readonly<Record<string, unknown>>;
  /** Standard output for people. */
  readonly lines?: readonly string[];
  /** Standard error: what people should know beside it. Left out by `--quiet`, unless the command failed. */
  readonly words?: readonly string[];
}

/** The version of what `--json` prints. It grows when a member changes its meaning or goes away. */
export const schemaVersion = 1;

/** Prints a report in the form that was asked for. Gives the exit code. */
export function deliver(shell: Shell, given: Given, report: Report): number {
  if (given.flag("json")) shell.print(JSON.stringify({ schemaVersion, exitCode: report.exitCode, ...report.data }));
  else if (!given.flag("quiet")) for (const line of report.lines ?? []) shell.print(line);
  const failed =
    report.exitCode === exitCode.notServed ||
    report.exitCode === exitCode.noSidecar ||
    report.exitCode === exitCode.refused;
  if (failed || !given.flag("quiet")) for (const word of report.words ?? []) shell.say(word);
  return report.exitCode;
}
