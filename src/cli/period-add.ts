import { downtimeName } from "../actions/hold.ts";
import { addPeriod } from "../actions/periods.ts";
import { type InstantMs, isRunning, type Period } from "../gate/period.ts";
import { readSites } from "../store/sites.ts";
import { parseDuration } from "../time/duration.ts";
import { type InstantContext, parseEnd, parseInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { chosenSites } from "./chosen-sites.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteArgs, waitArgs } from "./common-args.ts";
import { describePlanned, describeStart } from "./describe-plan.ts";
import { holdArgs, holdOf, longestArgs } from "./hold-args.ts";
import { refuseBoth } from "./refuse-both.ts";
import { refusePast } from "./refuse-past.ts";
import { byNumber } from "./scope.ts";
import type { Shell } from "./shell.ts";
import { clockOf, zoneArgs } from "./zone-args.ts";

export function periodAdd(shell: Shell): Command {
  return {
    args: {
      ...siteArgs,
      start: { type: "string", valueHint: "TIME", description: "RFC 3339, or a time in the zone of --tz (now)" },
      end: {
        type: "string",
        valueHint: "TIME",
        description: "until when; 03:00 is the first one after the start (default: without an end)",
      },
      for: { type: "string", valueHint: "1h30m", description: "how long, instead of --end" },
      name: { type: "string", valueHint: "NAME", description: `what identifies it (${downtimeName})` },
      ...holdArgs,
      ...longestArgs,
      ...zoneArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  return closing<readonly Period[]>({ shell, given }, (context, config) => {
    const clock = clockOf(given, config, context.now);
    const planned = { ...timesOf(given, clock), ...holdOf(given, config, downtimeName) };
    return {
      act: async (database) => {
        const sites = await chosenSites(given, database);
        return addPeriod(database, context, { ...planned, sites });
      },
      intent: (periods) => (periods.some((period) => isRunning(period, context.clock())) ? "close" : "open"),
      tell: async ({ database, result }) => {
        const sites = byNumber(await readSites(database.orm));
        const manner = { sites, timezone: clock.timezone, isDry: context.dryRun };
        return {
          lines: result.map((period) =>
            isRunning(period, context.clock()) ? describeStart(period, manner) : describePlanned(period, manner),
          ),
          data: { periods: result },
        };
      },
    };
  });
}

function timesOf(given: Given, clock: InstantContext): { readonly start: InstantMs; readonly end: InstantMs | null } {
  const [written, end, duration] = [given.text("start"), given.text("end"), given.text("for")];
  refuseBoth(given, "end", "for");
  const start = written === undefined ? clock.now : parseInstant(written, clock);
  if (duration !== undefined) return { start, end: start + parseDuration(duration) };
  if (end === undefined) return { start, end: null };
  const at = parseEnd(end, start, clock);
  // Who gives no start has made no mistake in it.
  if (written === undefined) refusePast({ option: "end", text: end, end: at }, clock);
  return { start, end: at };
}
