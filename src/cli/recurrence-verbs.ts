import { nextOccurrences } from "../actions/find-occurrence.ts";
import { disableRecurrence, enableRecurrence, removeRecurrence } from "../actions/recurrences.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import type { ChangeContext, Changed } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { selectOccurrenceChanges } from "../store/recurrences.ts";
import { readSites } from "../store/sites.ts";
import type { Call } from "./changing.ts";
import { closedNow } from "./closed-now.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, waitArgs } from "./common-args.ts";
import { numberWord } from "./number-word.ts";
import { describeRecurrence } from "./recurrence-words.ts";
import { byNumber } from "./scope.ts";
import type { Shell } from "./shell.ts";

interface Verb {
  readonly done: string;
  readonly act: (database: Database, context: ChangeContext, id: number) => Promise<Changed<Recurrence>>;
}

export function recurrenceEnable(shell: Shell): Command {
  return oneRecurrence(shell, { done: "enabled", act: enableRecurrence });
}

export function recurrenceDisable(shell: Shell): Command {
  return oneRecurrence(shell, { done: "disabled", act: disableRecurrence });
}

export function recurrenceRemove(shell: Shell): Command {
  return oneRecurrence(shell, { done: "removed", act: removeRecurrence });
}

function oneRecurrence(shell: Shell, verb: Verb): Command {
  return {
    args: {
      number: { type: "positional", valueHint: "NUMBER", description: 'the number that "recurrence list" shows' },
      ...auditArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run({ shell, given }, verb),
  };
}

interface Done {
  readonly recurrence: Recurrence;
  /** What runs or comes next, of one that was enabled. */
  readonly next: Occurrence | null;
}

function run(call: Call, { done, act }: Verb): Promise<number> {
  const number = numberWord(call.given, "a recurrence");
  return closing<Done>(call, (context) => ({
    act: async (database) => {
      const changed = await act(database, context, number);
      const next = done === "enabled" ? await nextOf(database, changed.result, context) : null;
      return { ...changed, result: { recurrence: changed.result, next } };
    },
    intent: ({ next }) => (next !== null && next.start <= context.clock() ? "close" : "open"),
    tell: async ({ database, result: { recurrence, next }, changed }) => {
      const sites = byNumber(await readSites(database.orm));
      const what = changed ? (context.dryRun ? `would be ${done}` : done) : `already ${done}`;
      const { timezone } = recurrence;
      const closed = changed && next !== null ? closedNow(recurrence, next, { context, sites, timezone }) : [];
      return { lines: [`${what}: ${describeRecurrence(recurrence, sites)}`, ...closed], data: { recurrence } };
    },
  }));
}

async function nextOf(database: Database, recurrence: Recurrence, { now }: ChangeContext): Promise<Occurrence | null> {
  const changes = await selectOccurrenceChanges(database.orm, recurrence.id);
  const [next] = await nextOccurrences(recurrence, changes, { now, most: 1 });
  return next ?? null;
}
