import { configurationExemptions } from "../config/exemptions.ts";
import { isRunning, type Period } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { selectExemptions } from "../store/exemptions.ts";
import { selectPeriods } from "../store/periods.ts";
import { describePeriod } from "./closed-by.ts";
import type { Outcome } from "./closing.ts";
import { describePassing } from "./passing.ts";
import { byNumber } from "./scope.ts";

/** What a command says beside what it did. */
export interface Remaining {
  readonly words: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** More of them bury what matters; status shows all. */
const most = 20;

/** Which of the sites are still closed, by what, by whose, until when. `ended`: what a dry run has not ended. */
export async function stillClosed(
  { database, config, context }: Outcome<unknown>,
  sites: readonly Site[],
  ended: readonly Period[],
): Promise<Remaining> {
  const now = context.clock();
  const gone = new Set(ended.map((period) => period.id));
  const rows = await selectPeriods(database.orm, { endsAfter: now });
  const running = Map.groupBy(
    rows.filter((period) => isRunning(period, now) && !gone.has(period.id)),
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
  const now = context.clock();
  const ids = new Set(sites.map((site) => site.id));
  const stored = await selectExemptions(database.orm);
  const current = [...configurationExemptions(config), ...stored].filter(
    ({ siteId, expires }) => (siteId === null || ids.has(siteId)) && (expires === null || expires > now),
  );
  return {
    words: [describePassing(current, byNumber(sites.length === 1 ? [] : sites))],
    data: { stillReachable: current.map(({ id, siteId, kind, value }) => ({ id, siteId, kind, value })) },
  };
}

function unique(sites: readonly Site[]): readonly Site[] {
  return [...new Map(sites.map((site) => [site.id, site])).values()];
}
