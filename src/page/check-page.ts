import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { type OwnPageMeans, readOwnPage } from "../answer/own-page.ts";
import { pageContext } from "../answer/page-context.ts";
import { templateFault } from "../answer/template-fault.ts";
import { readTemplateFile } from "../answer/template-file.ts";
import { LullError } from "../gate/error.ts";
import { documentFindings, sizeFindings } from "./document-findings.ts";
import { lineAt } from "./edits.ts";
import type { PlacedFinding } from "./finding.ts";
import { type ReferencePlace, referenceFindings } from "./reference-findings.ts";
import { pageReferences } from "./references.ts";
import { type SampleParts, sampleHeld, sampleStates, sampleTitles } from "./samples.ts";
import { maskTemplate } from "./template-mask.ts";

export interface CheckMeans extends OwnPageMeans {
  /** What templates are tried with. */
  readonly samples: SampleParts;
}

/**
 * All that keeps a page from serving, or from serving well: first what the file says, then what a template makes of
 * samples, then of the page as a whole. Throws LullError when there is no such file.
 */
export async function checkPage(path: string, means: CheckMeans): Promise<readonly PlacedFinding[]> {
  const fault = await faultOf(path, means);
  const bytes = await readBytes(path);
  const text = bytes === null ? null : decoded(bytes);
  if (text === null) return fault === null ? [] : [fault];
  const folder = await realpath(dirname(path));
  const surroundings = { folder, root: folder, isSiteRoot: false };
  const place: Omit<ReferencePlace, "form"> = { text, surroundings };
  const isTemplate = path.endsWith(".eta");
  // Tags of a template language that is not ours are addresses of nothing.
  const references = pageReferences(isTemplate ? maskTemplate(text) : text).filter(({ url }) => !djangoTag.test(url));
  const found = [
    ...(fault === null ? [] : [fault]),
    ...(await referenceFindings(references, { ...place, form: "source" })),
  ];
  const pages = fault === null ? await render(path, means) : { texts: [], faults: [] };
  found.push(...pages.faults);
  if (isTemplate) {
    for (const page of pages.texts) {
      found.push(...(await referenceFindings(pageReferences(page), { ...place, form: "rendered" })));
    }
  }
  found.push(...pages.texts.flatMap(documentFindings));
  const largest = pages.texts
    .map((page) => new TextEncoder().encode(page))
    .sort((one, other) => other.length - one.length)[0];
  if (largest !== undefined) found.push(...sizeFindings(largest));
  return unique(found);
}

const djangoTag = /\{[%{]/;

/** Why the page does not serve. The words are those of `/readyz`. Throws LullError when there is no such file. */
async function faultOf(path: string, means: CheckMeans): Promise<PlacedFinding | null> {
  try {
    if ((await readOwnPage(path, means)) !== null) return null;
  } catch (error) {
    const what = templateFault(error);
    const line = faultLine(what, await readBytes(path));
    return { line, severity: "error", what, advice: "until then it does not serve" };
  }
  throw new LullError("refused", `there is no file ${path}; name one that is there`);
}

function faultLine(fault: string, bytes: Uint8Array | null): number | null {
  const told = / at line (\d+) /.exec(fault)?.[1];
  if (told !== undefined) return Number(told);
  if (bytes === null) return null;
  const lossy = new TextDecoder().decode(bytes);
  const offset = decoded(bytes) === null ? lossy.indexOf("\ufffd") : lossy.search(djangoTag);
  return offset < 0 ? null : lineAt(lossy, offset);
}

interface Rendered {
  readonly texts: readonly string[];
  readonly faults: readonly PlacedFinding[];
}

/** What visitors would get: of a finished page one text, of a template one for each sample. */
async function render(path: string, means: CheckMeans): Promise<Rendered> {
  const page = await readOwnPage(path, means);
  const texts: string[] = [];
  const faults: PlacedFinding[] = [];
  for (const state of page === null ? [] : sampleStates) {
    try {
      const html = page?.render(pageContext(sampleHeld(state, means.samples), means)) ?? "";
      texts.push(typeof html === "string" ? html : new TextDecoder().decode(html));
    } catch (error) {
      const what = `it fails for a visitor of a sample (${sampleTitles[state]}): ${templateFault(error)}`;
      faults.push({
        line: null,
        severity: "error",
        what,
        advice: "until then the built-in page serves these visitors",
      });
    }
  }
  return { texts: [...new Set(texts)], faults };
}

/** null: there is none that could serve. */
async function readBytes(path: string): Promise<Uint8Array | null> {
  try {
    return await readTemplateFile(path);
  } catch {
    return null;
  }
}

/** null: it is not UTF-8. */
function decoded(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** What a template makes is said only where its source does not say it already. */
function unique(findings: readonly PlacedFinding[]): readonly PlacedFinding[] {
  const told = new Set(findings.filter(({ line }) => line !== null).map(({ what }) => what));
  const keys = new Set<string>();
  return findings.filter(({ line, what }) => {
    const key = `${line} ${what}`;
    if (keys.has(key) || (line === null && told.has(what))) return false;
    keys.add(key);
    return true;
  });
}
