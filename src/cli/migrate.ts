import { migrate as migrateDatabase } from "../store/migrate.ts";
import { commonArgs, type Given } from "./arguments.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { deliver } from "./report.ts";
import { creating } from "./session.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";

export function migrate(shell: Shell) {
  return strictCommand({
    name: "migrate",
    description: "Makes the database, or brings its schema up to date.",
    args: commonArgs,
    run: (given) => run(shell, given),
  });
}

function run(shell: Shell, given: Given): Promise<number> {
  return creating(configFor(shell, given), async (database) => {
    const { from, to, copy } = await migrateDatabase(database, shell.now());
    return deliver(shell, given, {
      exitCode: exitCode.done,
      lines: [
        from === to
          ? `schema ${to}, nothing to do`
          : from === 0
            ? `made, schema ${to}`
            : `migrated from schema ${from} to ${to}`,
      ],
      words: [`database ${database.path}`, ...(copy === null ? [] : [`copied to ${copy} before`])],
      data: { database: database.path, from, to, copy },
    });
  });
}
