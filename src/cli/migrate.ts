import { migrate as migrateDatabase } from "../store/migrate.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { nameDatabase } from "./opened.ts";
import { deliver, outputOf } from "./report.ts";
import { creating } from "./session.ts";
import type { Shell } from "./shell.ts";

export function migrate(shell: Shell): Command {
  return { args: commonArgs, run: (given) => run(shell, given) };
}

function run(shell: Shell, given: Given): Promise<number> {
  return creating(configFor(shell, given), async (database) => {
    const { from, to, copy } = await migrateDatabase(database, shell.now());
    const created = from === 0;
    const done = created ? `made, schema ${to}` : `migrated from schema ${from} to ${to}`;
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: [from === to ? `schema ${to} already, nothing to do` : done],
      words: [nameDatabase({ database, created }), ...(copy === null ? [] : [`copied to ${copy} before`])],
      data: { database: database.path, created, changed: from !== to, from, to, copy },
    });
  });
}
