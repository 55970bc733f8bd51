import { expect, test } from "bun:test";
import { retryAfterSeconds } from "../../src/answer/retry-after.ts";

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
