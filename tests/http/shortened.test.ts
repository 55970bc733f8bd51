import { expect, test } from "bun:test";
import { shortened } from "../../src/http/shortened.ts";

test.each<[string, string, string]>([
  ["an empty one", "", ""],
  ["one of 500", "x".repeat(500), "x".repeat(500)],
  ["one of 501", "x".repeat(501), `${"x".repeat(499)}…`],
  ["one of 500 that are two units each", "😀".repeat(500), "😀".repeat(500)],
  ["one of 501 that are two units each", "😀".repeat(501), `${"😀".repeat(499)}…`],
  ["half characters", "\ud83d".repeat(501), `${"\ud83d".repeat(499)}…`],
])("shortens %s", (_, text, expected) => {
  expect(shortened(text)).toBe(expected);
});
