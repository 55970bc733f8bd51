import { siteLabel } from "../actions/find-sites.ts";
import { configurationExemptions } from "../config-exemptions.ts";
import type { Exemption } from "../gate/exemption.ts";
import { isRunning, type Period } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { selectExemptions } from "../store/exemptions.ts";
import { selectPeriods } from "../store/periods.ts";
import { describePeriod } from "./closed-by.ts";
import type { Outcome } from "./closing.ts";

/** What a command says beside what it did. */
export interface Remaining {
  readonly words: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** More of them bury what matters; the lists show all. */
const most = 20;

/** Which of the sites are still closed, by what, by whose, until when. `ended`: what a dry run has not ended. */
export async function stillClosed(
  { database, config, context }: Outcome<unknown>,
  sites: readonly Site[],
  ended: readonly Period[],
): Promise<Remaining> {
  const gone = new Set(ended.map((period) => period.id));
  const rows = await selectPeriods(database.orm, { endsAfter: context.now });
  const running = Map.groupBy(
    rows.filter((period) => isRunning(period, context.now) && !gone.has(period.id)),
    (period) => period.siteId,
  );
  const closed = unique(sites).flatMap(({ id, domain }) => {
    const periods = [...(running.get(id) ?? []), ...(running.get(null) ?? [])].sort((a, b) => a.id - b.id);
    const state = periods.some((period) => period.mode === "full") ? "closed" : "readonly";
    return periods.length === 0 ? [] : [{ id, domain, state, periods }];
  });
  const words = closed.slice(0, most).map(({ id, domain, state, periods }) => {
    const stays = `${context.dryRun ? "would stay" : "stays"} ${state === "closed" ? "closed" : "read-only"}`;
    return `site ${id} (${domain}) ${stays}: ${periods.map((period) => describePeriod(period, config.timezone)).join("; ")}`;
  });
  if (closed.length > most) words.push(`and ${closed.length - most} sites more ("lull status" shows all)`);
  return { words, data: { stillClosed: closed } };
}

/** What visitors still reach while the sites are closed. */
export async function stillReachable(
  { database, config, context }: Outcome<unknown>,
  sites: readonly Site[],
): Promise<Remaining> {
  const ids = new Set(sites.map((site) => site.id));
  const stored = await selectExemptions(database.orm);
  const current = [...configurationExemptions(config), ...stored].filter(
    ({ siteId, expires }) => (siteId === null || ids.has(siteId)) && (expires === null || expires > context.now),
  );
  const names = [...new Set(current.map((exemption) => describeExemption(exemption, sites)))];
  const list = names.slice(0, most);
  if (names.length > most) list.push(`and ${names.length - most} more ("lull exempt list" shows all)`);
  return {
    words: [list.length === 0 ? "nothing stays reachable" : `still reachable: ${list.join(", ")}`],
    data: { stillReachable: current.map(({ id, siteId, kind, value }) => ({ id, siteId, kind, value })) },
  };
}

function describeExemption({ kind, value, siteId }: Exemption, sites: readonly Site[]): string {
  const what = kind === "network" ? `everything from ${value}` : kind === "pattern" ? `pattern ${value}` : value;
  const site = sites.length === 1 ? undefined : sites.find(({ id }) => id === siteId);
  return site === undefined ? what : `${what} on site ${siteLabel(site)}`;
}

function unique(sites: readonly Site[]): readonly Site[] {
  return [...new Map(sites.map((site) => [site.id, site])).values()];
}
