import { expect, test } from "bun:test";
import { createRenderDebt } from "../../src/answer/render-debt.ts";

test.each([
  ["one pause of the process", [30_000], false],
  ["two of them", [30_000, 30_000], false],
  ["three of them", [30_000, 30_000, 30_000], true],
  ["a little too slow, ten times", Array(10).fill(20), false],
  ["a little too slow, eleven times", Array(11).fill(20), true],
  ["as slow as it may be", Array(1_000).fill(10), false],
  [
    "now and then",
    Array(100)
      .fill([60, ...Array(50).fill(1)])
      .flat(),
    false,
  ],
])("%s", (_, times, isTooDear) => {
  const debt = createRenderDebt();
  expect(times.map((time) => debt.add(time)).at(-1)).toBe(isTooDear);
});
