import { expect, test } from "bun:test";
import { jittered, retryAfterSeconds } from "../../src/answer/retry-after.ts";

test.each([
  ["whole seconds stay", 60_000, 60],
  ["a part of a second counts as one: never early", 60_001, 61],
  ["the last millisecond is a second", 1, 1],
  ["an opening that is now is a second away", 0, 1],
  ["so is one that has passed", -5_000, 1],
  ["an unknown opening is the configured time", null, 300],
] as const)("%s", (_, opensInMs, seconds) => {
  const now = 1_000_000_000_123;
  const opensAt = opensInMs === null ? null : now + opensInMs;
  expect(retryAfterSeconds({ opensAt, now, fallbackSeconds: 300 })).toBe(seconds);
});

test.each([
  ["too short to spread", 9, 0.999_999, 9],
  ["a tenth", 10, 0.999_999, 11],
  ["nobody earlier", 3_600, 0, 3_600],
  ["at most a minute", 86_400, 0.999_999, 86_460],
])("programs come back over a while: %s", (_, seconds, random, expected) => {
  expect(jittered(seconds, () => random)).toBe(expected);
});
