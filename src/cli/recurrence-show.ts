import { occurrenceLabel } from "../actions/find-occurrence.ts";
import { type KnownOccurrence, knownOccurrences } from "../actions/known-occurrences.ts";
import { requireRecurrence } from "../actions/recurrences.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Recurrence } from "../gate/recurrence.ts";
import { selectOccurrenceChanges } from "../store/recurrences.ts";
import { readSites } from "../store/sites.ts";
import { formatInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { numberWord } from "./number-word.ts";
import { describeRecurrence, describeTimes } from "./recurrence-words.ts";
import { deliver, outputOf } from "./report.ts";
import { byNumber } from "./scope.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { shownZoneArgs } from "./shown-zone.ts";
import { table } from "./table.ts";
import { wholeOf } from "./whole-option.ts";
import { clockOf } from "./zone-args.ts";

const defaultLimit = 10;
const mostLimit = 1_000;

export function recurrenceShow(shell: Shell): Command {
  return {
    args: {
      number: { type: "positional", valueHint: "NUMBER", description: 'the number that "recurrence list" shows' },
      limit: { type: "string", valueHint: "NUMBER", description: `how many occurrences (${defaultLimit})` },
      tz: {
        ...shownZoneArgs["tz"],
        description: "IANA zone in which times are shown (default: that of the recurrence)",
      },
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const number = numberWord(given, "a recurrence");
  const limit = wholeOf(given, { option: "limit", otherwise: defaultLimit, most: mostLimit });
  const { now, timezone } = clockOf(given, config, shell.now());
  return reading(config, async (database) => {
    const recurrence = await requireRecurrence(database.orm, number);
    const changes = await selectOccurrenceChanges(database.orm, number);
    const known = await knownOccurrences(recurrence, changes, { now, most: limit });
    const sites = byNumber(await readSites(database.orm));
    const zone = given.text("tz") === undefined ? recurrence.timezone : timezone;
    const rows = known.map((each) => cells(each, { recurrence, zone, now }));
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: [
        describeRecurrence(recurrence, sites),
        ...table(["DAY", "STATE", "START", "END", "AS THE RULE SAYS"], rows),
      ],
      words: [
        ...(recurrence.enabled ? [] : ["it is disabled, so none of these closes anything"]),
        ...(known.length === 0 ? ["nothing comes next"] : []),
      ],
      data: {
        database: database.path,
        recurrence,
        occurrences: known.map(({ wall, planned, current, alteration }) => ({
          ...{ wall, when: recurrence.enabled ? whenOf({ current }, now) : null, alteration },
          ...{ start: current?.start ?? null, end: current?.end ?? null, planned },
        })),
      },
    });
  });
}

interface Circumstances {
  readonly recurrence: Recurrence;
  readonly zone: string;
  readonly now: InstantMs;
}

function cells(known: KnownOccurrence, { recurrence, zone, now }: Circumstances): readonly string[] {
  const { wall, planned, current, alteration } = known;
  const when = recurrence.enabled ? whenOf(known, now) : "disabled";
  return [
    occurrenceLabel(wall),
    current === null ? "skipped" : [when, ...(alteration === null ? [] : [alteration])].join(", "),
    current === null ? "" : formatInstant(current.start, zone),
    current === null ? "" : formatInstant(current.end, zone),
    alteration === null ? "" : describeTimes(planned, zone),
  ];
}

/** Where it stands; null: it is skipped. */
function whenOf({ current }: Pick<KnownOccurrence, "current">, now: InstantMs) {
  if (current === null) return null;
  if (current.start > now) return "upcoming";
  return current.end > now ? "running" : "past";
}
