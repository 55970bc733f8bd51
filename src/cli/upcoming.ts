import { requireSites } from "../actions/find-sites.ts";
import { LullError } from "../gate/error.ts";
import { withKnownLease } from "../gate/known-lease.ts";
import { byStart, type InstantMs, type Period } from "../gate/period.ts";
import { type PlannedOptions, plannedFor, plannedForAll } from "../gate/planned.ts";
import type { Site } from "../gate/site.ts";
import { buildSnapshot, type Snapshot } from "../gate/snapshot.ts";
import { withSettings } from "../store/settings.ts";
import { readRecords } from "../store/snapshot.ts";
import { createUnroller, type RecurrenceFault } from "../store/unroller.ts";
import { formatInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { numberOf } from "./closed-by.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteArgs } from "./common-args.ts";
import { configFor, settingsOf } from "./config-for.ts";
import { whenOf } from "./describe-plan.ts";
import { exitCode } from "./exit-code.ts";
import { deliver, outputOf } from "./report.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { shownZoneArgs } from "./shown-zone.ts";
import { table } from "./table.ts";
import { clockOf } from "./zone-args.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;
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
    const isShown = ({ siteId }: RecurrenceFault) =>
      siteId === null || chosen === null || chosen.some((site) => site.id === siteId);
    const unusable = faults.filter(isShown).map(({ message }) => message);
    const planned = plannedOf(snapshot, chosen, { now, until, most: limit + 1 });
    const periods = planned.slice(0, limit).map((period) => withKnownLease(snapshot, period));
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: table(
        ["STATE", "START", "END", "SITE", "NAME", "MODE", "BY", "OWNER", "REASON"],
        periods.map((period) => cells(period, timezone, now)),
      ),
      words: [
        ...unusable,
        ...(periods.length === 0 ? [`nothing is planned for the next ${days} days`] : []),
        ...(planned.length > limit ? [`only the first ${limit}; --limit shows more`] : []),
      ],
      data: {
        database: database.path,
        periods: periods.map((period) => ({ ...period, when: whenOf(period, now) })),
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

function cells(period: Period, timezone: string, now: InstantMs): readonly string[] {
  const { siteId, name, mode, start, owner, reason } = period;
  return [
    whenOf(period, now),
    formatInstant(start, timezone),
    endOf(period, timezone),
    siteId === null ? "all" : String(siteId),
    name,
    mode,
    numberOf(period),
    owner,
    reason,
  ];
}

function endOf({ end, leaseEnd }: Period, timezone: string): string {
  if (end !== null) return formatInstant(end, timezone);
  return leaseEnd === null ? "no end" : `${formatInstant(leaseEnd, timezone)} unless renewed`;
}

interface Whole {
  readonly option: string;
  readonly otherwise: number;
  readonly most: number;
}

/** Throws LullError. */
function wholeOf(given: Given, { option, otherwise, most }: Whole): number {
  const text = given.text(option);
  if (text === undefined) return otherwise;
  if (/^\d+$/.test(text) && Number(text) > 0 && Number(text) <= most) return Number(text);
  throw new LullError("usage", `--${option} "${text}" is not a whole number from 1 to ${most}`);
}
