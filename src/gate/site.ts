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
}
