import type { Bypass } from "../gate/bypass.ts";
import type { Site } from "../gate/site.ts";
import { until } from "./describe-period.ts";
import { scopeOf } from "./scope.ts";

/** A bypass in words: `bypass 3 "QA" on site 2 (shop.example), for a single use`. */
export function describeBypass(
  { id, siteId, label, isSingleUse }: Bypass,
  sites: ReadonlyMap<number, Site> = new Map(),
): string {
  const name = label === "" ? "" : ` "${label}"`;
  return `bypass ${id}${name} on ${scopeOf(siteId, sites)}${isSingleUse ? ", for a single use" : ""}`;
}

/** The same with its end. */
export function describeWholeBypass(bypass: Bypass, timezone: string, sites?: ReadonlyMap<number, Site>): string {
  return `${describeBypass(bypass, sites)}, ${until(bypass.expires, timezone)}`;
}
