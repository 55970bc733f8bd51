import { realpath, stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { LullError } from "../gate/error.ts";
import { addressOf } from "./address.ts";
import { applyEdits, type Edit, lineAt } from "./edits.ts";
import { elementEdits } from "./element-edits.ts";
import { parseMarkup } from "./markup.ts";
import { pageReferences } from "./references.ts";
import { maskCharacter, maskTemplate } from "./template-mask.ts";

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
  readonly where: string;
  readonly url: string;
  readonly kind: "external" | "local" | "computed";
}

/**
 * A page with its pictures, stylesheets, fonts and scripts in itself. Only what names a file is replaced, and the rest
 * stays as it is, byte for byte. Throws LullError for a file that is missing, too large, or outside of the folder.
 */
export async function inlinePage({ path, text, root }: InlineRequest): Promise<InlinedPage> {
  const isTemplate = path.endsWith(".eta");
  const masked = isTemplate ? maskTemplate(text) : text;
  const folder = await realpath(dirname(path));
  const surroundings = { folder, root: root === null ? folder : await realFolder(root), isSiteRoot: root !== null };
  const elements = parseMarkup(masked);
  const base = elements.find((element) => element.name === "base" && element.attributes.has("href"));
  if (base !== undefined) {
    const place = `${path}:${lineAt(text, base.start)}`;
    throw new LullError("refused", `${place}: <base href> makes addresses count from elsewhere; take it out`);
  }
  const edits: Edit[] = [];
  for (const element of elements) {
    const place = `${basename(path)}:${lineAt(text, element.start)}: <${element.name}>`;
    edits.push(...(await elementEdits(element, { text: masked, isTemplate, surroundings, place, within: [] })));
  }
  const page = applyEdits(text, edits);
  return { page, left: leftIn(isTemplate ? maskTemplate(page) : page) };
}

async function realFolder(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() === true) return realpath(path);
  throw new LullError("refused", `there is no folder ${path} for --root; name one that is there`);
}

const maskedTag = new RegExp(`${maskCharacter}+`, "g");

function leftIn(page: string): readonly LeftReference[] {
  const left = pageReferences(page).flatMap(({ where, url, role }): readonly LeftReference[] => {
    const { kind } = addressOf(url);
    // These go somewhere else, and load nothing.
    const isWay = role === "form" || role === "refresh";
    return kind === "inside" || isWay ? [] : [{ where, url: url.replace(maskedTag, "<% %>"), kind }];
  });
  return [...new Map(left.map((each) => [`${each.where} ${each.url}`, each])).values()];
}
