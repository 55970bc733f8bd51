import { cancelPeriod, disablePeriod, enablePeriod, endPeriod, removePeriod } from "../actions/periods.ts";
import { isRunning, type Period } from "../gate/period.ts";
import type { ChangeContext, Changed } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { readSites } from "../store/sites.ts";
import type { Call } from "./changing.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, waitArgs } from "./common-args.ts";
import { describePlan, describeStart } from "./describe-plan.ts";
import { numberWord } from "./number-word.ts";
import { byNumber } from "./scope.ts";
import type { Shell } from "./shell.ts";
import { shownZoneArgs } from "./shown-zone.ts";
import { clockOf } from "./zone-args.ts";

interface Verb {
  readonly verb: string;
  readonly done: string;
  readonly act: (database: Database, context: ChangeContext, id: number) => Promise<Changed<Period>>;
}

export function periodEnd(shell: Shell): Command {
  return onePeriod(shell, { verb: "end", done: "ended", act: endPeriod });
}

export function periodCancel(shell: Shell): Command {
  return onePeriod(shell, { verb: "cancel", done: "cancelled", act: cancelPeriod });
}

export function periodEnable(shell: Shell): Command {
  return onePeriod(shell, { verb: "enable", done: "enabled", act: enablePeriod });
}

export function periodDisable(shell: Shell): Command {
  return onePeriod(shell, { verb: "disable", done: "disabled", act: disablePeriod });
}

export function periodRemove(shell: Shell): Command {
  return onePeriod(shell, { verb: "remove", done: "removed", act: removePeriod });
}

function onePeriod(shell: Shell, verb: Verb): Command {
  return {
    args: {
      number: { type: "positional", valueHint: "NUMBER", description: 'the number that "period list" shows' },
      ...auditArgs,
      ...shownZoneArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run({ shell, given }, verb),
  };
}

function run(call: Call, { verb, done, act }: Verb): Promise<number> {
  const number = numberWord(call.given, "a period");
  return closing<Period>(call, (context, config) => {
    const { timezone } = clockOf(call.given, config, context.now);
    return {
      act: (database) => act(database, context, number),
      intent: (period) => (verb === "enable" && isRunning(period, context.clock()) ? "close" : "open"),
      tell: async ({ database, result, changed }) => {
        const sites = byNumber(await readSites(database.orm));
        const manner = { sites, timezone, isDry: context.dryRun };
        const closes = verb === "enable" && changed && isRunning(result, context.clock());
        if (closes) return { lines: [describeStart(result, manner)], data: { period: result } };
        const what = changed ? (context.dryRun ? `would be ${done}` : done) : `already ${done}`;
        return { lines: [`${what}: ${describePlan(result, sites, timezone)}`], data: { period: result } };
      },
    };
  });
}
