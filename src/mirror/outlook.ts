import { isDeepStrictEqual } from "node:util";
import { asHeard } from "../gate/lease.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Rules, Snapshot } from "../gate/snapshot.ts";
import { everySite, type Foresight, foresee, type HeldSite, heldStranger } from "./held-site.ts";
import { unknownName } from "./host-maps.ts";
import { othersTurn } from "./others-turn.ts";

/** What holds visits at an instant. */
export interface Outlook {
  /** By the names of flags: site numbers, and `unknown`. */
  readonly held: ReadonlyMap<string, HeldSite>;
  /** What holds on all sites; null: nothing. */
  readonly everywhere: HeldSite | null;
  /** Up to when time alone changes nothing of this. Infinity: for ever. */
  readonly until: InstantMs;
}

/** Finds out what holds visits, and asks again only for sites of which something has changed. */
export interface Lookout {
  /** `now` may lie before that of the last call. Lets others have their turn: it may look at thousands. */
  look(snapshot: Snapshot, now: InstantMs): Promise<Outlook>;
}

interface Seen extends Foresight {
  readonly rules: Rules;
}

/** So many sites take well under a millisecond, in which no check is answered. */
const sitesPerTurn = 250;

export function createLookout(): Lookout {
  let last: { readonly snapshot: Snapshot; readonly now: InstantMs; readonly until: InstantMs } | null = null;
  const seen = new Map<number, Seen>();

  return {
    async look(snapshot, now) {
      const everywhere = foresee(snapshot, everySite, now);
      const isNew = last === null || now < last.now || now >= last.until || !hasSameEverywhere(last.snapshot, snapshot);
      if (isNew) seen.clear();
      for (const id of seen.keys()) if (!snapshot.sites.has(id)) seen.delete(id);
      last = { snapshot, now, until: everywhere.until };
      const held = new Map<string, HeldSite>();
      let until = everywhere.until;
      let looked = 0;
      for (const [id, rules] of snapshot.sites) {
        let known = seen.get(id);
        if (known === undefined || known.rules !== rules || now >= known.until) {
          if (++looked % sitesPerTurn === 0) await othersTurn();
          known = { rules, ...foresee(snapshot, id, now) };
          seen.set(id, known);
        }
        if (known.held !== null) held.set(String(id), known.held);
        until = Math.min(until, known.until);
      }
      const stranger = snapshot.policy.unknownHost === "closed" ? heldStranger : everywhere.held;
      if (stranger !== null) held.set(unknownName, stranger);
      return { held, everywhere: everywhere.held, until };
    },
  };
}

/** A snapshot makes this part anew each time. */
function hasSameEverywhere(a: Snapshot, b: Snapshot): boolean {
  if (a.policy !== b.policy || a.everywhere.recurringTimeline !== b.everywhere.recurringTimeline) return false;
  const rows = ({ everywhere, heardAt }: Snapshot) => everywhere.periods.map((period) => asHeard(period, heardAt));
  return isDeepStrictEqual(rows(a), rows(b));
}
