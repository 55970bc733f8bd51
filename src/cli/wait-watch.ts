import { requireSites } from "../actions/find-sites.ts";
import type { Config } from "../config/keys.ts";
import { LullError } from "../gate/error.ts";
import { knownSiteState } from "../gate/known-lease.ts";
import { type InstantMs, overAt } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import type { SiteState } from "../gate/site-state.ts";
import { hear, type Snapshot } from "../gate/snapshot.ts";
import type { Database } from "../store/database.ts";
import { readMeta } from "../store/meta.ts";
import { readLeaseEnds } from "../store/periods.ts";
import { snapshotOf } from "./session.ts";

/** What the database says of the sites at one instant. */
export interface Look {
  readonly revision: number;
  readonly sites: readonly LookedSite[];
  /** When time alone changes that next; Infinity: never. */
  readonly changesAt: InstantMs;
}

export interface LookedSite extends SiteState {
  readonly site: Site;
}

/** Looks at sites again and again, and reads them anew only when the database has another revision. */
export interface Watch {
  /** Throws LullError, and the database's errors. */
  look(now: InstantMs): Promise<Look>;
}

/** `names`: of sites; none: all that there are at the time. */
export function createWatch(database: Database, config: Config, names: readonly string[]): Watch {
  let snapshot: Snapshot | null = null;
  let wanted: readonly Site[] | null = null;

  async function refresh(now: InstantMs): Promise<Snapshot> {
    const { revision } = await readMeta(database.orm);
    if (snapshot === null || snapshot.revision !== revision)
      return (await snapshotOf(database, config, { now })).snapshot;
    if (snapshot.leased.length === 0) return snapshot;
    // Renewals raise no revision.
    return hear(snapshot, { at: now, leaseEnds: await readLeaseEnds(database.orm, snapshot.heardAt) });
  }

  return {
    async look(now) {
      snapshot = await refresh(now);
      const current = snapshot;
      const all = [...current.sites.values()].map(({ site }) => site);
      if (names.length > 0) wanted ??= [...new Set(requireSites(all, names))];
      const present = wanted === null ? all : wanted.map((site) => requirePresent(current, site));
      const sites = present.map((site) => ({ site, ...knownSiteState(current, site.id, now) }));
      const changes = sites.flatMap(({ periods, next }) => [
        ...periods.map(overAt),
        ...(next === null ? [] : [next.start]),
      ]);
      return {
        revision: current.revision,
        sites,
        changesAt: changes.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
      };
    },
  };
}

/** The site as it is now: it may have another name. Throws LullError. */
function requirePresent(snapshot: Snapshot, { id, domain }: Site): Site {
  const site = snapshot.sites.get(id)?.site;
  if (site !== undefined) return site;
  throw new LullError("refused", `site ${id} (${domain}) was removed while it was waited for`);
}
