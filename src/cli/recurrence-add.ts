import { nextOccurrences, occurrencesIn } from "../actions/find-occurrence.ts";
import { requireSites } from "../actions/find-sites.ts";
import { addRecurrence } from "../actions/recurrences.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import type { Occurrence } from "../gate/rule-plan.ts";
import { DAY_MS } from "../gate/wall.ts";
import { wallClock } from "../gate/wall-clock.ts";
import { readSites } from "../store/sites.ts";
import type { Given } from "./arguments.ts";
import { closing, type Outcome, type Told } from "./closing.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteArgs, waitArgs } from "./common-args.ts";
import { holdArgs, longestArgs, longestOf, modeOf } from "./hold-args.ts";
import { recurrenceTimeArgs, recurrenceTimesOf } from "./recurrence-times.ts";
import { clockNote, describeRecurrence, describeTimes } from "./recurrence-words.ts";
import { byNumber } from "./scope.ts";
import type { Shell } from "./shell.ts";
import { clockOf, zoneArgs } from "./zone-args.ts";

/** Not that of downtime_start: its end is no business of schedules. */
const defaultName = "recurrence";
const shown = 5;
const shownDifferent = 2;
/** As far as sidecars look. */
const LOOKED_AHEAD_MS = 400 * DAY_MS;

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
  /** The same of all of them. */
  readonly next: readonly Occurrence[];
  /** Later ones that a change of the clocks makes different. */
  readonly different: readonly Occurrence[];
}

function run(shell: Shell, given: Given): Promise<number> {
  return closing<Added>({ shell, given }, (context, config) => {
    const request = {
      ...recurrenceTimesOf(given, clockOf(given, config, context.now)),
      mode: modeOf(given),
      name: given.text("name") ?? defaultName,
      message: given.text("message") ?? "",
      owner: given.text("owner"),
      longestMs: longestOf(given, config),
    };
    return {
      act: async (database) => {
        const names = given.list("site");
        const sites = names.length === 0 ? null : requireSites(await readSites(database.orm), names);
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
  const window = { from: next.at(-1)?.end ?? now, to: now + LOOKED_AHEAD_MS };
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
  return {
    lines: [
      ...recurrences.map((recurrence) => `${verb} ${describeRecurrence(recurrence, sites)}`),
      ...(first === undefined ? [] : ["next:", ...next.map((each) => describe(first, each))]),
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
