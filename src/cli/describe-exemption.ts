import type { Exemption } from "../gate/exemption.ts";

/** An exemption in words. */
export function describeExemption({ kind, value, siteId }: Exemption): string {
  return `${kind} ${value} on ${siteId === null ? "all sites" : `site ${siteId}`}`;
}
