import { commit, version as number } from "../version.ts";
import { commonArgs, type Given } from "./arguments.ts";
import { exitCode } from "./exit-code.ts";
import { deliver } from "./report.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";

export function version(shell: Shell) {
  const run = (given: Given) =>
    deliver(shell, given, {
      exitCode: exitCode.done,
      lines: [
        `lull ${number}${commit === null ? "" : ` (${commit})`}, Bun ${Bun.version}, ${process.platform}-${process.arch}`,
      ],
      data: { version: number, commit, bun: Bun.version, platform: process.platform, architecture: process.arch },
    });
  return strictCommand({ name: "version", description: "Prints the version.", args: commonArgs, run });
}
