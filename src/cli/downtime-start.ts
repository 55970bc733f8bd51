import { requireSites, siteLabel } from "../actions/find-sites.ts";
import { beginHold, downtimeName, type HoldOutcome } from "../actions/hold.ts";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import { readSites } from "../store/sites.ts";
import { parseDuration } from "../time/duration.ts";
import { formatInstant, type InstantContext, parseInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { until } from "./closed-by.ts";
import { closing, type Outcome } from "./closing.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteArgs, waitArgs } from "./common-args.ts";
import type { Shell } from "./shell.ts";

export function downtimeStart(shell: Shell): Command {
  return {
    args: {
      ...siteArgs,
      name: { type: "string", valueHint: "NAME", description: `what identifies this downtime (${downtimeName})` },
      reason: { type: "string", valueHint: "TEXT", description: "why, for status and audit" },
      for: { type: "string", valueHint: "45m", description: "how long (default: without an end)" },
      until: {
        type: "string",
        valueHint: "TIME",
        description: 'until when: RFC 3339, or a time in the configured zone, such as "tomorrow 02:00"',
      },
      shorten: { type: "boolean", description: "let a running downtime of this name end earlier than it would" },
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

type Started = readonly HoldOutcome[];

function run(shell: Shell, given: Given): Promise<number> {
  return closing<Started>({ shell, given }, (context, { timezone }) => {
    const end = endOf(given, { now: context.now, timezone });
    return {
      act: async (database) => {
        const names = given.list("site");
        return beginHold(database, context, {
          sites: names.length === 0 ? null : requireSites(await readSites(database.orm), names),
          name: given.text("name") ?? downtimeName,
          end,
          mode: "full",
          whenShorter: given.flag("shorten") ? "shorten" : "keep",
        });
      },
      intent: () => "close",
      tell: (outcome) => tell(outcome, end),
    };
  });
}

function tell({ result, context, config }: Outcome<Started>, asked: InstantMs | null) {
  const manner = { timezone: config.timezone, isDry: context.dryRun, asked };
  const hasStarted = result.some(({ kind }) => kind === "started") && !context.dryRun;
  return {
    lines: [...(hasStarted ? ["Successfully started downtime"] : []), ...result.map((each) => describe(each, manner))],
    data: { periods: result.map(({ kind, period }) => ({ outcome: kind, ...period })) },
  };
}

/** Throws LullError. */
function endOf(given: Given, clock: InstantContext): InstantMs | null {
  const duration = given.text("for");
  const instant = given.text("until");
  if (duration !== undefined && instant !== undefined) {
    throw new LullError("usage", "--for and --until exclude each other; give one");
  }
  if (duration !== undefined) return clock.now + parseDuration(duration);
  if (instant === undefined) return null;
  const end = parseInstant(instant, clock);
  if (end > clock.now) return end;
  const read = formatInstant(end, clock.timezone);
  throw new LullError(
    "refused",
    `--until "${instant}" is past (${read}), so nothing would be closed; name a later time`,
  );
}

interface Manner {
  readonly timezone: string;
  readonly isDry: boolean;
  readonly asked: InstantMs | null;
}

function describe({ kind, site, period }: HoldOutcome, { timezone, isDry, asked }: Manner): string {
  const what = site === null ? "all sites" : `site ${siteLabel(site)}`;
  const end = until(period.end, timezone);
  switch (kind) {
    case "started":
      return `${isDry ? "would close" : "closed"} ${what} by "${period.name}" ${end}`;
    case "extended":
      return `${isDry ? "would extend" : "extended"} "${period.name}" on ${what}, closed ${end}`;
    case "shortened":
      return `${isDry ? "would shorten" : "shortened"} "${period.name}" on ${what}, closed ${end}`;
    case "already": {
      const isLonger = asked !== null && (period.end === null || asked < period.end);
      const since = formatInstant(period.start, timezone);
      const advice = isLonger ? `; --shorten would end it at ${formatInstant(asked, timezone)}` : "";
      return `already started: "${period.name}" on ${what} since ${since} by ${period.owner}, ${end}${advice}`;
    }
  }
}
