import { parsePattern } from "../../src/gate/pattern.ts";
import { seededIntegers } from "./random.ts";

/** As operators write them; no two are the same. */
export function plausiblePatterns(count: number): readonly string[] {
  const forms = [
    (number: number) => `/section-${number}/item-\\d+$`,
    (number: number) => `^/(?:en|de)/docs-${number}/.*\\.html$`,
    (number: number) => `api-${number}/v[0-9]+/[a-z]+`,
    (number: number) => `/tenant-${number}/[^/]+/public/`,
  ];
  return Array.from({ length: count }, (_, number) => (forms[number % forms.length] ?? String)(number));
}

/** What nobody would write, as long as lull takes it. */
export function randomPatterns(count: number): readonly string[] {
  const integer = seededIntegers(20_261_120);
  const atoms = ["a", "b", "/", "[^/]", ".", "\\d", "\\w+", "[a-f0-9]{2,8}", "(?:ab|cd|ef)", "\\pL", "é", "(a*)", "x?"];
  const repeats = ["", "", "", "*", "+", "?", "{1,9}", "*?"];
  const patterns: string[] = [];
  while (patterns.length < count) {
    const length = 2 + integer(8);
    const parts = Array.from(
      { length },
      () => `(?:${atoms[integer(atoms.length)]})${repeats[integer(repeats.length)]}`,
    );
    const pattern = `/${parts.join("")}`;
    if (isTaken(pattern)) patterns.push(pattern);
  }
  return patterns;
}

/** What makes backtracking engines, or automata, large or slow. */
export const nastyPatterns: readonly string[] = [
  "/(a*)*b",
  "/.*.*.*x",
  "/(?:a|aa)+$",
  "/(?:a?){200}a{200}",
  "/[^/]{900}z",
  "/(?:.*a.{14})b",
  "/(?:.*[ab].{20}){2}c",
  "/\\pL{1,900}\\pN",
  "/[\\pL\\pM\\pN]*[^\\pL]{40}!",
  "/(?i:[a-zà-ÿ]{1,60}){1,9}-",
].filter(isTaken);

function isTaken(pattern: string): boolean {
  try {
    parsePattern(pattern);
    return true;
  } catch {
    return false;
  }
}
