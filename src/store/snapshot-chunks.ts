import type { SiteRecord } from "../gate/snapshot.ts";

/** Small enough that the serving thread takes one chunk in without a gap. */
const sitesInChunk = 100;
const occurrencesInChunk = 10_000;

/** The sites a few at a time. */
export function* chunksOf(sites: readonly SiteRecord[]): Generator<readonly SiteRecord[]> {
  let chunk: SiteRecord[] = [];
  let occurrences = 0;
  for (const site of sites) {
    chunk.push(site);
    for (const { starts } of site.recurring) occurrences += starts.length;
    if (chunk.length < sitesInChunk && occurrences < occurrencesInChunk) continue;
    yield chunk;
    chunk = [];
    occurrences = 0;
  }
  if (chunk.length > 0) yield chunk;
}
