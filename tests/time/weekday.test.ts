import { expect, test } from "bun:test";
import { parseWeekday } from "../../src/time/weekday.ts";

test.each<[string, string, number | null]>([
  ["the first", "monday", 1],
  ["the last", "sunday", 7],
  ["in short", "thu", 4],
  ["in capitals, with space around it", " SATURDAY ", 6],
  ["a part of one", "satur", null],
  ["two letters", "su", null],
  ["no weekday", "today", null],
  ["nothing", "", null],
])("parseWeekday: %s, %j", (_sentence, text, number) => {
  expect(parseWeekday(text)).toBe(number);
});
