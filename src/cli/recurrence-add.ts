import { nextOccurrences, occurrencesIn } from "../actions/find-occurrence.ts";
import { addRecurrence } from "../actions/recurrences.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import { DAYS_AHEAD } from "../gate/unroll-window.ts";
import { DAY_MS } from "../gate/wall.ts";
import { wallClock } from "../gate/wall-clock.ts";
import { readSites } from "../store/sites.ts";
import type { Given } from "./arguments.ts";
import { chosenSites } from "./chosen-sites.ts";
import { closedNow, isRunningAt } from "./closed-now.ts";
import { closing, type Outcome, type Told } from "./closing.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteArgs, waitArgs } from "./common-args.ts";
import { holdArgs, holdOf, longestArgs } from "./hold-args.ts";
import { recurrenceTimeArgs, recurrenceTimesOf } from "./recurrence-times.ts";
import { clockNote, describeRecurrence, describeTimes } from "./recurrence-words.ts";
import { byNumber } from "./scope.ts";
import type { Shell } from "./shell.ts";
import { clockOf, zoneArgs } from "./zone-args.ts";

/** Not that of downtime_start: its end is no business of schedules. */
const defaultName = "recurrence";
const shown = 5;
const shownDifferent = 2;

export function recurrenceAdd(shell: Shell): Command {
  return {
    args: {
      ...siteArgs,
      ...recurrenceTimeArgs,
      tz: { ...zoneArgs["tz"], description: "IANA zone of all these times (default: the configured one)" },
      name: { type: "string", valueHint: "NAME", description: `what identifies what runs (${defaultName})` },
      ...holdArgs,
      ...longestArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

interface Added {
  readonly recurrences: readonly Recurrence[];
  /** What runs and comes next, the same of all of them. */
  readonly next: readonly Occurrence[];
  /** Later ones that a change of the clocks makes different. */
  readonly different: readonly Occurrence[];
}

function run(shell: Shell, given: Given): Promise<number> {
  return closing<Added>({ shell, given }, (context, config) => {
    const times = recurrenceTimesOf(given, clockOf(given, config, context.now));
    const request = { ...times, ...holdOf(given, config, defaultName) };
    return {
      act: async (database) => {
        const sites = await chosenSites(given, database);
        const done = await addRecurrence(database, context, { ...request, sites });
        return { ...done, result: { recurrences: done.result, ...(await foretell(done.result[0], context.now)) } };
      },
      intent: ({ next }) => (next.some(({ start }) => start <= context.clock()) ? "close" : "open"),
      tell,
    };
  });
}

async function foretell(recurrence: Recurrence | undefined, now: InstantMs): Promise<Omit<Added, "recurrences">> {
  if (recurrence === undefined) return { next: [], different: [] };
  const next = await nextOccurrences(recurrence, [], { now, most: shown });
  const window = { from: next.at(-1)?.end ?? now, to: now + DAYS_AHEAD * DAY_MS };
  const clock = wallClock(recurrence.timezone, window);
  const later = await occurrencesIn(recurrence, [], window);
  const isLater = ({ wall }: Occurrence) => next.every((each) => each.wall < wall);
  const different = later.filter((each) => isLater(each) && clockNote(recurrence, each, clock) !== null);
  return { next, different: different.slice(0, shownDifferent) };
}

async function tell({ database, context, result }: Outcome<Added>): Promise<Told> {
  const { recurrences, next, different } = result;
  const [first] = recurrences;
  const sites = byNumber(await readSites(database.orm));
  const verb = context.dryRun ? "would add" : "added";
  const ahead = next.filter((each) => !isRunningAt(each, context.now));
  const closed = recurrences.flatMap((recurrence) =>
    next.flatMap((each) => closedNow(recurrence, each, { context, sites, timezone: recurrence.timezone })),
  );
  return {
    lines: [
      ...recurrences.map((recurrence) => `${verb} ${describeRecurrence(recurrence, sites)}`),
      ...closed,
      ...(first === undefined || ahead.length === 0 ? [] : ["next:", ...ahead.map((each) => describe(first, each))]),
      ...(first === undefined || different.length === 0
        ? []
        : ["and when the clocks change:", ...different.map((each) => describe(first, each))]),
    ],
    data: { recurrences, next },
  };
}

function describe(recurrence: Recurrence, occurrence: Occurrence): string {
  const { start, end } = occurrence;
  const note = clockNote(recurrence, occurrence, wallClock(recurrence.timezone, { from: start, to: end }));
  return `  ${describeTimes(occurrence, recurrence.timezone)}${note === null ? "" : `: ${note}`}`;
}
