import { type ExtendRequest, extendPeriod, requirePeriod } from "../actions/periods.ts";
import { LullError } from "../gate/error.ts";
import { isRunning, type Period } from "../gate/period.ts";
import { readSites } from "../store/sites.ts";
import { parseDuration } from "../time/duration.ts";
import { type InstantContext, isTimeOfDay, parseEnd, parseInstant, parseWallTime } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, waitArgs } from "./common-args.ts";
import { describePlan } from "./describe-plan.ts";
import { longestArgs, longestOf } from "./hold-args.ts";
import { numberWord } from "./number-word.ts";
import { byNumber } from "./scope.ts";
import type { Shell } from "./shell.ts";
import { clockOf, zoneArgs } from "./zone-args.ts";

export function periodExtend(shell: Shell): Command {
  return {
    args: {
      number: { type: "positional", valueHint: "NUMBER", description: 'the number that "period list" shows' },
      end: {
        type: "string",
        valueHint: "TIME",
        description: "until when: RFC 3339, or a time in the zone of --tz; 03:00 is that after its start",
      },
      by: { type: "string", valueHint: "30m", description: "how much longer than now planned, instead of --end" },
      "no-end": { type: "boolean", description: "until somebody ends it, instead of --end" },
      shorten: { type: "boolean", description: "let it end earlier than it would" },
      ...longestArgs,
      ...auditArgs,
      ...zoneArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const id = numberWord(given, "a period");
  return closing<Period>({ shell, given }, (context, config) => {
    const clock = clockOf(given, config, context.now);
    const mayShorten = given.flag("shorten");
    const wanted = endOf(given, clock);
    const request = { id, mayShorten, longestMs: longestOf(given, config) };
    return {
      act: async (database) => {
        if (wanted.kind === "end") return extendPeriod(database, context, { ...request, end: wanted.end });
        const { start } = await requirePeriod({ queries: database.orm }, id);
        // Of one that runs the first one ahead: none is meant that is over.
        const at = parseEnd(wanted.text, Math.max(start, clock.now), clock);
        return extendPeriod(database, context, { ...request, end: { at } });
      },
      intent: (period) => (isRunning(period, context.clock()) ? "close" : "open"),
      tell: async ({ database, result, changed }) => {
        const sites = byNumber(await readSites(database.orm));
        const done = mayShorten ? "changed" : "extended";
        const what = changed ? (context.dryRun ? `would be ${done}` : done) : "already so";
        return { lines: [`${what}: ${describePlan(result, sites, clock.timezone)}`], data: { period: result } };
      },
    };
  });
}

/** A time of day alone is that after the start of the period, which only the database knows. */
type WantedEnd =
  | { readonly kind: "end"; readonly end: ExtendRequest["end"] }
  | { readonly kind: "time-of-day"; readonly text: string };

/** Throws LullError. */
function endOf(given: Given, clock: InstantContext): WantedEnd {
  const [end, by] = [given.text("end"), given.text("by")];
  const count = [end !== undefined, by !== undefined, given.flag("no-end")].filter(Boolean).length;
  if (count !== 1) {
    const fault = count === 0 ? "the new end is missing" : "--end, --by and --no-end exclude each other";
    throw new LullError("usage", `${fault}; give one of --end TIME, --by 30m, --no-end`);
  }
  if (end !== undefined && isTimeOfDay(end)) {
    parseWallTime(end);
    return { kind: "time-of-day", text: end };
  }
  if (end !== undefined) return { kind: "end", end: { at: parseInstant(end, clock) } };
  return { kind: "end", end: by === undefined ? null : { laterMs: parseDuration(by) } };
}
