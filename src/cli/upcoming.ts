import { requireSites } from "../actions/find-sites.ts";
import { type PeriodOccurrence, periodOccurrences } from "../actions/period-occurrences.ts";
import { withKnownLease } from "../gate/known-lease.ts";
import { byStart, type InstantMs, type Period } from "../gate/period.ts";
import { announcedEnd, type PlannedOptions, plannedFor, plannedForAll } from "../gate/planned.ts";
import type { Site } from "../gate/site.ts";
import { buildSnapshot, type Snapshot } from "../gate/snapshot.ts";
import { DAY_MS } from "../gate/wall.ts";
import { withSettings } from "../store/settings.ts";
import { readRecords } from "../store/snapshot.ts";
import { createUnroller } from "../store/unroller.ts";
import { formatInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteArgs } from "./common-args.ts";
import { configFor, settingsOf } from "./config-for.ts";
import { numberOf } from "./describe-period.ts";
import { whenOf } from "./describe-plan.ts";
import { exitCode } from "./exit-code.ts";
import { faultWords } from "./fault-words.ts";
import { deliver, outputOf } from "./report.ts";
import { scopeCell } from "./scope.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { shownZoneArgs } from "./shown-zone.ts";
import { table } from "./table.ts";
import { wholeOf } from "./whole-option.ts";
import { clockOf } from "./zone-args.ts";

const defaultDays = 30;
const mostDays = 3_660;
const defaultLimit = 50;
const mostLimit = 100_000;

export function upcoming(shell: Shell): Command {
  return {
    args: {
      ...siteArgs,
      days: { type: "string", valueHint: "NUMBER", description: `how far ahead (${defaultDays})` },
      limit: { type: "string", valueHint: "NUMBER", description: `how many (${defaultLimit})` },
      ...shownZoneArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const now = shell.now();
  const { timezone } = clockOf(given, config, now);
  const days = wholeOf(given, { option: "days", otherwise: defaultDays, most: mostDays });
  const limit = wholeOf(given, { option: "limit", otherwise: defaultLimit, most: mostLimit });
  return reading(config, async (database) => {
    const until = now + days * DAY_MS;
    const { policy, ...settings } = settingsOf(config);
    const request = { window: { from: now - DAY_MS, to: until }, unroller: createUnroller(), endsAfter: now };
    const { revision, sites, everywhere, faults } = await readRecords(database, request);
    const all = withSettings(everywhere, { policy, ...settings });
    const snapshot = buildSnapshot({ revision, sites, everywhere: all, policy, heardAt: now });
    const names = given.list("site");
    const known = sites.map(({ site }) => site);
    const chosen = names.length === 0 ? null : requireSites(known, names);
    const unusable = faultWords(faults, chosen);
    const planned = plannedOf(snapshot, chosen, { now, until, most: limit + 1 });
    const periods = planned.slice(0, limit).map((period) => withKnownLease(snapshot, period));
    const occurrences = await periodOccurrences(database.orm, periods, now);
    const shown = periods.map((period, index) => ({ period, alteration: null, wall: null, ...occurrences[index] }));
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: table(
        ["STATE", "START", "END", "SITE", "NAME", "MODE", "BY", "OWNER", "REASON"],
        shown.map((each) => cells(each, timezone, now)),
      ),
      words: [
        ...unusable,
        ...(periods.length === 0 ? [`nothing is planned for the next ${days} days`] : []),
        ...(planned.length > limit ? [`only the first ${limit}; --limit shows more`] : []),
      ],
      data: {
        database: database.path,
        periods: shown.map(({ period, ...rest }) => ({ ...period, when: whenOf(period, now), ...rest })),
        more: planned.length > limit,
        faults: unusable,
      },
    });
  });
}

function plannedOf(snapshot: Snapshot, sites: readonly Site[] | null, options: PlannedOptions): readonly Period[] {
  if (sites === null) return plannedForAll(snapshot, options);
  // What closes all sites closes each of them.
  const each = sites.flatMap((site) => plannedFor(snapshot, site.id, options));
  const once = new Map(each.map((period) => [`${period.id} ${period.recurrenceId} ${period.start}`, period]));
  return [...once.values()].sort(byStart).slice(0, options.most);
}

interface Shown extends PeriodOccurrence {
  readonly period: Period;
}

function cells({ period, alteration }: Shown, timezone: string, now: InstantMs): readonly string[] {
  const { siteId, name, mode, start, owner, reason } = period;
  return [
    [whenOf(period, now), ...(alteration === null ? [] : [alteration])].join(", "),
    formatInstant(start, timezone),
    endOf(period, timezone, now),
    scopeCell(siteId),
    name,
    mode,
    numberOf(period),
    owner,
    reason,
  ];
}

/** As people are told; the end of a lease only where nobody has said more. */
function endOf(period: Period, timezone: string, now: InstantMs): string {
  const { end, leaseEnd } = period;
  const announced = announcedEnd(period, now);
  if (announced !== null) return `${formatInstant(announced, timezone)}${end === null ? " expected" : ""}`;
  return leaseEnd === null ? "no end" : `${formatInstant(leaseEnd, timezone)} unless renewed`;
}
