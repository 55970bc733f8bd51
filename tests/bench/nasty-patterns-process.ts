/** Prints the longest verdict with lists of patterns, and paths made to be slow: the first visit, then short and long paths. */
import { decide } from "../../src/gate/decide.ts";
import { now, visit } from "../gate/builders.ts";
import { closedByPatterns, hostOf } from "./closed-sites.ts";
import { printFigures } from "./figures.ts";
import { nastyPatterns, plausiblePatterns, randomPatterns } from "./pattern-lists.ts";
import { seededIntegers } from "./random.ts";
import { microsecondsOf } from "./timing.ts";

const shortPathBytes = 120;
/** Nearly what a visit may have (src/gate/path.ts). */
const longPathBytes = 8_000;
const letters = ["a", "a", "a", "b", "c", "d", "e", "f", "x", "y", "z", "0", "1", "2", "9", "/a", "-", ".a", "%C3%A9"];

/** Paths that keep automata busy to the end; none is ambiguous. */
function paths(bytes: number): readonly string[] {
  const integer = seededIntegers(bytes);
  const units = ["a", "ab", "aaaaaaaaaaaaaab", "a/", "0", "abcdef09/", "%C3%A9", "x-"];
  const repeated = units.map((unit) => `/${unit.repeat(Math.floor((bytes - 1) / unit.length))}`);
  const random = Array.from({ length: 12 }, () => {
    let path = "/";
    while (path.length < bytes - 6) path += letters[integer(letters.length)] ?? "";
    return path;
  });
  return [...repeated, ...random];
}

/** In milliseconds. */
function longestVerdicts(patterns: readonly string[]) {
  const host = hostOf(1);
  const snapshot = closedByPatterns(patterns);
  const longest = (targets: readonly string[]) => {
    const visits = targets.map((target) => visit({ host, target }));
    const plain = visit({ host });
    return Math.max(...microsecondsOf(visits.length, (index) => decide(snapshot, visits[index] ?? plain, now))) / 1000;
  };
  return { first: longest(["/"]), short: longest(paths(shortPathBytes)), long: longest(paths(longPathBytes)) };
}

if (import.meta.main) {
  // So that the first list does not pay for warming up.
  longestVerdicts(plausiblePatterns(100));
  const lists = [
    ["plausible", [plausiblePatterns(1000)]],
    ["random", [randomPatterns(1000)]],
    // One list each: what one such pattern can do.
    ["nasty", nastyPatterns.map((pattern) => [pattern])],
  ] as const;
  for (const [name, ofList] of lists) {
    const each = ofList.map(longestVerdicts);
    printFigures({
      [`${name}.first`]: Math.max(...each.map(({ first }) => first)),
      [`${name}.short`]: Math.max(...each.map(({ short }) => short)),
      [`${name}.long`]: Math.max(...each.map(({ long }) => long)),
    });
  }
}
