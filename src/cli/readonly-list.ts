import { selectReadonlyRules } from "../store/readonly-rules.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { deliver, outputOf } from "./report.ts";
import { scopeCell } from "./scope.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { table } from "./table.ts";

export function readonlyList(shell: Shell): Command {
  return { args: commonArgs, run: (given) => run(shell, given) };
}

function run(shell: Shell, given: Given): Promise<number> {
  return reading(configFor(shell, given), async (database) => {
    const rules = await selectReadonlyRules(database.orm);
    const rows = rules.map(({ id, siteId, effect, method, path }) => [
      String(id),
      scopeCell(siteId),
      effect,
      `${method} ${path}`,
    ]);
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: table(["NUMBER", "SITE", "EFFECT", "RULE"], rows),
      words: rules.length === 0 ? ["no rules: GET, HEAD and OPTIONS pass read-only sites, and nothing else"] : [],
      data: { database: database.path, rules },
    });
  });
}
