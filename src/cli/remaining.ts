import { siteLabel } from "../actions/find-sites.ts";
import type { Exemption } from "../gate/exemption.ts";
import type { Period } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { siteState } from "../gate/site-state.ts";
import { describePeriod } from "./closed-by.ts";
import type { Outcome } from "./closing.ts";
import { snapshotOf } from "./session.ts";

/** What a command says beside what it did. */
export interface Remaining {
  readonly words: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** More lines than these bury what matters; the lists show all. */
const mostLines = 20;

/** Which of the sites are still closed, by what, by whose, until when. `ended`: what a dry run has not ended. */
export async function stillClosed(
  { database, config, context }: Outcome<unknown>,
  sites: readonly Site[],
  ended: readonly Period[],
): Promise<Remaining> {
  const snapshot = await snapshotOf(database, config);
  const gone = new Set(ended.map((period) => period.id));
  const closed = unique(sites).flatMap((site) => {
    const { state, periods } = siteState(snapshot, site.id, context.now);
    const rest = periods.filter((period) => !gone.has(period.id));
    return rest.length === 0 ? [] : [{ id: site.id, domain: site.domain, state, periods: rest }];
  });
  const lines = closed.map(({ id, domain, periods }) => {
    const stays = periods.some((period) => period.mode === "full") ? "closed" : "read-only";
    const by = periods.map((period) => describePeriod(period, config.timezone)).join("; ");
    return `site ${id} (${domain}) ${context.dryRun ? "would stay" : "stays"} ${stays}: ${by}`;
  });
  const more = lines.length - mostLines;
  const words = more > 0 ? [...lines.slice(0, mostLines), `and ${more} sites more ("lull status" shows all)`] : lines;
  return { words, data: { stillClosed: closed } };
}

/** What visitors still reach while the sites are closed. */
export async function stillReachable(
  { database, config, context }: Outcome<unknown>,
  sites: readonly Site[],
): Promise<Remaining> {
  const snapshot = await snapshotOf(database, config);
  const everywhere = snapshot.everywhere.exemptions.list;
  const own = unique(sites).flatMap((site) => snapshot.sites.get(site.id)?.exemptions.list ?? []);
  const current = [...everywhere, ...own].filter(({ expires }) => expires === null || expires > context.now);
  const names = [...new Set(current.map((exemption) => describeExemption(exemption, sites)))];
  const more = names.length - mostLines;
  const list = more > 0 ? [...names.slice(0, mostLines), `and ${more} more ("lull exempt list" shows all)`] : names;
  return {
    words: [list.length === 0 ? "nothing stays reachable" : `still reachable: ${list.join(", ")}`],
    data: { stillReachable: current.map(({ id, siteId, kind, value }) => ({ id, siteId, kind, value })) },
  };
}

function describeExemption({ kind, value, siteId }: Exemption, sites: readonly Site[]): string {
  const what = kind === "network" ? `everything from ${value}` : kind === "pattern" ? `pattern ${value}` : value;
  const site = sites.find(({ id }) => id === siteId);
  return site === undefined || sites.length === 1 ? what : `${what} on site ${siteLabel(site)}`;
}

function unique(sites: readonly Site[]): readonly Site[] {
  return [...new Map(sites.map((site) => [site.id, site])).values()];
}
