import { expect, test } from "bun:test";
import { chooseLanguage, english } from "../../src/answer/language.ts";
import { languages } from "../../src/answer/languages.ts";

test.each([
  ["nothing said is English", null, "en"],
  ["an empty list is English", "", "en"],
  ["a language of ours", "fr", "fr"],
  ["in any case", "PT-br", "pt-BR"],
  ["of a region that has no words of its own", "de-AT", "de"],
  ["with a variant", "de-DE-1996", "de"],
  ["with extensions", "ar-EG-u-nu-latn", "ar"],
  ["with a part of someone's own", "fr-x-mine", "fr"],
  ["as programs write it that are not of the web", "de_DE", "de"],
  ["as a whole browser says it", "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7", "de"],
  ["the first of equals", "de-DE, fr", "de"],
  ["the heaviest", "fr;q=0.5, de;q=0.9, en;q=0.8", "de"],
  ["one that weighs nothing is not wanted", "de;q=0, fr;q=0.1", "fr"],
  ["nothing but that is English", "de;q=0", "en"],
  ["spaces wherever they may be", " ,, nl ; q=0.3 ,\tsv ;q=0.4", "sv"],
  ["an unknown one gives way to the next", "tlh, eo;q=0.9, it;q=0.1", "it"],
  ["one that is not well-formed gives way to the next", "zh-min-nan, i-default, deutsch-, fr", "fr"],
  ["unknown ones alone are English", "tlh, eo;q=0.9", "en"],
  ["English before others stays English", "en-GB, de;q=0.9", "en"],
  ["a wildcard is English", "*", "en"],
  ["also before what is liked less", "*, de;q=0.5", "en"],
  ["a wildcard after a language says nothing", "cs, *;q=0.5", "cs"],
  ["Portuguese is of Portugal", "pt", "pt"],
  ["of Portugal by name", "pt-PT", "pt"],
  ["of Angola too", "pt-AO", "pt"],
  ["of Brazil", "pt-BR", "pt-BR"],
  ["Chinese is simplified", "zh", "zh-Hans"],
  ["of China", "zh-CN", "zh-Hans"],
  ["of Singapore", "zh-SG", "zh-Hans"],
  ["of Taiwan it is traditional", "zh-TW", "zh-Hant"],
  ["of Hong Kong", "zh-HK", "zh-Hant"],
  ["of Macau", "zh-MO", "zh-Hant"],
  ["the script weighs more than the region", "zh-Hans-TW", "zh-Hans"],
  ["traditional, of a region", "zh-Hant-HK", "zh-Hant"],
  ["traditional, of China", "zh-Hant-CN", "zh-Hant"],
  ["Cantonese is written in traditional Chinese", "yue-HK", "zh-Hant"],
  ["Norwegian without saying which", "no", "nb"],
  ["of Norway", "no-NO", "nb"],
  ["Nynorsk reads Bokmål", "nn-NO", "nb"],
  ["Hebrew by its old name", "iw-IL", "he"],
  ["Indonesian by its old name", "in", "id"],
  ["Moldavian is Romanian", "mo", "ro"],
  ["another script is another language", "sr-Latn, hi-Latn;q=0.9, uk-Latn;q=0.8, hr;q=0.1", "hr"],
  ["the script that a language has anyway", "uk-Cyrl-UA", "uk"],
  ["rubbish is English", '"><script>', "en"],
  ["letters of no tag are English", "\u00ff\u00fe, \ud83d", "en"],
  ["words of an object are no languages", "constructor, __proto__, toString", "en"],
  ["what comes after many others is not looked at", `${"tlh,".repeat(100)}de`, "en"],
  ["what comes after 1,000 characters is not looked at", `${" ".repeat(1_000)}de`, "en"],
])("%s", (_, header, tag) => {
  expect(chooseLanguage(header).tag).toBe(tag);
  // The second answer is a remembered one.
  expect(chooseLanguage(header).tag).toBe(tag);
});

test.each(languages.map((language) => [language.tag, language] as const))(
  "%s is chosen by its own tag",
  (tag, language) => {
    expect(chooseLanguage(tag)).toBe(language);
  },
);

test("English is one of the table", () => {
  expect(english.tag).toBe("en");
  expect(chooseLanguage(null)).toBe(english);
});

test("more headers than are remembered change nothing", () => {
  for (let number = 0; number < 2_500; number++) {
    expect(chooseLanguage(`x-${number}, da`).tag).toBe("da");
    expect(chooseLanguage("fi-FI, sv;q=0.5").tag).toBe("fi");
  }
});

test("the same header costs next to nothing", () => {
  const header = "de-DE,de;q=0.9,en-US;q=0.8,en;q=0.7";
  const started = performance.now();
  for (let turn = 0; turn < 300_000; turn++) chooseLanguage(header);
  expect(performance.now() - started).toBeLessThan(300);
});

test("a header of 64 KB is read in no time", () => {
  const started = performance.now();
  for (const end of ["!", ";q=!", ";q=1!"]) chooseLanguage(`a${" ".repeat(900)}${end},`.repeat(70));
  chooseLanguage(`a${" ".repeat(65_000)}!`);
  for (const part of ["a-", "aaaaaaaa-", " ", "de;q=", ";", ",", "x,", 'a;b="', "\\", "zh-Hant-TW-"]) {
    chooseLanguage(part.repeat(65_536 / part.length));
  }
  expect(performance.now() - started).toBeLessThan(500);
});
