import { commit, version as number } from "../version.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { exitCode } from "./exit-code.ts";
import { deliver, outputOf } from "./report.ts";
import type { Shell } from "./shell.ts";

export function version(shell: Shell): Command {
  const built = commit === null ? "" : ` (${commit})`;
  return {
    args: commonArgs,
    run: (given) =>
      deliver(shell, outputOf(given), {
        exitCode: exitCode.done,
        lines: [`lull ${number}${built}, Bun ${Bun.version}, ${process.platform}-${process.arch}`],
        data: { version: number, commit, bun: Bun.version, platform: process.platform, architecture: process.arch },
      }),
  };
}
