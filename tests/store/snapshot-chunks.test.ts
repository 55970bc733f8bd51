import { describe, expect, test } from "bun:test";
import type { SiteRecord } from "../../src/gate/snapshot.ts";
import { chunksOf } from "../../src/store/snapshot-chunks.ts";
import { record, recurring, site } from "../gate/builders.ts";

/** A site with so many occurrences, on each of so many recurrences. */
function siteWith(id: number, occurrences = 0, recurrences = 1): SiteRecord {
  const times = Array.from({ length: occurrences }, (_, index) => [index, index + 1] as const);
  return record({ site: site(id, "*"), recurring: Array.from({ length: recurrences }, () => recurring(times)) });
}

describe("chunks", () => {
  test.each<[string, readonly SiteRecord[], readonly number[]]>([
    ["of no sites there are none", [], []],
    ["few sites are one", [siteWith(1), siteWith(2)], [2]],
    ["have a hundred sites", Array.from({ length: 201 }, (_, index) => siteWith(index)), [100, 100, 1]],
    ["of a full hundred leave no empty one", Array.from({ length: 100 }, (_, index) => siteWith(index)), [100]],
    ["have fewer where much recurs", Array.from({ length: 5 }, (_, index) => siteWith(index, 5_000)), [2, 2, 1]],
    ["count all recurrences of a site", [siteWith(1, 2_500, 4), siteWith(2)], [1, 1]],
    ["hold a site whole, however much recurs on it", [siteWith(1, 50_000), siteWith(2)], [1, 1]],
    ["begin to count anew", [siteWith(1, 10_000), siteWith(2, 9_999), siteWith(3, 1), siteWith(4)], [1, 2, 1]],
  ])("%s", (_sentence, sites, lengths) => {
    const chunks = [...chunksOf(sites)];
    expect(chunks.map((chunk) => chunk.length)).toEqual([...lengths]);
    expect(chunks.flat()).toEqual([...sites]);
  });
});
