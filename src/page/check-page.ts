import { realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { type OwnPageMeans, readOwnPage } from "../answer/own-page.ts";
import { templateFault } from "../answer/template-fault.ts";
import { readTemplateFile } from "../answer/template-file.ts";
import { LullError } from "../gate/error.ts";
import { documentFindings, sizeFindings } from "./document-findings.ts";
import { lineAt } from "./edits.ts";
import type { Finding, PlacedFinding } from "./finding.ts";
import { includedFiles } from "./included-files.ts";
import { tryInline } from "./inline.ts";
import { renderedPages } from "./rendered-pages.ts";
import type { SampleParts } from "./samples.ts";
import { renderedFindings, type SourceFile, sourceFindings, sourceReferences } from "./template-references.ts";

export interface CheckMeans extends OwnPageMeans {
  /** What templates are tried with. */
  readonly samples: SampleParts;
}

/**
 * All that keeps a page from serving, or from serving well: first what its files say, then what a template makes of
 * samples, then of the page as a whole. Throws LullError when there is no such file.
 */
export async function checkPage(path: string, means: CheckMeans): Promise<readonly Finding[]> {
  const fault = await faultOf(path, means);
  const found: Finding[] = fault === null ? [] : [{ file: path, ...fault }];
  const bytes = await readBytes(path);
  const text = bytes === null ? null : decoded(bytes);
  if (text === null) return found;
  const page: SourceFile = { path, text, isIncluded: false };
  const included = (await includedFiles(path, text)).map((file): SourceFile => ({ ...file, isIncluded: true }));
  // Tags that this file should not hold are addresses of nothing.
  const sources = [page, ...included]
    .flatMap(sourceReferences)
    .filter(({ reference }) => !foreignTag.test(reference.url));
  const folder = await realpath(dirname(path));
  const tried = await tryInline({ path, text, root: null });
  found.push(...(await sourceFindings(sources, { surroundings: { folder, root: folder, isSiteRoot: false }, tried })));
  if (fault !== null) return unique(found);
  const { texts, findings } = await renderedPages(path, text, means);
  found.push(...findings.map((each) => ({ file: path, ...each })));
  if (path.endsWith(".eta")) for (const each of texts) found.push(...(await renderedFindings(each, path, sources)));
  const largest = texts
    .map((each) => new TextEncoder().encode(each))
    .sort((one, other) => other.length - one.length)[0];
  const ofWhole = [...texts.flatMap(documentFindings), ...(largest === undefined ? [] : sizeFindings(largest))];
  found.push(...ofWhole.map((each) => ({ file: path, ...each })));
  return unique(found);
}

const foreignTag = /\{[%{]|<%/;

/** Why the page does not serve. The words are those of `/readyz`. Throws LullError when there is no such file. */
async function faultOf(path: string, means: CheckMeans): Promise<PlacedFinding | null> {
  try {
    if ((await readOwnPage(path, means)) !== null) return null;
  } catch (error) {
    const what = templateFault(error);
    const line = faultLine(what, await readBytes(path));
    return { line, severity: "error", what, advice: "it does not serve" };
  }
  throw new LullError("refused", `there is no file ${path}; name one that is there`);
}

function faultLine(fault: string, bytes: Uint8Array | null): number | null {
  const told = / at line (\d+) /.exec(fault)?.[1];
  if (told !== undefined) return Number(told);
  if (bytes === null) return null;
  const lossy = new TextDecoder().decode(bytes);
  const tag = /^it holds "([^"]+)"/.exec(fault)?.[1];
  const sought = decoded(bytes) === null ? "\ufffd" : tag;
  const offset = sought === undefined ? -1 : lossy.indexOf(sought);
  return offset < 0 ? null : lineAt(lossy, offset);
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

function unique(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((each) => [`${each.file}:${each.line} ${each.what}`, each])).values()];
}
