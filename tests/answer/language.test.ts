import { expect, test } from "bun:test";
import { preferredLanguage } from "../../src/answer/language.ts";

test.each([
  ["nothing said is English", null, "en"],
  ["the first of equals", "de-DE, fr", "de-DE"],
  ["the heaviest", "fr;q=0.5, de;q=0.9, en;q=0.8", "de"],
  ["a wildcard is no language", "*", "en"],
  ["q=0 is none", "de;q=0", "en"],
  ["rubbish is none", '"><script>', "en"],
])("%s", (_, header, language) => {
  expect(preferredLanguage(header)).toBe(language);
});

test("a header of 64 KB is read in no time", () => {
  const started = performance.now();
  for (const end of ["!", ";q=!", ";q=1!"]) preferredLanguage(`a${" ".repeat(900)}${end},`.repeat(70));
  preferredLanguage(`a${" ".repeat(65_000)}!`);
  for (const part of ["a-", "aaaaaaaa-", " ", "de;q=", ";", ","]) preferredLanguage(part.repeat(65_536 / part.length));
  expect(performance.now() - started).toBeLessThan(500);
});
