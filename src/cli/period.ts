import type { ArgsDef } from "citty";
import { requireSites } from "../actions/find-sites.ts";
import { downtimeName } from "../actions/hold.ts";
import { addPeriod, disablePeriod, enablePeriod, removePeriod } from "../actions/periods.ts";
import { LullError } from "../gate/error.ts";
import { type InstantMs, isRunning, type Period } from "../gate/period.ts";
import type { ChangeContext, Changed } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { selectPeriods } from "../store/periods.ts";
import { readSites } from "../store/sites.ts";
import { parseDuration } from "../time/duration.ts";
import { formatInstant, type InstantContext, parseInstant } from "../time/instant.ts";
import { commonArgs, type Given, waitArgs } from "./arguments.ts";
import { describePeriod } from "./closed-by.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { numberWord } from "./number-word.ts";
import { patienceOf, reach } from "./reach.ts";
import { deliver } from "./report.ts";
import { contextOf, reading, writing } from "./session.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";
import { table } from "./table.ts";

const addArgs = {
  site: {
    type: "string",
    valueHint: "SITE ...",
    description: "number, domain or alias; may be repeated (default: all sites)",
  },
  start: { type: "string", valueHint: "TIME", description: "RFC 3339, or a time in the configured zone (now)" },
  end: { type: "string", valueHint: "TIME", description: "until when (default: without an end)" },
  for: { type: "string", valueHint: "1h30m", description: "how long, instead of --end" },
  name: { type: "string", valueHint: "NAME", description: "what identifies it (downtime)" },
  mode: {
    type: "string",
    valueHint: "full|readonly",
    description: "readonly lets GET, HEAD and OPTIONS through (full)",
  },
  message: { type: "string", valueHint: "TEXT", description: "shown to held visitors" },
  reason: { type: "string", valueHint: "TEXT", description: "why, for status and audit" },
  ...waitArgs,
  ...commonArgs,
} as const satisfies ArgsDef;
const numberArgs: ArgsDef = {
  number: { type: "positional", valueHint: "NUMBER", description: 'the number that "period list" shows' },
  reason: { type: "string", valueHint: "TEXT", description: "why, for the audit" },
  ...waitArgs,
  ...commonArgs,
};
const listArgs: ArgsDef = {
  past: { type: "boolean", description: "those that are over" },
  running: { type: "boolean", description: "those that run now" },
  upcoming: { type: "boolean", description: "those that have not begun" },
  ...commonArgs,
};

export function periodAdd(shell: Shell) {
  return strictCommand({
    name: "period add",
    description: "Plans a period in which sites are closed.",
    args: addArgs,
    run: (given) => runAdd(shell, given),
  });
}

async function runAdd(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const patience = patienceOf(given);
  const context = contextOf(shell, given);
  const times = timesOf(given, { now: context.now, timezone: config.timezone });
  const mode = given.text("mode") ?? "full";
  if (mode !== "full" && mode !== "readonly")
    throw new LullError("usage", `invalid --mode "${mode}" (choose from full, readonly)`);
  const act = async (database: Database) => {
    const names = given.list("site");
    const sites = names.length === 0 ? null : requireSites(await readSites(database.orm), names);
    const request = {
      ...times,
      sites,
      mode,
      name: given.text("name") ?? downtimeName,
      message: given.text("message") ?? "",
    } as const;
    return addPeriod(database, context, request);
  };
  return writing(config, async (database) => {
    const { result, revision, changed } = await act(database);
    const running = result.some((period) => isRunning(period, context.now));
    const reached = await reach(database, revision, patience, running ? "close" : "open");
    return deliver(shell, given, {
      exitCode: reached.exitCode,
      lines: reached.proven ? result.map((period) => `added ${describePlan(period, config.timezone)}`) : [],
      words: [`database ${database.path}`, ...reached.words],
      data: { database: database.path, revision, changed, periods: result, ...reached.data },
    });
  });
}

function timesOf(given: Given, clock: InstantContext): { readonly start: InstantMs; readonly end: InstantMs | null } {
  const [written, end, duration] = [given.text("start"), given.text("end"), given.text("for")];
  if (end !== undefined && duration !== undefined)
    throw new LullError("usage", "--end and --for exclude each other; give one");
  const start = written === undefined ? clock.now : parseInstant(written, clock);
  if (duration !== undefined) return { start, end: start + parseDuration(duration) };
  return { start, end: end === undefined ? null : parseInstant(end, clock) };
}

export function periodEnable(shell: Shell) {
  return onePeriod(shell, {
    verb: "enable",
    done: "enabled",
    act: enablePeriod,
    description: "Makes a disabled period count again.",
  });
}

export function periodDisable(shell: Shell) {
  return onePeriod(shell, {
    verb: "disable",
    done: "disabled",
    act: disablePeriod,
    description: "Keeps a period, without effect.",
  });
}

export function periodRemove(shell: Shell) {
  return onePeriod(shell, {
    verb: "remove",
    done: "removed",
    act: removePeriod,
    description: "Removes a period; the audit keeps it.",
  });
}

interface PeriodVerb {
  readonly verb: string;
  readonly done: string;
  readonly description: string;
  readonly act: (database: Database, context: ChangeContext, id: number) => Promise<Changed<Period>>;
}

function onePeriod(shell: Shell, { verb, done, description, act }: PeriodVerb) {
  const run = async (given: Given): Promise<number> => {
    const config = configFor(shell, given);
    const patience = patienceOf(given);
    const context = contextOf(shell, given);
    const number = numberWord(given, "period");
    return writing(config, async (database) => {
      const { result, revision, changed } = await act(database, context, number);
      const closes = verb === "enable" && isRunning(result, context.now);
      const reached = await reach(database, revision, patience, closes ? "close" : "open");
      return deliver(shell, given, {
        exitCode: reached.exitCode,
        lines: reached.proven
          ? [`${changed ? done : `already ${done}`}: ${describePlan(result, config.timezone)}`]
          : [],
        words: [`database ${database.path}`, ...reached.words],
        data: { database: database.path, revision, changed, period: result, ...reached.data },
      });
    });
  };
  return strictCommand({ name: `period ${verb}`, description, args: numberArgs, run });
}

export function periodList(shell: Shell) {
  const run = (given: Given) => {
    const config = configFor(shell, given);
    const now = shell.now();
    return reading(config, async (database) => {
      const chosen = (["past", "running", "upcoming"] as const).filter((when) => given.flag(when));
      const wanted = chosen.length === 0 ? ["running", "upcoming"] : chosen;
      const periods = (await selectPeriods(database.orm)).filter((period) => wanted.includes(whenOf(period, now)));
      const rows = periods.map((period) => [
        String(period.id),
        period.siteId === null ? "all" : String(period.siteId),
        period.name,
        period.enabled ? whenOf(period, now) : "disabled",
        period.mode,
        formatInstant(period.start, config.timezone),
        period.end === null ? "no end" : formatInstant(period.end, config.timezone),
        period.owner,
        period.reason,
      ]);
      return deliver(shell, given, {
        exitCode: exitCode.done,
        lines: table(["NUMBER", "SITE", "NAME", "STATE", "MODE", "START", "END", "OWNER", "REASON"], rows),
        data: { database: database.path, periods: periods.map((period) => ({ ...period, when: whenOf(period, now) })) },
      });
    });
  };
  return strictCommand({
    name: "period list",
    description: "Lists periods that run or are to come; others when asked for.",
    args: listArgs,
    run,
  });
}

function whenOf(period: Period, now: InstantMs): "past" | "running" | "upcoming" {
  if (period.start > now) return "upcoming";
  return period.end === null || period.end > now ? "running" : "past";
}

function describePlan(period: Period, timezone: string): string {
  return `${describePeriod(period, timezone)}, from ${formatInstant(period.start, timezone)}`;
}
