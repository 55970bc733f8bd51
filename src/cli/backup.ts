import { resolve } from "node:path";
import type { ArgsDef } from "citty";
import { copyTo } from "../store/migrate.ts";
import { commonArgs, type Given } from "./arguments.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { deliver } from "./report.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";

const args: ArgsDef = {
  file: { type: "positional", valueHint: "FILE", description: "where the copy goes" },
  ...commonArgs,
};

export function backup(shell: Shell) {
  return strictCommand({
    name: "backup",
    description: "Writes a consistent copy of the database, also while it is in use.",
    args,
    run: (given) => run(shell, given),
  });
}

function run(shell: Shell, given: Given): Promise<number> {
  const target = resolve(shell.machine.workingFolder, given.words[0] ?? "");
  return reading(configFor(shell, given), async (database) => {
    await copyTo(database, target);
    return deliver(shell, given, {
      exitCode: exitCode.done,
      lines: [`copied to ${target}`],
      words: [`database ${database.path}`],
      data: { database: database.path, copy: target, bytes: Bun.file(target).size },
    });
  });
}
