import { configurationExemptions } from "../config/exemptions.ts";
import { knownSiteState } from "../gate/known-lease.ts";
import { type InstantMs, isRunning, type Period } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import type { Database } from "../store/database.ts";
import { selectExemptions } from "../store/exemptions.ts";
import { readPeriods } from "../store/periods.ts";
import { selectRecurrences } from "../store/recurrences.ts";
import type { Outcome } from "./closing.ts";
import { describePeriod } from "./describe-period.ts";
import { describePassing } from "./passing.ts";
import { byNumber } from "./scope.ts";
import { snapshotOf } from "./session.ts";
import { describeStaffEntry, staffWays } from "./staff-ways.ts";

/** What a command says beside what it did. */
export interface Remaining {
  readonly words: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** More of them bury what matters; status shows all. */
const most = 20;

export interface Looked {
  readonly sites: readonly Site[];
  /** What a dry run has not ended. */
  readonly ended: readonly Period[];
  readonly timezone: string;
}

/** Which of the sites are still closed, by what, by whose, until when; what recurrences yield is among it. */
export async function stillClosed(
  { database, config, context }: Pick<Outcome<unknown>, "database" | "config" | "context">,
  { sites, ended, timezone }: Looked,
): Promise<Remaining> {
  const now = context.clock();
  const gone = new Set(ended.map(identityOf));
  // The usual case by far, without all that a snapshot takes.
  if (!(await mayBeClosed(database, now, gone))) return { words: [], data: { stillClosed: [] } };
  const { snapshot } = await snapshotOf(database, config, { now });
  const closed = unique(sites).flatMap(({ id, domain }) => {
    const running = knownSiteState(snapshot, id, now).periods;
    const periods = running.filter((period) => !gone.has(identityOf(period)));
    const state = periods.some((period) => period.mode === "full") ? "closed" : "readonly";
    return periods.length === 0 ? [] : [{ id, domain, state, periods }];
  });
  const words = closed.slice(0, most).map(({ id, domain, state, periods }) => {
    const stays = `${context.dryRun ? "would stay" : "stays"} ${state === "closed" ? "closed" : "read-only"}`;
    return `site ${id} (${domain}) ${stays}: ${periods.map((period) => describePeriod(period, timezone)).join("; ")}`;
  });
  if (closed.length > most) words.push(`and ${closed.length - most} sites more ("lull status" shows all)`);
  return { words, data: { stillClosed: closed } };
}

/** What visitors still reach while the sites are closed, and whether staff get in. */
export async function stillReachable(
  { database, config, context }: Outcome<unknown>,
  sites: readonly Site[],
): Promise<Remaining> {
  const now = context.clock();
  const ids = new Set(sites.map((site) => site.id));
  const stored = await selectExemptions(database.orm);
  const current = [...configurationExemptions(config), ...stored].filter(
    ({ siteId, expires }) => (siteId === null || ids.has(siteId)) && (expires === null || expires > now),
  );
  const staff = describeStaffEntry(config.staff);
  return {
    words: [describePassing(current, byNumber(sites.length === 1 ? [] : sites)), ...(staff === null ? [] : [staff])],
    data: {
      stillReachable: current.map(({ id, siteId, kind, value }) => ({ id, siteId, kind, value })),
      staffEntry: staff === null ? null : { blockStaff: config.staff.blockStaff, ...staffWays(config.staff) },
    },
  };
}

/** A row by its number; what a rule yields has none, and starts but once. */
function identityOf({ id, recurrenceId, start }: Period): string {
  return recurrenceId === null ? `period ${id}` : `recurrence ${recurrenceId} at ${start}`;
}

function unique(sites: readonly Site[]): readonly Site[] {
  return [...new Map(sites.map((site) => [site.id, site])).values()];
}

/** Whether anything runs on any site, or may: what recurrences yield is not known without unrolling them. */
async function mayBeClosed(database: Database, now: InstantMs, gone: ReadonlySet<string>): Promise<boolean> {
  const periods = await readPeriods(database.orm, { endsAfter: now });
  if (periods.some((period) => isRunning(period, now) && !gone.has(identityOf(period)))) return true;
  return (await selectRecurrences(database.orm)).length > 0;
}
