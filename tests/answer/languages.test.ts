import { describe, expect, test } from "bun:test";
import { basename, join } from "node:path";
import { english, type Language } from "../../src/answer/language.ts";
import { languages } from "../../src/answer/languages.ts";

const FOLDER = join(import.meta.dir, "../../templates/answer/languages");

interface LanguageFile {
  readonly name: string;
  readonly content: Language;
}

const files: readonly LanguageFile[] = await Promise.all(
  [...new Bun.Glob("*").scanSync({ cwd: FOLDER })].sort().map(async (file) => {
    const content: Language = await Bun.file(join(FOLDER, file)).json();
    return { name: basename(file, ".json"), content };
  }),
);

/** Of each word its key and text. */
function words(language: Language): readonly (readonly [string, string])[] {
  return Object.entries(language.words);
}

const englishText: ReadonlyMap<string, string> = new Map(words(english));

function placeholders(text: string): readonly string[] {
  return text.match(/\{[^}]*\}?|\}/g) ?? [];
}

/** undefined: the runtime does not know. */
function directionOf(tag: string): string | undefined {
  const locale: { getTextInfo?: () => { direction?: string }; textInfo?: { direction?: string } } = new Intl.Locale(
    tag,
  );
  return (locale.getTextInfo?.() ?? locale.textInfo)?.direction;
}

test("all files are in the table, and nothing else", () => {
  expect(languages.map(({ tag }) => tag).sort()).toEqual(files.map(({ name }) => name).sort());
});

test("there are at least 20 languages, English first", () => {
  expect(languages.length).toBeGreaterThanOrEqual(20);
  expect(languages[0].tag).toBe("en");
});

test("the runtime knows the direction of at least one", () => {
  expect(directionOf("ar")).toBe("rtl");
});

test("times and reasons are put in", () => {
  expect(words(english).flatMap(([key, text]) => placeholders(text).map((each) => `${key} ${each}`))).toEqual([
    "expected {time}",
    "reason {reason}",
  ]);
});

describe.each(files.map(({ name, content }) => [name, content] as const))("%s", (name, content) => {
  test("is named after its tag, which is canonical", () => {
    expect(content.tag).toBe(name);
    expect(Intl.getCanonicalLocales(name)).toEqual([name]);
  });

  test("stands in the table as it is", () => {
    expect(languages.find(({ tag }) => tag === name)).toEqual(content);
  });

  test("has the keys of English, in its order", () => {
    expect(Object.keys(content)).toEqual(["tag", "dir", "words"]);
    expect(Object.keys(content.words)).toEqual([...englishText.keys()]);
  });

  test("is written in its direction", () => {
    expect(["ltr", "rtl"]).toContain(content.dir);
    expect(content.dir).toBe(directionOf(name) === "rtl" ? "rtl" : "ltr");
  });

  test("has placeholders where English has them", () => {
    for (const [key, text] of words(content)) {
      expect([key, placeholders(text)]).toEqual([key, placeholders(englishText.get(key) ?? "")]);
    }
  });

  test("is plain text, without spaces around it or twice", () => {
    const wrong = words(content).filter(
      ([, text]) =>
        text === "" || text !== text.trim() || /[<>&\p{Cc}]|\s\s/u.test(text) || text !== text.normalize("NFC"),
    );
    expect(wrong).toEqual([]);
  });
});

test.each(files.filter(({ name }) => name !== english.tag).map(({ name, content }) => [name, content] as const))(
  "%s is translated",
  (_, content) => {
    expect(words(content).filter(([key, text]) => text === englishText.get(key))).toEqual([]);
  },
);
