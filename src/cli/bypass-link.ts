import { siteLabel } from "../actions/find-sites.ts";
import { LullError } from "../gate/error.ts";
import { canonicalHostOf } from "../gate/host.ts";
import { canonicalOrigin } from "../gate/origins.ts";
import type { Site } from "../gate/site.ts";
import { claimHosts, draftHosts, siteOfHost } from "../gate/site-hosts.ts";
import type { Given } from "./arguments.ts";

/** Where the link of a bypass leads. */
export interface LinkTarget {
  /** What `--url` says, as an origin; null: the site's own domain. */
  readonly origin: string | null;
  readonly mayBeInsecure: boolean;
}

/** Reads `--url` and `--insecure-cookie`. Throws LullError. */
export function linkTargetOf(given: Given): LinkTarget {
  const mayBeInsecure = given.flag("insecure-cookie");
  const url = given.text("url");
  if (url === undefined) return { origin: null, mayBeInsecure };
  if (url === "*")
    throw new LullError("usage", '--url "*" is no address; write the one of the site, https://example.com');
  const origin = canonicalOrigin(url);
  if (origin.startsWith("http:") && !mayBeInsecure) {
    throw new LullError(
      "refused",
      `--url "${url}" is plain http, where browsers drop the cookie of a bypass without a word; write https, or add --insecure-cookie if the site has nothing else`,
    );
  }
  return { origin, mayBeInsecure };
}

/** The link, or its path alone where no host is known: a bypass on all sites, or on a site that is no single host. */
export function linkOf(token: string, site: Site | null, { origin, mayBeInsecure }: LinkTarget): string {
  const path = `/.lull/bypass/${token}`;
  if (origin !== null) return `${origin}${path}`;
  if (site === null || site.domain.startsWith("*")) return path;
  return `${mayBeInsecure ? "http" : "https"}://${site.domain}${path}`;
}

/** What to know of a host that is another site's, or nobody's; null: nothing. */
export function strangeHost({ origin }: LinkTarget, site: Site | null, sites: readonly Site[]): string | null {
  const host = origin === null ? null : canonicalHostOf(URL.parse(origin)?.host ?? "");
  if (host === null || site === null) return null;
  const hosts = draftHosts(null);
  for (const each of sites) claimHosts(hosts, each);
  if (siteOfHost(hosts, host) === site.id) return null;
  return `${host} is no name of site ${siteLabel(site)}: the link holds only where the proxy asks for that site by its number (?site=${site.id})`;
}
