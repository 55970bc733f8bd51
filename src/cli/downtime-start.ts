import type { ArgsDef } from "citty";
import { requireSites, siteLabel } from "../actions/find-sites.ts";
import { beginHold, downtimeName, type HoldOutcome } from "../actions/hold.ts";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import { readSites } from "../store/sites.ts";
import { parseDuration } from "../time/duration.ts";
import { formatInstant, parseInstant } from "../time/instant.ts";
import { commonArgs, type Given, waitArgs } from "./arguments.ts";
import { until } from "./closed-by.ts";
import { configFor } from "./config-for.ts";
import { patienceOf, reach } from "./reach.ts";
import { deliver } from "./report.ts";
import { contextOf, writing } from "./session.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";

const args = {
  site: {
    type: "string",
    valueHint: "SITE ...",
    description: "number, domain or alias; may be repeated (default: all sites)",
  },
  name: { type: "string", valueHint: "NAME", description: `what identifies this downtime (${downtimeName})` },
  reason: { type: "string", valueHint: "TEXT", description: "why, for status and audit" },
  for: { type: "string", valueHint: "45m", description: "how long" },
  until: { type: "string", valueHint: "TIME", description: "until when: RFC 3339, or a time in the configured zone" },
  shorten: { type: "boolean", description: "let a running downtime of this name end earlier than it would" },
  ...waitArgs,
  ...commonArgs,
} as const satisfies ArgsDef;

export function downtimeStart(shell: Shell) {
  return strictCommand({
    name: "downtime_start",
    description: "Closes sites from now on. With the same name again, it extends.",
    args,
    run: (given) => run(shell, given),
  });
}

async function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const patience = patienceOf(given);
  const context = contextOf(shell, given);
  const end = endOf(given, context.now, config.timezone);
  return writing(config, async (database) => {
    const names = given.list("site");
    const request = {
      sites: names.length === 0 ? null : requireSites(await readSites(database.orm), names),
      name: given.text("name") ?? downtimeName,
      end,
      mode: "full",
      whenShorter: given.flag("shorten") ? "shorten" : "keep",
    } as const;
    const { result, revision, changed } = await beginHold(database, context, request);
    const reached = await reach(database, revision, patience, "close");
    return deliver(shell, given, {
      exitCode: reached.exitCode,
      lines: reached.proven
        ? [
            ...(changed ? ["Successfully started downtime"] : []),
            ...result.map((outcome) => describe(outcome, config.timezone)),
          ]
        : [],
      words: [`database ${database.path}`, ...reached.words],
      data: {
        database: database.path,
        revision,
        changed,
        periods: result.map(({ kind, period }) => ({ outcome: kind, ...period })),
        ...reached.data,
      },
    });
  });
}

function endOf(given: Given, now: InstantMs, timezone: string): InstantMs | null {
  const duration = given.text("for");
  const instant = given.text("until");
  if (duration !== undefined && instant !== undefined)
    throw new LullError("usage", "--for and --until exclude each other; give one");
  if (duration !== undefined) return now + parseDuration(duration);
  if (instant === undefined) return null;
  const end = parseInstant(instant, { now, timezone });
  if (end > now) return end;
  throw new LullError(
    "refused",
    `--until "${instant}" is past (${formatInstant(end, timezone)}), so nothing would be closed`,
  );
}

function describe({ kind, site, period }: HoldOutcome, timezone: string): string {
  const what = site === null ? "all sites" : `site ${siteLabel(site)}`;
  const named = `"${period.name}"`;
  switch (kind) {
    case "started":
      return `closed ${what} by ${named} ${until(period.end, timezone)}`;
    case "extended":
      return `extended ${named} on ${what}, closed ${until(period.end, timezone)}`;
    case "shortened":
      return `shortened ${named} on ${what}, closed ${until(period.end, timezone)}`;
    case "already":
      return `already started: ${named} on ${what} since ${formatInstant(period.start, timezone)} by ${period.owner}, ${until(period.end, timezone)}`;
  }
}
