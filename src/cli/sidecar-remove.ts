import { forgetSidecar } from "../actions/forget-sidecar.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { nameDatabase } from "./opened.ts";
import { deliver, outputOf } from "./report.ts";
import { contextOf, writing } from "./session.ts";
import type { Shell } from "./shell.ts";

export function sidecarRemove(shell: Shell): Command {
  return {
    args: {
      instance: { type: "positional", valueHint: "INSTANCE", description: 'what "sidecar list" shows' },
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  return writing(configFor(shell, given), contextOf(shell, given), async ({ database, created }) => {
    const sidecar = await forgetSidecar(database, given.words[0] ?? "");
    const { instance, hostname } = sidecar;
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: [`sidecar ${instance} of ${hostname} taken off the list; if it lives, it comes back by itself`],
      words: [nameDatabase({ database, created })],
      data: { database: database.path, created, sidecar },
    });
  });
}
