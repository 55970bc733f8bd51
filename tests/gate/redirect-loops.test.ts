import { describe, expect, test } from "bun:test";
import { redirectLoops } from "../../src/gate/redirect-loops.ts";
import type { Site } from "../../src/gate/site.ts";
import { site } from "./builders.ts";

type Named = readonly [domain: string, redirectUrl: string, ...aliases: string[]];

/** Numbered from 1. */
function sitesOf(named: readonly Named[]): readonly Site[] {
  return named.map(([domain, redirectUrl, ...aliases], index) => ({
    ...site(index + 1, domain, aliases),
    redirectUrl,
  }));
}

describe("a redirect leads round in a circle", () => {
  test.each<[string, readonly Named[], number[][]]>([
    ["to its own domain", [["a.example", "https://a.example/x"]], [[1]]],
    ["to its own domain on another port, by another scheme", [["a.example", "http://a.example:8080/"]], [[1]]],
    ["to its own domain with a final dot", [["a.example", "https://a.example./"]], [[1]]],
    ["to an alias", [["a.example", "https://b.example/", "b.example"]], [[1]]],
    ["to what its wildcard covers", [["*.a.example", "https://x.y.a.example/"]], [[1]]],
    ["to what a wildcard alias covers", [["a.example", "https://www.a.example/", "*.a.example"]], [[1]]],
    ["to an alias of the site of every host", [["*", "https://a.example/", "a.example"]], [[1]]],
    [
      "between two sites",
      [
        ["a.example", "https://b.example/"],
        ["b.example", "https://a.example/"],
      ],
      [[1, 2]],
    ],
    [
      "between two, by a wildcard",
      [
        ["*.a.example", "https://b.example/"],
        ["b.example", "https://x.a.example/"],
      ],
      [[1, 2]],
    ],
    [
      "between three, told from the lowest number on, and to them from a fourth",
      [
        ["d.example", "https://b.example/"],
        ["a.example", "https://b.example/"],
        ["b.example", "https://c.example/"],
        ["c.example", "https://a.example/"],
      ],
      [[2, 3, 4]],
    ],
  ])("%s", (_sentence, named, loops) => {
    expect(redirectLoops(sitesOf(named)).map((loop) => loop.map(({ id }) => id))).toEqual(loops);
  });

  test.each<[string, readonly Named[]]>([
    ["to nowhere", [["a.example", ""]]],
    ["to a host that is nobody's", [["a.example", "https://status.example/"]]],
    ["to a host above its wildcard", [["*.a.example", "https://a.example/"]]],
    ["to a host that only looks alike", [["a.example", "https://a.example.evil.example/"]]],
    [
      "to another site that sends nobody on",
      [
        ["a.example", "https://b.example/"],
        ["b.example", ""],
      ],
    ],
    [
      "to a name of another site below its wildcard",
      [
        ["*.a.example", "https://status.a.example/"],
        ["status.a.example", ""],
      ],
    ],
    [
      "to a host that only * may stand for",
      [
        ["a.example", "https://status.example/"],
        ["*", "https://a.example/"],
      ],
    ],
    ["from * to a host that only * may stand for", [["*", "https://status.example/"]]],
  ])("but not %s", (_sentence, named) => {
    expect(redirectLoops(sitesOf(named))).toEqual([]);
  });
});
