import type { Exemption } from "../gate/exemption.ts";
import type { Site } from "../gate/site.ts";
import { scopeOf } from "./scope.ts";

/** More of them bury what matters; the list shows all. */
const most = 20;

/** What visitors still reach while sites are closed. `sites`: those that are told apart; none where there is but one. */
export function describePassing(exemptions: readonly Exemption[], sites: ReadonlyMap<number, Site>): string {
  const names = [...new Set(exemptions.map((exemption) => describe(exemption, sites)))];
  const list = names.slice(0, most);
  if (names.length > most) list.push(`and ${names.length - most} more ("lull exempt list" shows all)`);
  return list.length === 0 ? "nothing stays reachable" : `still reachable: ${list.join(", ")}`;
}

function describe({ kind, value, siteId }: Exemption, sites: ReadonlyMap<number, Site>): string {
  const what = kind === "network" ? `everything from ${value}` : kind === "pattern" ? `pattern ${value}` : value;
  return siteId !== null && sites.has(siteId) ? `${what} on ${scopeOf(siteId, sites)}` : what;
}
