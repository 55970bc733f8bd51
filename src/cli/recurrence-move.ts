import { type ChangedOccurrence, type MoveRequest, moveOccurrence } from "../actions/occurrences.ts";
import { requireRecurrence } from "../actions/recurrences.ts";
import { LullError } from "../gate/error.ts";
import { parseDuration } from "../time/duration.ts";
import { type InstantContext, isTimeOfDay, parseEnd, parseInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, waitArgs } from "./common-args.ts";
import { longestArgs, longestOf } from "./hold-args.ts";
import { numberWord } from "./number-word.ts";
import { occurrenceName, occurrenceWords, tellOccurrence } from "./recurrence-occurrence.ts";
import { refuseBoth } from "./refuse-both.ts";
import type { Shell } from "./shell.ts";
import { clockOf, zoneArgs } from "./zone-args.ts";

export function recurrenceMove(shell: Shell): Command {
  return {
    args: {
      ...occurrenceWords,
      start: { type: "string", valueHint: "TIME", description: "when it starts; 03:00 is that of DAY" },
      end: { type: "string", valueHint: "TIME", description: "when it ends (default: as long as before)" },
      for: { type: "string", valueHint: "1h30m", description: "how long, instead of --end" },
      ...zoneArgs,
      tz: {
        ...zoneArgs["tz"],
        description: "IANA zone in which times are read and shown (default: that of the recurrence)",
      },
      ...longestArgs,
      ...auditArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const recurrenceId = numberWord(given, "a recurrence");
  const [start, end, duration] = [given.text("start"), given.text("end"), given.text("for")];
  refuseBoth(given, "end", "for");
  if (start === undefined && end === undefined && duration === undefined) {
    throw new LullError("usage", "whereto? give --start, and --end or --for if it lasts longer or shorter");
  }
  return closing<ChangedOccurrence>({ shell, given }, (context, config) => {
    const afterMs = duration === undefined ? null : parseDuration(duration);
    const clock = clockOf(given, config, context.now);
    return {
      act: async (database) => {
        const recurrence = await requireRecurrence(database.orm, recurrenceId);
        const name = await occurrenceName(given, recurrence, { database, now: context.now });
        const zoned = given.text("tz") === undefined ? { ...clock, timezone: recurrence.timezone } : clock;
        const request = { recurrenceId, name, longestMs: longestOf(given, config) };
        return moveOccurrence(database, context, { ...request, ...timesOf({ start, end, afterMs }, name, zoned) });
      },
      ...tellOccurrence(context, given.text("tz") === undefined ? undefined : clock.timezone),
    };
  });
}

interface Written {
  readonly start: string | undefined;
  readonly end: string | undefined;
  readonly afterMs: number | null;
}

function timesOf(written: Written, name: string, clock: InstantContext): Pick<MoveRequest, "start" | "end"> {
  const day = name.slice(0, 10);
  const start = written.start === undefined ? null : parseInstant(onDay(written.start, day), clock);
  if (written.afterMs !== null) return { start, end: { afterMs: written.afterMs } };
  if (written.end === undefined) return { start, end: null };
  if (start !== null) return { start, end: { at: parseEnd(written.end, start, clock) } };
  return { start, end: { at: parseInstant(onDay(written.end, day), clock) } };
}

/** A time of day alone is not the next one ahead, but that of the day which the command names. */
function onDay(time: string, day: string): string {
  return isTimeOfDay(time) ? `${day} ${time.trim()}` : time;
}
