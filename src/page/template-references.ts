import { addressOf } from "./address.ts";
import { lineAt } from "./edits.ts";
import type { Finding } from "./finding.ts";
import type { IncludedFile } from "./included-files.ts";
import type { TriedInline } from "./inline.ts";
import type { Surroundings } from "./local-file.ts";
import { type ReferencePlace, tellReference } from "./reference-findings.ts";
import { pageReferences, type Reference } from "./references.ts";
import { literalLength, maskedText, urlPattern, writtenUrl } from "./written-url.ts";

/** A file that names things: the page, or one that it includes. */
export interface SourceFile extends IncludedFile {
  readonly isIncluded: boolean;
}

/** A reference as its author wrote it. */
export interface SourceReference {
  readonly file: SourceFile;
  readonly line: number;
  readonly reference: Reference;
  /** With the template's tags. */
  readonly written: string;
}

export function sourceReferences(file: SourceFile): readonly SourceReference[] {
  const masked = maskedText(file.path, file.text);
  return pageReferences(masked.masked).map((reference) => ({
    file,
    line: lineAt(file.text, reference.offset),
    reference,
    written: writtenUrl(reference, masked),
  }));
}

export interface Inlining {
  readonly surroundings: Surroundings;
  readonly tried: TriedInline;
}

/** What is wrong with what the files name. */
export async function sourceFindings(
  sources: readonly SourceReference[],
  { surroundings, tried }: Inlining,
): Promise<readonly Finding[]> {
  const left = new Set(tried.left.filter(({ file }) => file === null).map(keyOf));
  const findings: Finding[] = [];
  for (const { file, line, reference } of sources) {
    const told = await tellReference(reference, placeOf(file, reference));
    if (told !== null) findings.push({ file: file.path, line, ...told });
  }
  return findings;

  function placeOf({ isIncluded }: SourceFile, reference: Reference): ReferencePlace {
    if (isIncluded) return { kind: "included" };
    const isLeft = left.has(keyOf(reference));
    const inlining = !isLeft ? "packs" : tried.refusals.length > 0 ? "refuses" : "leaves";
    return { kind: "page", surroundings, inlining };
  }
}

/**
 * What is wrong with what a template makes, where its files do not say it already. It stands where an address is written
 * that can become this one.
 */
export async function renderedFindings(
  page: string,
  path: string,
  sources: readonly SourceReference[],
): Promise<readonly Finding[]> {
  const known = new Set(sources.map(({ reference }) => keyOf(reference)));
  // The one that says most of the address goes first.
  const computed = sources
    .filter(({ reference }) => addressOf(reference.url).kind === "computed")
    .sort((one, other) => literalLength(other.reference.url) - literalLength(one.reference.url));
  const findings: Finding[] = [];
  for (const reference of pageReferences(page)) {
    if (known.has(keyOf(reference))) continue;
    const origin = computed.find(
      (each) => each.reference.where === reference.where && urlPattern(each.reference.url).test(reference.url),
    );
    const told = await tellReference(reference, { kind: "made", written: origin?.written ?? null });
    if (told !== null) findings.push({ file: origin?.file.path ?? path, line: origin?.line ?? null, ...told });
  }
  return findings;
}

function keyOf({ where, url }: Pick<Reference, "where" | "url">): string {
  return `${where} ${url}`;
}
