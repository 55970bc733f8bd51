import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { LullError } from "../gate/error.ts";
import { copyTo } from "../store/copy.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { deliver, outputOf } from "./report.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";

export function backup(shell: Shell): Command {
  return {
    args: {
      file: { type: "positional", valueHint: "FILE", description: "where the copy goes; it must not be there yet" },
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const target = resolve(shell.machine.workingFolder, given.words[0] ?? "");
  return reading(configFor(shell, given), async (database) => {
    if (!statSync(dirname(target), { throwIfNoEntry: false })?.isDirectory()) {
      throw new LullError(
        "refused",
        `there is no folder ${dirname(target)} for the copy; make it, or name another file`,
      );
    }
    await copyTo(database, target);
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: [`copied to ${target}`],
      words: [`database ${database.path}`],
      data: { database: database.path, copy: target, bytes: Bun.file(target).size },
    });
  });
}
