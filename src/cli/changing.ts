import type { Config } from "../config/keys.ts";
import type { ChangeContext, Changed } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import type { Given } from "./arguments.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { nameDatabase } from "./opened.ts";
import { deliver, outputOf } from "./report.ts";
import { contextOf, writing } from "./session.ts";
import type { Shell } from "./shell.ts";

/** One call of a command. */
export interface Call {
  readonly shell: Shell;
  readonly given: Given;
}

/** One change: an action and what it needs. */
export type Act<T> = (database: Database) => Promise<Changed<T>>;

/** Reads what was given, and refuses (LullError) what cannot be meant, before a database is opened. */
export type Prepare<T> = (context: ChangeContext, config: Config) => T;

/** What a changing command tells of its result. */
export interface Telling<T> {
  readonly lines: (result: T, changed: boolean) => readonly string[];
  readonly data: (result: T) => Readonly<Record<string, unknown>>;
}

/** Runs one action for a command that opens or closes nothing at once, and names the database that it changed. */
export async function changing<T>(
  { shell, given }: Call,
  prepare: Prepare<Act<T>>,
  telling: Telling<T>,
): Promise<number> {
  const config = configFor(shell, given);
  const context = contextOf(shell, given);
  const act = prepare(context, config);
  return writing(config, context, async ({ database, created }) => {
    const { result, revision, changed } = await act(database);
    const name = nameDatabase({ database, created });
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: telling.lines(result, changed),
      words: created ? [name, `revision ${revision}`] : [`${name}, revision ${revision}`],
      data: { database: database.path, created, revision, changed, ...telling.data(result) },
    });
  });
}
