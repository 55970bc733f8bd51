import type { Config } from "../config-keys.ts";
import type { ChangeContext, Changed } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import type { Given } from "./arguments.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { deliver } from "./report.ts";
import { contextOf, writing } from "./session.ts";
import type { Shell } from "./shell.ts";

/** What a changing command tells of its result. */
export interface Told<T> {
  readonly lines: (result: T, changed: boolean) => readonly string[];
  readonly data: (result: T) => Readonly<Record<string, unknown>>;
}

/** Runs one action for a command that opens or closes nothing at once, and names the database that it changed. */
export async function changing<T>(
  command: { readonly shell: Shell; readonly given: Given },
  act: (database: Database, context: ChangeContext, config: Config) => Promise<Changed<T>>,
  told: Told<T>,
): Promise<number> {
  const { shell, given } = command;
  const config = configFor(shell, given);
  const context = contextOf(shell, given);
  return writing(config, async (database) => {
    const { result, revision, changed } = await act(database, context, config);
    const dryRun = context.dryRun ? ["dry run: nothing was changed"] : [];
    return deliver(shell, given, {
      exitCode: exitCode.done,
      lines: told.lines(result, changed),
      words: [`database ${database.path}, revision ${revision}`, ...dryRun],
      data: { database: database.path, revision, changed, ...told.data(result) },
    });
  });
}
