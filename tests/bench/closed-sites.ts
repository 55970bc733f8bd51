import type { Exemption } from "../../src/gate/exemption.ts";
import type { Snapshot } from "../../src/gate/snapshot.ts";
import { exempt, period, record, site, snapshotOf } from "../gate/builders.ts";

/** What every installation exempts on all sites unless it is told otherwise. */
const configured: readonly Exemption[] = [
  "/admin",
  "/robots.txt",
  "/.well-known/acme-challenge",
  "/.well-known/security.txt",
].map((path) => exempt("path", path));

/** Sites 1, 2, ... with domains as `hostOf` gives them, every one of them closed. */
export function closedSites(count: number, exemptionsOf: (id: number) => readonly Exemption[]): Snapshot {
  return snapshotOf({
    sites: Array.from({ length: count }, (_, index) => {
      const id = index + 1;
      const exemptions = exemptionsOf(id).map((each, position) => ({ ...each, id: id * 1000 + position, siteId: id }));
      return record({ site: site(id, hostOf(id)), periods: [period({ id, siteId: id })], exemptions });
    }),
    everywhere: { exemptions: configured },
  });
}

export function closedByPatterns(patterns: readonly string[]): Snapshot {
  return closedSites(1, () => patterns.map((pattern) => exempt("pattern", pattern)));
}

export function hostOf(id: number): string {
  return `site-${id}.example`;
}

/** Ten of mixed kinds, another ten for each site. */
export function tenExemptions(id: number): readonly Exemption[] {
  return [
    exempt("exact", `/landing-${id}`),
    exempt("exact", "/health"),
    exempt("path", `/tenant-${id}/public`),
    exempt("path", "/static"),
    exempt("path", "/.well-known/change-password"),
    exempt("pattern", `^/item-${id}/\\d+$`),
    exempt("pattern", "/(?:en|de)/press/.*\\.html$"),
    exempt("pattern", "api/v[0-9]+/status"),
    exempt("network", `10.${(id >> 8) & 255}.${id & 255}.0/24`),
    exempt("network", "2001:db8::/32"),
  ];
}

/** Paths that visitors ask for, some of them near to what is exempt and few of them exempt. */
export function pathOf(number: number): string {
  const forms = [
    `/catalogue/teapots/${number}`,
    `/section-${number % 1000}/news`,
    `/en/docs-${number % 1000}/page-${number}.txt`,
    "/",
    `/tenant-${number}/private`,
    `/api/v2/orders/${number}`,
    `/static-${number}/site.css`,
    `/health/${number}`,
  ];
  return forms[number % forms.length] ?? "/";
}
