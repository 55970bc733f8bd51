import { runningOccurrences } from "../actions/running-occurrences.ts";
import type { InstantMs, Period } from "../gate/period.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import { readPeriods } from "../store/periods.ts";
import type { Given } from "./arguments.ts";
import { chosenSites } from "./chosen-sites.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { whenOf } from "./describe-plan.ts";
import { exitCode } from "./exit-code.ts";
import { localTime } from "./local-time.ts";
import { deliver, outputOf } from "./report.ts";
import { scopeCell } from "./scope.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { shownZoneArgs } from "./shown-zone.ts";
import { table } from "./table.ts";
import { clockOf } from "./zone-args.ts";

export function periodList(shell: Shell): Command {
  const description = "those that close these sites, by themselves or with all others; may be repeated (default: all)";
  return {
    args: {
      past: { type: "boolean", description: "those that are over" },
      running: { type: "boolean", description: "those that run now" },
      upcoming: { type: "boolean", description: "those that have not begun" },
      site: { ...siteArgs["site"], description },
      ...shownZoneArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const { now, timezone } = clockOf(given, config, shell.now());
  const chosen = (["past", "running", "upcoming"] as const).filter((when) => given.flag(when));
  const wanted = chosen.length === 0 ? ["running", "upcoming"] : chosen;
  return reading(config, async (database) => {
    const sites = await chosenSites(given, database);
    const ids = sites === null ? null : new Set(sites.map((site) => site.id));
    const periods = (await readPeriods(database.orm)).filter(
      (period) =>
        wanted.includes(whenOf(period, now)) && (ids === null || period.siteId === null || ids.has(period.siteId)),
    );
    const isOfThese = ({ siteId }: Recurrence) => siteId === null || ids === null || ids.has(siteId);
    const recurring = wanted.includes("running")
      ? await runningOccurrences({ queries: database.orm, now }, isOfThese)
      : [];
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: tableOf(periods, timezone, now),
      words: [
        ...(periods.length === 0 ? [`no period is ${wanted.join(" or ")}`] : []),
        ...(recurring.length === 0 ? [] : [describeRecurring(recurring.length)]),
      ],
      data: { database: database.path, periods: periods.map((period) => ({ ...period, when: whenOf(period, now) })) },
    });
  });
}

/** That something closes which is not in the list. */
function describeRecurring(count: number): string {
  const what = count === 1 ? "1 occurrence of a recurrence runs" : `${count} occurrences of recurrences run`;
  return `${what} now; what recurs is not listed here: "lull upcoming" shows it`;
}

/** A column that few periods have something for is there when one has. */
interface Column {
  readonly heading: string;
  readonly isRare: boolean;
  readonly cell: (period: Period) => string;
}

function tableOf(periods: readonly Period[], timezone: string, now: InstantMs): readonly string[] {
  const time = (instant: InstantMs | null) => (instant === null ? "" : localTime(instant, timezone));
  const columns: readonly Column[] = [
    { heading: "NUMBER", isRare: false, cell: ({ id }) => String(id) },
    { heading: "SITE", isRare: false, cell: ({ siteId }) => scopeCell(siteId) },
    { heading: "NAME", isRare: false, cell: ({ name }) => name },
    { heading: "STATE", isRare: false, cell: (period) => (period.enabled ? whenOf(period, now) : "disabled") },
    { heading: "MODE", isRare: false, cell: ({ mode }) => mode },
    { heading: "START", isRare: false, cell: ({ start }) => time(start) },
    { heading: "END", isRare: false, cell: ({ end }) => (end === null ? "no end" : time(end)) },
    { heading: "EXPECTED END", isRare: true, cell: ({ expectedEnd }) => time(expectedEnd) },
    { heading: "UNLESS RENEWED", isRare: true, cell: ({ leaseEnd }) => time(leaseEnd) },
    { heading: "OWNER", isRare: false, cell: ({ owner }) => owner },
    { heading: "REASON", isRare: false, cell: ({ reason }) => reason },
  ];
  const shown = columns.filter(({ isRare, cell }) => !isRare || periods.some((period) => cell(period) !== ""));
  return table(
    shown.map(({ heading }) => heading),
    periods.map((period) => shown.map(({ cell }) => cell(period))),
  );
}
