import Negotiator from "negotiator";
import { languages } from "./languages.ts";
import type { Words } from "./words.ts";

export interface Language {
  /** BCP 47, as it stands in `lang` and in Content-Language. */
  readonly tag: string;
  readonly dir: "ltr" | "rtl";
  readonly words: Words;
}

/** Nobody lists more; what a visitor sends must not cost more than it is worth. */
const longestList = 1_000;
const mostPreferences = 20;
/** Of the headers whose language is remembered: all of a browser's are shorter. */
const longestKept = 200;
const mostKept = 1_000;

/** Languages whose readers read one of ours, by the names that `Intl.Locale` does not exchange itself. */
const readAs: ReadonlyMap<string, string> = new Map([
  ["no", "nb"],
  ["nn", "nb"],
  ["yue", "zh"],
]);

export const [english] = languages;

/** Ours, by language and script, and region if it has one: `zh-Hant`, `pt-Latn`, `pt-Latn-BR`. */
const byName: ReadonlyMap<string, Language> = new Map(
  languages.map((language) => {
    const locale = new Intl.Locale(language.tag);
    const name = nameOf(locale);
    return [locale.region === undefined ? name : `${name}-${locale.region}`, language];
  }),
);

const chosen = new Map<string, Language>();

/** The language of ours that `Accept-Language` likes best (RFC 9110, 12.5.4; RFC 4647); English when it names none. */
export function chooseLanguage(acceptLanguage: string | null): Language {
  if (acceptLanguage === null) return english;
  if (acceptLanguage.length > longestKept) return byPreference(acceptLanguage);
  const known = chosen.get(acceptLanguage);
  if (known !== undefined) return known;
  const language = byPreference(acceptLanguage);
  if (chosen.size >= mostKept) chosen.clear();
  chosen.set(acceptLanguage, language);
  return language;
}

function byPreference(acceptLanguage: string): Language {
  const negotiator = new Negotiator({ headers: { "accept-language": acceptLanguage.slice(0, longestList) } });
  for (const range of negotiator.languages().slice(0, mostPreferences)) {
    const language = range === "*" ? english : lookUp(range);
    if (language !== null) return language;
  }
  return english;
}

/**
 * RFC 4647, 3.4, where a script is never dropped: Serbian in Latin letters does not ask for Cyrillic ones. A region says
 * which script is meant when none is named: `zh-TW` reads `zh-Hant`.
 */
function lookUp(range: string): Language | null {
  const locale = localeOf(range);
  if (locale === null) return null;
  const name = nameOf(locale);
  return byName.get(`${name}-${locale.region}`) ?? byName.get(name) ?? null;
}

function nameOf(locale: Intl.Locale): string {
  const { language, script } = locale.maximize();
  return `${readAs.get(language) ?? language}-${script}`;
}

/** null: what is no tag. `de_DE`, as many programs write it, is one. */
function localeOf(range: string): Intl.Locale | null {
  try {
    return new Intl.Locale(range.replaceAll("_", "-"));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
