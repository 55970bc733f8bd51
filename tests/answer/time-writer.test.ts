import { expect, test } from "bun:test";
import { chooseLanguage } from "../../src/answer/language.ts";
import { languages } from "../../src/answer/languages.ts";
import { createTimeWriter } from "../../src/answer/time-writer.ts";

const winter = "2026-11-20T09:00:00Z";

test.each([
  ["English is not American", "en", "Europe/Berlin", winter, "20 November 2026 at 10:00 CET (09:00 UTC)"],
  ["UTC is said once", "en", "UTC", winter, "20 November 2026 at 09:00 UTC"],
  ["also by another of its names", "en", "Etc/UTC", winter, "20 November 2026 at 09:00 UTC"],
  ["and by its shortest", "de", "Zulu", winter, "20. November 2026 um 09:00 UTC"],
  ["London is not UTC", "en", "Europe/London", winter, "20 November 2026 at 09:00 GMT (09:00 UTC)"],
  ["German in winter", "de", "Europe/Berlin", winter, "20. November 2026 um 10:00 MEZ (09:00 UTC)"],
  [
    "the last second of summer time",
    "de",
    "Europe/Berlin",
    "2026-10-25T00:59:59Z",
    "25. Oktober 2026 um 02:59 MESZ (00:59 UTC)",
  ],
  [
    "the same hour once more",
    "de",
    "Europe/Berlin",
    "2026-10-25T01:59:59Z",
    "25. Oktober 2026 um 02:59 MEZ (01:59 UTC)",
  ],
  [
    "UTC's day is said when it is another: the day before",
    "en",
    "Asia/Tokyo",
    "2026-11-20T19:00:00Z",
    "21 November 2026 at 04:00 GMT+9 (20 November 2026 at 19:00 UTC)",
  ],
  [
    "the day after",
    "es",
    "America/Bogota",
    "2027-01-01T02:30:00Z",
    "31 de diciembre de 2026 a las 21:30 GMT-5 (1 de enero de 2027 a las 2:30 UTC)",
  ],
  ["Portuguese is of Portugal", "pt", "Europe/Lisbon", winter, "20 de novembro de 2026 às 09:00 WET (09:00 UTC)"],
  ["Arabic has twelve hours", "ar", "Asia/Riyadh", winter, "20 نوفمبر 2026 في 12:00 م غرينتش+3 (9:00 ص UTC)"],
  ["Japanese has brackets of its own", "ja", "Asia/Tokyo", winter, "2026年11月20日 18:00 JST（9:00 UTC）"],
  [
    "traditional Chinese has no bracket in brackets",
    "zh-Hant",
    "Asia/Taipei",
    winter,
    "2026年11月20日 下午5:00 GMT+8（上午9:00 UTC）",
  ],
  [
    "Persian has days and digits of its own",
    "fa",
    "Asia/Tehran",
    winter,
    "۲۹ آبان ۱۴۰۵ ساعت ۱۲:۳۰ \u200e+۳:۳۰ گرینویچ (۹:۰۰ UTC)",
  ],
  ["Thai counts years from Buddha", "th", "Asia/Bangkok", winter, "20 พฤศจิกายน 2569 เวลา 16:00 GMT+7 (9:00 UTC)"],
] as const)("%s", (_, tag, timezone, instant, text) => {
  const write = createTimeWriter(timezone);
  expect(write(Date.parse(instant), chooseLanguage(tag))).toBe(text);
  // The second text is a remembered one.
  expect(write(Date.parse(instant), chooseLanguage(tag))).toBe(text);
});

test.each(languages.map((language) => [language.tag, language] as const))(
  "%s says UTC once, beside the zone",
  (_, language) => {
    const text = createTimeWriter("America/New_York")(Date.parse(winter), language);
    expect(text).toMatch(/[(（][^()（）]*UTC[^()（）]*[)）]$/);
    expect(text.replace(/[(（].*$/, "")).toMatch(/[4۴]/);
    expect(text).not.toMatch(/[[\]{}<>]/);
  },
);

test("languages and instants are kept apart, however many there are", () => {
  const write = createTimeWriter("Europe/Berlin");
  const [en, de] = [chooseLanguage("en"), chooseLanguage("de")];
  const texts = new Set<string>();
  for (let minute = 0; minute < 250; minute++) {
    const instant = Date.parse(winter) + minute * 60_000;
    texts.add(write(instant, en)).add(write(instant, de));
  }
  expect(texts.size).toBe(500);
  expect(write(Date.parse(winter), en)).toBe("20 November 2026 at 10:00 CET (09:00 UTC)");
});

test("a text that was written before costs next to nothing", () => {
  const write = createTimeWriter("Europe/Berlin");
  const started = performance.now();
  for (let turn = 0; turn < 100_000; turn++)
    write(Date.parse(winter), languages[turn % languages.length] ?? languages[0]);
  expect(performance.now() - started).toBeLessThan(500);
});
