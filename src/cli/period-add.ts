import { requireSites } from "../actions/find-sites.ts";
import { downtimeName } from "../actions/hold.ts";
import { addPeriod } from "../actions/periods.ts";
import { LullError } from "../gate/error.ts";
import { type InstantMs, isRunning, type Period } from "../gate/period.ts";
import { readSites } from "../store/sites.ts";
import { parseDuration } from "../time/duration.ts";
import { type InstantContext, parseInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteArgs, waitArgs } from "./common-args.ts";
import { describePlan } from "./describe-plan.ts";
import { holdArgs, longestArgs, longestOf, modeOf } from "./hold-args.ts";
import { byNumber } from "./scope.ts";
import type { Shell } from "./shell.ts";
import { clockOf, zoneArgs } from "./zone-args.ts";

export function periodAdd(shell: Shell): Command {
  return {
    args: {
      ...siteArgs,
      start: { type: "string", valueHint: "TIME", description: "RFC 3339, or a time in the zone of --tz (now)" },
      end: { type: "string", valueHint: "TIME", description: "until when (default: without an end)" },
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
    const planned = {
      ...timesOf(given, clock),
      mode: modeOf(given),
      name: given.text("name") ?? downtimeName,
      message: given.text("message") ?? "",
      owner: given.text("owner"),
      longestMs: longestOf(given, config),
    };
    return {
      act: async (database) => {
        const names = given.list("site");
        const sites = names.length === 0 ? null : requireSites(await readSites(database.orm), names);
        return addPeriod(database, context, { ...planned, sites });
      },
      intent: (periods) => (periods.some((period) => isRunning(period, context.clock())) ? "close" : "open"),
      tell: async ({ database, result }) => {
        const sites = byNumber(await readSites(database.orm));
        const verb = context.dryRun ? "would add" : "added";
        return {
          lines: result.map((period) => `${verb} ${describePlan(period, sites, clock.timezone)}`),
          data: { periods: result },
        };
      },
    };
  });
}

function timesOf(given: Given, clock: InstantContext): { readonly start: InstantMs; readonly end: InstantMs | null } {
  const [written, end, duration] = [given.text("start"), given.text("end"), given.text("for")];
  if (end !== undefined && duration !== undefined) {
    throw new LullError("usage", "--end and --for exclude each other; give one");
  }
  const start = written === undefined ? clock.now : parseInstant(written, clock);
  if (duration !== undefined) return { start, end: start + parseDuration(duration) };
  return { start, end: end === undefined ? null : parseInstant(end, clock) };
}
