import type { ArgsDef } from "citty";
import { occurrenceLabel, parseOccurrenceName } from "../actions/find-occurrence.ts";
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
import { readSites } from "../store/sites.ts";
import type { Given } from "./arguments.ts";
import type { Call } from "./changing.ts";
import { type Closing, closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { commonArgs, waitArgs } from "./common-args.ts";
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
    description: "the day on which its rule starts it; with the time (2026-11-22T02:00) if there are several",
  },
};

export const occurrenceReasonArgs: ArgsDef = {
  reason: { type: "string", valueHint: "TEXT", description: "why, for the audit" },
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
    args: { ...occurrenceWords, ...occurrenceReasonArgs, ...waitArgs, ...commonArgs },
    run: (given) => {
      const call: Call = { shell, given };
      const recurrenceId = numberWord(given, "a recurrence");
      return closing<ChangedOccurrence>(call, (context) => ({
        act: async (database) => {
          const recurrence = await requireRecurrence(database.orm, recurrenceId);
          return act(database, context, { recurrenceId, name: occurrenceName(given, recurrence, context.now) });
        },
        ...tellOccurrence(context),
      }));
    },
  };
}

/** The word DAY, read in the zone of the recurrence. Throws LullError. */
export function occurrenceName(given: Given, { timezone }: Recurrence, now: InstantMs): string {
  return parseOccurrenceName(given.words[1] ?? "", { now, timezone });
}

/** What commands that change one occurrence have in common. */
export function tellOccurrence({ clock, dryRun }: ChangeContext): Pick<Closing<ChangedOccurrence>, "intent" | "tell"> {
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
      const state = occurrence === null ? "skipped" : describeTimes(occurrence, recurrence.timezone);
      const disabled = recurrence.enabled ? "" : " (the recurrence is disabled)";
      return { lines: [`${what}: ${verb}${state}${disabled}`], data: { recurrence, wall, occurrence } };
    },
  };
}
