import type { ArgsDef } from "citty";
import { occurrenceLabel, occurrenceNameOf } from "../actions/find-occurrence.ts";
import {
  type ChangedOccurrence,
  type OccurrenceRequest,
  restoreOccurrence,
  skipOccurrence,
} from "../actions/occurrences.ts";
import { requireRecurrence } from "../actions/recurrences.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import type { ChangeContext, Changed } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { selectOccurrenceChanges } from "../store/recurrences.ts";
import { readSites } from "../store/sites.ts";
import type { Given } from "./arguments.ts";
import type { Call } from "./changing.ts";
import { closedNow } from "./closed-now.ts";
import { type Closing, closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, waitArgs } from "./common-args.ts";
import { numberWord } from "./number-word.ts";
import { describeTimes } from "./recurrence-words.ts";
import { byNumber, scopeOf } from "./scope.ts";
import type { Shell } from "./shell.ts";

/** The words by which commands name one occurrence. */
export const occurrenceWords: ArgsDef = {
  number: { type: "positional", valueHint: "NUMBER", description: 'the number that "recurrence list" shows' },
  day: {
    type: "positional",
    valueHint: "DAY",
    description:
      "the day on which its rule starts it, or sunday; with the time (2026-11-22T02:00) if there are several",
  },
};

export function recurrenceSkip(shell: Shell): Command {
  return oneOccurrence(shell, skipOccurrence);
}

export function recurrenceRestore(shell: Shell): Command {
  return oneOccurrence(shell, restoreOccurrence);
}

type Act = (
  database: Database,
  context: ChangeContext,
  request: OccurrenceRequest,
) => Promise<Changed<ChangedOccurrence>>;

function oneOccurrence(shell: Shell, act: Act): Command {
  return {
    args: { ...occurrenceWords, ...auditArgs, ...waitArgs, ...commonArgs },
    run: (given) => {
      const call: Call = { shell, given };
      const recurrenceId = numberWord(given, "a recurrence");
      return closing<ChangedOccurrence>(call, (context) => ({
        act: async (database) => {
          const recurrence = await requireRecurrence(database.orm, recurrenceId);
          const name = await occurrenceName(given, recurrence, { database, now: context.now });
          return act(database, context, { recurrenceId, name });
        },
        ...tellOccurrence(context),
      }));
    },
  };
}

/** The word DAY, read in the zone of the recurrence. Throws LullError. */
export async function occurrenceName(given: Given, recurrence: Recurrence, where: Where): Promise<string> {
  const changes = await selectOccurrenceChanges(where.database.orm, recurrence.id);
  return occurrenceNameOf(recurrence, given.words[1] ?? "", { now: where.now, changes });
}

interface Where {
  readonly database: Database;
  readonly now: InstantMs;
}

/** What commands that change one occurrence have in common. `timezone`: that of the answer, if not that of the rule. */
export function tellOccurrence(
  context: ChangeContext,
  timezone?: string,
): Pick<Closing<ChangedOccurrence>, "intent" | "tell"> {
  const { clock, dryRun } = context;
  return {
    intent: ({ recurrence, occurrence }) => {
      const now = clock();
      const runs = occurrence !== null && occurrence.start <= now && now < occurrence.end;
      return runs && recurrence.enabled ? "close" : "open";
    },
    tell: async ({ database, result, changed }) => {
      const { recurrence, wall, occurrence } = result;
      const sites = byNumber(await readSites(database.orm));
      const what = `"${recurrence.name}" on ${scopeOf(recurrence.siteId, sites)} (recurrence ${recurrence.id}), ${occurrenceLabel(wall)}`;
      const verb = changed ? (dryRun ? "would be " : "now ") : "already ";
      const zone = timezone ?? recurrence.timezone;
      const state = occurrence === null ? "skipped" : describeTimes(occurrence, zone);
      const disabled = recurrence.enabled ? "" : " (the recurrence is disabled)";
      const closed =
        changed && occurrence !== null ? closedNow(recurrence, occurrence, { context, sites, timezone: zone }) : [];
      return { lines: [`${what}: ${verb}${state}${disabled}`, ...closed], data: { recurrence, wall, occurrence } };
    },
  };
}
