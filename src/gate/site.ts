/** Something under our care that can be closed. */
export interface Site {
  /** The site's number: Django's `SITE_ID`. Positive. */
  readonly id: number;
  /** Exact (`example.com`), wildcard (`*.example.com`) or `*`; canonical, as `canonicalDomain` makes it. */
  readonly domain: string;
  /** Further exact or wildcard names of the same site, canonical. */
  readonly aliases: readonly string[];
  readonly name: string;
  /** Shown to held visitors; may be empty. */
  readonly message: string;
  /** Where held visitors are sent instead of seeing the page: an absolute http or https URL; empty: nowhere. */
  readonly redirectUrl: string;
  /** Whose scripts may read the answers of the closed site (CORS): `https://app.example.com`, canonical, or `*` alone. */
  readonly origins: readonly string[];
}
