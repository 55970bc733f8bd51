import { english, type Language } from "../answer/language.ts";
import { languages } from "../answer/languages.ts";
import { type PreviewForm, previewForms } from "./preview-forms.ts";
import { type SampleState, sampleStates } from "./samples.ts";

/** What a link of the preview asks for. */
export interface PreviewQuery {
  readonly state: SampleState;
  readonly form: PreviewForm;
  readonly language: Language;
  /** A site's domain; empty: the sample site, which has no page of its own. */
  readonly site: string;
  /** Whether the page's headers are shown, and its source, in place of the page. */
  readonly isSource: boolean;
}

/** From the query of a link. What is unknown is what the first link has. */
export function readPreviewQuery(parameters: URLSearchParams): PreviewQuery {
  const given = (name: string) => parameters.get(name) ?? "";
  return {
    state: sampleStates.find((state) => state === given("state")) ?? "end",
    form: previewForms.find((form) => form === given("form")) ?? "html",
    language: languages.find(({ tag }) => tag === given("language")) ?? english,
    site: given("site"),
    isSource: given("show") === "source",
  };
}

/** The address of an answer. */
export function showLink({ state, form, language, site, isSource }: PreviewQuery): string {
  const source = isSource ? { show: "source" } : {};
  return `/show?${new URLSearchParams({ state, form, language: language.tag, ...ofSite(site), ...source })}`;
}

/** The address of the list for a language and a site. */
export function listLink({ language, site }: Pick<PreviewQuery, "language" | "site">): string {
  return `/?${new URLSearchParams({ language: language.tag, ...ofSite(site) })}`;
}

function ofSite(site: string): Record<string, string> {
  return site === "" ? {} : { site };
}
