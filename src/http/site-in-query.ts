/**
 * The site that a proxy's configuration names: the text after `site=`, null without a query. Any other query is a
 * mistake in that configuration: all of it is given back, which is no site, so that the mistake cannot pass for
 * "let the host tell".
 */
export function siteInQuery(query: string): string | null {
  if (query === "") return null;
  return query.startsWith("site=") ? query.slice("site=".length) : query;
}
