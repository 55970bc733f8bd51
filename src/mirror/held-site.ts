import { byEndLastFirst, type InstantMs, overAt, type Period, type PeriodMode } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { type SiteState, siteState, timelinesOf } from "../gate/site-state.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import { nextStart } from "../gate/timeline.ts";

/** A site that holds visits, with all that its page says. */
export interface HeldSite {
  /** `readonly`: it holds those alone that change something. */
  readonly mode: PeriodMode;
  /** null: nobody's in particular. */
  readonly site: Site | null;
  /** The period's, else the site's; may be empty. */
  readonly message: string;
  /** Empty unless visitors may see it. */
  readonly reason: string;
  readonly start: InstantMs | null;
  /** The expected opening; null: unknown. */
  readonly opensAt: InstantMs | null;
}

/** What is so at an instant, and up to when time alone changes nothing of it. */
export interface Foresight {
  /** null: the site is open. */
  readonly held: HeldSite | null;
  /** Infinity: for ever. */
  readonly until: InstantMs;
}

/** What a number that is no site's has: that which closes all sites. */
export const everySite = 0;

export function foresee(snapshot: Snapshot, siteId: number, now: InstantMs): Foresight {
  const state = siteState(snapshot, siteId, now);
  return { held: heldBy(snapshot, siteId, state), until: changesAt(snapshot, siteId, { state, now }) };
}

/** A host that is nobody's, where such hosts are closed whatever the time. */
export const heldStranger: HeldSite = {
  mode: "full",
  site: null,
  message: "",
  reason: "",
  start: null,
  opensAt: null,
};

function heldBy({ sites, policy }: Snapshot, siteId: number, state: SiteState): HeldSite | null {
  if (state.state === "open") return null;
  const mode = state.state === "closed" ? "full" : "readonly";
  // As in a verdict: the one that ends last.
  const [period] = state.periods.filter((each) => each.mode === mode).sort(byEndLastFirst);
  const site = sites.get(siteId)?.site ?? null;
  return {
    mode,
    site,
    message: period?.message || site?.message || "",
    reason: policy.publicReason ? (period?.reason ?? "") : "",
    start: period?.start ?? null,
    opensAt: state.chain.opensAt,
  };
}

interface Moment {
  readonly state: SiteState;
  readonly now: InstantMs;
}

/** Also when something that was planned to be over is not: the page then says that nobody knows. */
function changesAt(snapshot: Snapshot, siteId: number, { state, now }: Moment): InstantMs {
  let first = nextStart(timelinesOf(snapshot, siteId), now);
  const see = (period: Period) => {
    first = Math.min(first, overAt(period));
    if (period.expectedEnd !== null && period.expectedEnd > now) first = Math.min(first, period.expectedEnd);
  };
  state.periods.forEach(see);
  state.chain.periods.forEach(see);
  return first;
}
