import { STATUS_CODES } from "node:http";
import { Eta } from "eta";
import answerSource from "../../templates/page/answer.eta" with { type: "text" };
import listSource from "../../templates/page/preview.eta" with { type: "text" };
import type { Answer } from "../answer/answer.ts";
import { languages } from "../answer/languages.ts";
import { formTitles, previewForms } from "./preview-forms.ts";
import { listLink, type PreviewQuery, showLink } from "./preview-query.ts";
import { sampleStates, sampleTitles } from "./samples.ts";

/** What the preview shows around answers, as HTML. All that is put in is escaped by the templates. */
export interface PreviewViews {
  list(query: PreviewQuery, found: FoundPages): string;
  answer(query: PreviewQuery, answer: Answer): string;
}

export interface FoundPages {
  /** Why pages do not serve. */
  readonly faults: readonly string[];
  /** Domains whose sites have pages of their own. */
  readonly domains: readonly string[];
}

export function createPreviewViews(): PreviewViews {
  const eta = new Eta({ autoEscape: true });
  const list = eta.compile(listSource);
  const answer = eta.compile(answerSource);
  return {
    list: (query, found) => list.call(eta, listOf(query, found)),
    answer: (query, made) => answer.call(eta, shown(query, made)),
  };
}

function listOf(query: PreviewQuery, { faults, domains }: FoundPages): object {
  return {
    faults,
    site: siteTitle(query.site),
    language: { tag: query.language.tag, name: languageName(query.language.tag) },
    forms: previewForms.map((form) => formTitles[form]),
    rows: sampleStates.map((state) => ({
      title: sampleTitles[state],
      cells: previewForms.map((form) => ({
        title: formTitles[form],
        href: showLink({ ...query, state, form, isSource: false }),
        source: form === "html" ? showLink({ ...query, state, form, isSource: true }) : null,
      })),
    })),
    sites: ["", ...domains].map((site) => ({
      title: siteTitle(site),
      href: listLink({ ...query, site }),
      isCurrent: site === query.site,
    })),
    languages: languages.map((language) => ({
      tag: language.tag,
      title: languageName(language.tag),
      href: listLink({ ...query, language }),
      page: showLink({ ...query, language, state: "end", form: "html", isSource: false }),
      isCurrent: language === query.language,
    })),
  };
}

function shown(query: PreviewQuery, { status, headers, body }: Answer): object {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return {
    title: `${formTitles[query.form]}: ${sampleTitles[query.state]}`,
    back: listLink(query),
    head: [`${status} ${STATUS_CODES[status] ?? ""}`, ...lines].join("\n"),
    body: typeof body === "string" ? body : new TextDecoder().decode(body ?? new Uint8Array()),
  };
}

function siteTitle(site: string): string {
  return site === "" ? "without a page of its own" : site;
}

/** In the language itself. */
function languageName(tag: string): string {
  return `${new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag} (${tag})`;
}
