import { endOccurrence } from "../actions/occurrences.ts";
import { requireRecurrence } from "../actions/recurrences.ts";
import type { Period } from "../gate/period.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import { readSites } from "../store/sites.ts";
import { formatInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { closing, type Outcome, type Told } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, waitArgs } from "./common-args.ts";
import { numberWord } from "./number-word.ts";
import { occurrenceName, occurrenceWords } from "./recurrence-occurrence.ts";
import { stillClosed } from "./remaining.ts";
import { byNumber, scopeOf } from "./scope.ts";
import type { Shell } from "./shell.ts";

export function recurrenceEnd(shell: Shell): Command {
  return {
    args: {
      ...occurrenceWords,
      day: {
        type: "positional",
        required: false,
        valueHint: "DAY",
        description: "the day on which its rule starts it, if several run (default: the one that runs)",
      },
      ...auditArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

interface Ended {
  readonly recurrence: Recurrence;
  /** As it was. */
  readonly period: Period;
}

function run(shell: Shell, given: Given): Promise<number> {
  const recurrenceId = numberWord(given, "a recurrence");
  return closing<Ended>({ shell, given }, (context) => ({
    act: async (database) => {
      const recurrence = await requireRecurrence(database.orm, recurrenceId);
      const name =
        given.words[1] === undefined ? null : await occurrenceName(given, recurrence, { database, now: context.now });
      const done = await endOccurrence(database, context, { recurrenceId, name });
      return { ...done, result: { recurrence, period: done.result } };
    },
    intent: () => "open",
    tell,
  }));
}

async function tell(outcome: Outcome<Ended>): Promise<Told> {
  const { recurrence, period } = outcome.result;
  const all = await readSites(outcome.database.orm);
  const known = byNumber(all);
  const sites = period.siteId === null ? all : all.filter((site) => site.id === period.siteId);
  const rest = await stillClosed(outcome, { sites, ended: [period], timezone: recurrence.timezone });
  const verb = outcome.context.dryRun ? "would end" : "ended";
  const since = formatInstant(period.start, recurrence.timezone);
  const on = scopeOf(period.siteId, known);
  return {
    lines: [`${verb} "${period.name}" on ${on} (recurrence ${recurrence.id}), running since ${since}`],
    words: rest.words,
    data: { ended: period, ...rest.data },
  };
}
