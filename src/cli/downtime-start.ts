import { beginHold, downtimeName, type HoldOutcome } from "../actions/hold.ts";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { parseDuration } from "../time/duration.ts";
import { type InstantContext, parseInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { chosenSites } from "./chosen-sites.ts";
import { closing, type Outcome, type Told } from "./closing.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteArgs, waitArgs } from "./common-args.ts";
import { type AskedHold, describeHold, describeKept } from "./describe-hold.ts";
import { holdArgs, holdOf, leaseOf, longestArgs } from "./hold-args.ts";
import { type ClosedSites, lockedOut } from "./locked-out.ts";
import { refuseBoth } from "./refuse-both.ts";
import { refusePast } from "./refuse-past.ts";
import type { Shell } from "./shell.ts";
import { clockOf, zoneArgs } from "./zone-args.ts";

export function downtimeStart(shell: Shell): Command {
  return {
    args: {
      ...siteArgs,
      name: { type: "string", valueHint: "NAME", description: `what identifies this downtime (${downtimeName})` },
      for: { type: "string", valueHint: "45m", description: "how long (default: without an end)" },
      until: {
        type: "string",
        valueHint: "TIME",
        description: 'until when: RFC 3339, or a time in the zone of --tz, such as "tomorrow 02:00"',
      },
      lease: {
        type: "string",
        valueHint: "5m",
        description: "it ends by itself after so long unless the same command renews it; at least 10s",
      },
      expect: {
        type: "string",
        valueHint: "45m",
        description: "how long it should take, without --for or --until: for Retry-After and reminders",
      },
      ...holdArgs,
      ...longestArgs,
      ...zoneArgs,
      shorten: { type: "boolean", description: "let a running downtime of this name end earlier than it would" },
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

interface Started {
  readonly holds: readonly HoldOutcome[];
  /** null: all. */
  readonly sites: readonly Site[] | null;
}

function run(shell: Shell, given: Given): Promise<number> {
  return closing<Started>({ shell, given }, (context, config) => {
    const clock = clockOf(given, config, context.now);
    const asked: AskedHold = {
      ...holdOf(given, config, downtimeName),
      end: endOf(given, clock),
      whenShorter: given.flag("shorten") ? "shorten" : "keep",
      expectedEnd: expectedEndOf(given, clock),
      leaseMs: leaseOf(given),
    };
    return {
      act: async (database) => {
        const sites = await chosenSites(given, database);
        const done = await beginHold(database, context, { ...asked, sites });
        return { ...done, result: { holds: done.result, sites } };
      },
      intent: () => "close",
      tell: async (outcome) => {
        const told = tell(outcome, clock.timezone, asked);
        const caller = await lockedOut({ shell, given }, outcome, closedIn(outcome.result));
        return { ...told, words: [...(told.words ?? []), ...caller.words], data: { ...told.data, ...caller.data } };
      },
    };
  });
}

/** Those that hold visitors who only read. */
function closedIn({ holds, sites }: Started): ClosedSites {
  const isFull = ({ period }: HoldOutcome) => period.mode === "full";
  if (sites === null) return holds.some(isFull) ? null : [];
  return sites.filter(({ id }) => holds.some((hold) => hold.period.siteId === id && isFull(hold)));
}

function tell({ result: { holds: result }, context }: Outcome<Started>, timezone: string, asked: AskedHold): Told {
  const manner = { timezone, isDry: context.dryRun, asked };
  const hasStarted = result.some(({ kind }) => kind === "started") && !context.dryRun;
  return {
    lines: [
      ...(hasStarted ? ["Successfully started downtime"] : []),
      ...result.map((each) => describeHold(each, manner)),
    ],
    words: result.flatMap((each) => describeKept(each, asked)),
    data: { periods: result.map(({ kind, period }) => ({ outcome: kind, ...period })) },
  };
}

/** Throws LullError. */
function endOf(given: Given, clock: InstantContext): InstantMs | null {
  const duration = given.text("for");
  const instant = given.text("until");
  refuseBoth(given, "for", "until");
  if (duration !== undefined) return clock.now + parseDuration(duration);
  if (instant === undefined) return null;
  const end = parseInstant(instant, clock);
  refusePast({ option: "until", text: instant, end }, clock);
  return end;
}

/** Throws LullError. */
function expectedEndOf(given: Given, clock: InstantContext): InstantMs | null {
  const length = given.text("expect");
  if (length === undefined) return null;
  const other = (["for", "until"] as const).find((name) => given.text(name) !== undefined);
  if (other === undefined) return clock.now + parseDuration(length);
  throw new LullError(
    "usage",
    `--expect and --${other} exclude each other: what ends by itself is expected to end then; give one`,
  );
}
