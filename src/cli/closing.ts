import type { Config } from "../config/keys.ts";
import type { ChangeContext } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import type { Act, Call, Prepare } from "./changing.ts";
import { configFor } from "./config-for.ts";
import { nameDatabase } from "./opened.ts";
import { type Intent, patienceOf, reach } from "./reach.ts";
import { deliver, outputOf } from "./report.ts";
import { contextOf, writing } from "./session.ts";

/** What came of it. */
export interface Outcome<T> {
  readonly database: Database;
  readonly config: Config;
  readonly context: ChangeContext;
  readonly result: T;
  readonly changed: boolean;
  /** Whether a command may say that the change is in effect, or would be (in a dry run). */
  readonly proven: boolean;
}

export interface Told {
  /** Standard output: what has been done. Held back unless it is proven. */
  readonly lines: readonly string[];
  readonly words?: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a command that opens or closes does, and tells. */
export interface Closing<T> {
  readonly act: Act<T>;
  readonly intent: (result: T) => Intent;
  readonly tell: (outcome: Outcome<T>) => Promise<Told> | Told;
}

/** Runs one action that opens or closes, finds out whether visitors get it, and says no more than that. */
export async function closing<T>({ shell, given }: Call, prepare: Prepare<Closing<T>>): Promise<number> {
  const config = configFor(shell, given);
  const patience = patienceOf({ shell, given }, config);
  const context = contextOf(shell, given);
  const { act, intent, tell } = prepare(context, config);
  return writing(config, context, async ({ database, created }) => {
    const { result, revision, changed } = await act(database);
    const reached = await reach(database, { revision, changed, intent: intent(result) }, patience);
    const told = await tell({ database, config, context, result, changed, proven: reached.proven });
    return deliver(shell, outputOf(given), {
      exitCode: reached.exitCode,
      lines: reached.proven ? told.lines : [],
      words: [nameDatabase({ database, created }), ...(told.words ?? []), ...reached.words],
      data: { database: database.path, created, ...reached.data, ...told.data },
    });
  });
}
