import { expect, test } from "bun:test";
import { formatSrcset, parseSrcset } from "../../src/page/srcset.ts";

test.each<[string, string, readonly (readonly [string, string])[]]>([
  ["one address", "a.png", [["a.png", ""]]],
  [
    "densities",
    "a.png, b.png 2x",
    [
      ["a.png", ""],
      ["b.png", "2x"],
    ],
  ],
  [
    "widths over lines",
    "\n a.png 480w,\n b.png 800w\n",
    [
      ["a.png", "480w"],
      ["b.png", "800w"],
    ],
  ],
  [
    "no space after a descriptor's comma",
    "a.png 1x,b.png 2x",
    [
      ["a.png", "1x"],
      ["b.png", "2x"],
    ],
  ],
  [
    "commas in an address",
    "data:image/png;base64,AA 1x, b,c.png 2x",
    [
      ["data:image/png;base64,AA", "1x"],
      ["b,c.png", "2x"],
    ],
  ],
  [
    "commas too many",
    ",, a.png ,, b.png,",
    [
      ["a.png", ""],
      ["b.png", ""],
    ],
  ],
  [
    "brackets in a descriptor",
    "a.png x(1,2), b.png",
    [
      ["a.png", "x(1,2)"],
      ["b.png", ""],
    ],
  ],
  ["nothing", " , ", []],
])("%s", (_, text, expected) => {
  const candidates = parseSrcset(text);
  expect(candidates.map(({ url, descriptor }) => [url, descriptor])).toEqual(expected.map((each) => [...each]));
  expect(parseSrcset(formatSrcset(candidates))).toEqual([...candidates]);
});
