import { requireSites } from "../actions/find-sites.ts";
import { downtimeName } from "../actions/hold.ts";
import { addPeriod } from "../actions/periods.ts";
import { LullError } from "../gate/error.ts";
import { type InstantMs, isRunning, type Period, type PeriodMode } from "../gate/period.ts";
import { readSites } from "../store/sites.ts";
import { parseDuration } from "../time/duration.ts";
import { type InstantContext, parseInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteArgs, waitArgs } from "./common-args.ts";
import { describePlan } from "./describe-plan.ts";
import { byNumber } from "./scope.ts";
import type { Shell } from "./shell.ts";

export function periodAdd(shell: Shell): Command {
  return {
    args: {
      ...siteArgs,
      start: { type: "string", valueHint: "TIME", description: "RFC 3339, or a time in the configured zone (now)" },
      end: { type: "string", valueHint: "TIME", description: "until when (default: without an end)" },
      for: { type: "string", valueHint: "1h30m", description: "how long, instead of --end" },
      name: { type: "string", valueHint: "NAME", description: `what identifies it (${downtimeName})` },
      mode: {
        type: "string",
        valueHint: "full|readonly",
        description: "readonly lets GET, HEAD and OPTIONS through (full)",
      },
      message: { type: "string", valueHint: "TEXT", description: "shown to held visitors" },
      reason: { type: "string", valueHint: "TEXT", description: "why, for status and audit" },
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  return closing<readonly Period[]>({ shell, given }, (context, { timezone }) => {
    const planned = {
      ...timesOf(given, { now: context.now, timezone }),
      mode: modeOf(given),
      name: given.text("name") ?? downtimeName,
      message: given.text("message") ?? "",
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
          lines: result.map((period) => `${verb} ${describePlan(period, sites, timezone)}`),
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

function modeOf(given: Given): PeriodMode {
  const mode = given.text("mode") ?? "full";
  if (mode === "full" || mode === "readonly") return mode;
  throw new LullError("usage", `invalid --mode "${mode}" (choose from full, readonly)`);
}
