import { realpath, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { LullError } from "../gate/error.ts";
import { addressOf } from "./address.ts";
import { applyEdits, type Edit, lineAt } from "./edits.ts";
import { elementEdits } from "./element-edits.ts";
import { includedFiles } from "./included-files.ts";
import { parseMarkup } from "./markup.ts";
import { pageReferences } from "./references.ts";
import { type MaskedText, maskedText, writtenUrl } from "./written-url.ts";

export interface InlineRequest {
  /** Absolute. A name that ends in `.eta` is a template, whose tags stay as they are. */
  readonly path: string;
  readonly text: string;
  /** Absolute: the folder that files may come from, and that `/` counts from; null: that of the page, and `/` is refused. */
  readonly root: string | null;
}

export interface InlinedPage {
  readonly page: string;
  /** What browsers would still ask for. */
  readonly left: readonly LeftReference[];
}

export interface LeftReference {
  /** The included file that names it; null: the page itself does. */
  readonly file: string | null;
  readonly where: string;
  /** With the template's tags. */
  readonly url: string;
  readonly kind: "external" | "local" | "computed";
}

/** A page of which what could be packed is. */
export interface TriedInline extends InlinedPage {
  /** Why other files were not, in the order of the text, each once. */
  readonly refusals: readonly string[];
}

/**
 * A page with its pictures, stylesheets, fonts and scripts in itself. Only what names a file is replaced, and the rest
 * stays as it is, byte for byte. Throws LullError for files that are missing, too large, or outside of the folder, with
 * a line for each.
 */
export async function inlinePage(request: InlineRequest): Promise<InlinedPage> {
  const { page, left, refusals } = await tryInline(request);
  if (refusals.length > 0) throw new LullError("refused", refusals.join("\n"));
  return { page, left };
}

/** Throws LullError for a root that is not there. */
export async function tryInline({ path, text, root }: InlineRequest): Promise<TriedInline> {
  const isTemplate = path.endsWith(".eta");
  const { masked } = maskedText(path, text);
  const folder = await realpath(dirname(path));
  const surroundings = { folder, root: root === null ? folder : await realFolder(root), isSiteRoot: root !== null };
  const elements = parseMarkup(masked);
  const refusals: string[] = [];
  const base = elements.find((element) => element.name === "base" && element.attributes.has("href"));
  if (base !== undefined) {
    const place = `${basename(path)}:${lineAt(text, base.start)}`;
    const refusal = `${place}: <base href> makes addresses count from elsewhere; take it out`;
    // Where the others would have to be looked for is not known.
    return { page: text, left: await leftIn(path, text), refusals: [refusal] };
  }
  const refuse = ({ message }: LullError) => refusals.push(message);
  const edits: Edit[] = [];
  for (const element of elements) {
    const place = `${basename(path)}:${lineAt(text, element.start)}: <${element.name}>`;
    edits.push(...(await elementEdits(element, { text: masked, isTemplate, surroundings, place, within: [], refuse })));
  }
  const page = applyEdits(text, edits);
  return { page, left: await leftIn(path, page), refusals: [...new Set(refusals)] };
}

async function realFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return realpath(path);
  throw new LullError("refused", `there is no folder ${path} for --root; name one that is there`);
}

/** Included files too: they become part of the page, and nobody packs them. */
async function leftIn(path: string, page: string): Promise<readonly LeftReference[]> {
  const included = await includedFiles(path, page);
  const left = [
    ...leftInText(null, maskedText(path, page)),
    ...included.flatMap((each) => leftInText(each.path, maskedText(each.path, each.text))),
  ];
  return [...new Map(left.map((each) => [`${each.file} ${each.where} ${each.url}`, each])).values()];
}

function leftInText(file: string | null, masked: MaskedText): readonly LeftReference[] {
  return pageReferences(masked.masked).flatMap((reference): readonly LeftReference[] => {
    const { where, url, role } = reference;
    const { kind } = addressOf(url);
    // These go somewhere else, and load nothing.
    const isWay = role === "form" || role === "refresh";
    return kind === "inside" || isWay ? [] : [{ file, where, url: writtenUrl(reference, masked), kind }];
  });
}
