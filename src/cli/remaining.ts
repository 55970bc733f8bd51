import { siteLabel } from "../actions/find-sites.ts";
import type { Config } from "../config-keys.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { siteState } from "../gate/site-state.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import { describePeriod } from "./closed-by.ts";

/** The state of affairs after a change. */
export interface View {
  readonly config: Config;
  readonly snapshot: Snapshot;
  readonly sites: readonly Site[];
  readonly now: InstantMs;
}

/** What a command says beside what it did. */
export interface Remaining {
  readonly words: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Which of the sites are still closed, by what, by whose, until when. */
export function stillClosed({ config, snapshot, sites, now }: View): Remaining {
  const closed = [...new Map(sites.map((site) => [site.id, site])).values()].flatMap((site) => {
    const { periods } = siteState(snapshot, site.id, now);
    return periods.length === 0 ? [] : [{ site, periods }];
  });
  return {
    words: closed.map(({ site, periods }) => {
      const by = periods.map((period) => describePeriod(period, config.timezone)).join("; ");
      return `site ${siteLabel(site)} stays closed: ${by}`;
    }),
    data: { stillClosed: closed.map(({ site, periods }) => ({ id: site.id, domain: site.domain, periods })) },
  };
}

/** What visitors still reach while the sites are closed. */
export function stillReachable({ snapshot, sites, now }: View): Remaining {
  const everywhere = snapshot.everywhere.exemptions.list;
  const own = sites.flatMap((site) => snapshot.sites.get(site.id)?.exemptions.list ?? []);
  const current = [...everywhere, ...own].filter((exemption) => exemption.expires === null || exemption.expires > now);
  const values = [...new Set(current.map((exemption) => exemption.value))];
  return {
    words: values.length === 0 ? ["nothing stays reachable"] : [`still reachable: ${values.join(", ")}`],
    data: { stillReachable: values },
  };
}
