import { canonicalHostOf } from "./host.ts";
import type { Site } from "./site.ts";
import { claimHosts, draftHosts, type SiteHosts, siteOfHost } from "./site-hosts.ts";

/** Sites of which each sends its held visitors to the next, and the last to the first. */
export type RedirectLoop = readonly Site[];

/**
 * The loops that visitors would be sent around in, were all their sites closed: each once. A host that only `*` stands
 * for may be somebody else's altogether, so what leads there counts as leading away.
 */
export function redirectLoops(sites: readonly Site[]): readonly RedirectLoop[] {
  const hosts = draftHosts(null);
  for (const site of sites) claimHosts(hosts, site);
  hosts.anyHost = null;
  const byNumber = new Map(sites.map((site) => [site.id, site]));
  const loops: RedirectLoop[] = [];
  const seen = new Set<Site>();
  for (const first of sites) {
    const walked: Site[] = [];
    let next: Site | undefined = first;
    while (next !== undefined && !seen.has(next)) {
      seen.add(next);
      walked.push(next);
      next = byNumber.get(targetOf(next, hosts) ?? 0);
    }
    const entered = next === undefined ? -1 : walked.indexOf(next);
    if (entered !== -1) loops.push(fromLowest(walked.slice(entered)));
  }
  return loops;
}

/** The same loop, wherever it was entered. */
function fromLowest(loop: RedirectLoop): RedirectLoop {
  const ids = loop.map(({ id }) => id);
  const lowest = ids.indexOf(Math.min(...ids));
  return [...loop.slice(lowest), ...loop.slice(0, lowest)];
}

/** The site that its redirect leads to; null: none of ours, or it has none. */
function targetOf({ redirectUrl }: Site, hosts: SiteHosts): number | null {
  if (redirectUrl === "") return null;
  const host = canonicalHostOf(URL.parse(redirectUrl)?.host ?? "");
  return host === null ? null : siteOfHost(hosts, host);
}
