import { addressOf } from "./address.ts";
import { applyEdits, type Edit } from "./edits.ts";
import { type Load, loadsOf, relWords } from "./loads.ts";
import { attributeOf, type MarkupAttribute, type MarkupElement } from "./markup.ts";
import {
  cssEdits,
  dataAddress,
  type Origin,
  packedAddress,
  packedOrNull,
  packedStylesheet,
  readReferenced,
  textOf,
} from "./packer.ts";
import { hasLocalImports } from "./references.ts";
import { formatSrcset, parseSrcset, type SrcsetCandidate } from "./srcset.ts";
import { maskCharacter } from "./template-mask.ts";

/** The page around an element. */
export interface Page extends Origin {
  /** Of a template the masked text. */
  readonly text: string;
  readonly isTemplate: boolean;
}

/** What belongs to a request for the file, and to nothing else. */
const requestAttributes = ["integrity", "crossorigin", "referrerpolicy", "fetchpriority"];

/** What makes an element ask for no local file. What cannot be packed is told by `page.refuse`. */
export async function elementEdits(element: MarkupElement, page: Page): Promise<readonly Edit[]> {
  const edits: Edit[] = [];
  for (const load of loadsOf(element)) {
    // All is in the page then, and nothing has to be loaded ahead.
    if (load.role === "preload" && addressOf(load.attribute.value).kind === "local") {
      return [{ start: element.start, end: element.contentStart, text: "" }];
    }
    // Attributes that the parser put together from several tags have no place.
    if (load.attribute.end === load.attribute.start) continue;
    edits.push(...((await packedOrNull(page, () => loadEdits(element, load, page))) ?? []));
  }
  if (element.name === "style" && !element.isForeign) edits.push(...(await shifted(element, page)));
  return edits;
}

async function shifted({ text, contentStart }: MarkupElement, page: Page): Promise<readonly Edit[]> {
  const edits = await cssEdits(text, page);
  return edits.map((edit) => ({ ...edit, start: edit.start + contentStart, end: edit.end + contentStart }));
}

async function loadEdits(element: MarkupElement, load: Load, page: Page): Promise<readonly Edit[]> {
  const { attribute, role, syntax } = load;
  switch (syntax) {
    case "srcset":
      return srcsetEdits(attribute, page);
    case "css":
      return styleAttributeEdits(attribute, page);
    case "refresh":
    case "document":
      return [];
    case "url": {
      const address = addressOf(attribute.value);
      if (address.kind !== "local") return [];
      switch (role) {
        case "image":
        case "icon":
        case "media":
          return [written(attribute, await packedAddress(address, page))];
        case "stylesheet":
          return relWords(element).includes("alternate")
            ? [written(attribute, await packedAddress(address, page)), ...removals(element, requestAttributes, page)]
            : stylesheetEdits(element, await packedStylesheet(address, page), page);
        case "script":
          return scriptEdits(element, attribute, page);
        case "frame":
        case "manifest":
        case "preload":
        case "form":
        case "refresh":
        case "base":
          return [];
      }
    }
  }
}

async function srcsetEdits(attribute: MarkupAttribute, page: Page): Promise<readonly Edit[]> {
  if (attribute.value.includes(maskCharacter)) return [];
  const candidates = parseSrcset(attribute.value);
  const addresses = candidates.map(({ url }) => addressOf(url));
  if (!addresses.some(({ kind }) => kind === "local")) return [];
  const packed: SrcsetCandidate[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const address = addresses[index];
    const url = address?.kind === "local" ? await packedOrNull(page, () => packedAddress(address, page)) : null;
    packed.push(url === null ? candidate : { ...candidate, url });
  }
  return [written(attribute, formatSrcset(packed))];
}

/** In place where the text says what the value is; else, where it holds `&quot;` and the like, as a whole. */
async function styleAttributeEdits(attribute: MarkupAttribute, page: Page): Promise<readonly Edit[]> {
  const edits = await cssEdits(attribute.value, page);
  if (edits.length === 0) return [];
  const start = page.text.indexOf(attribute.value, attribute.start);
  if (start >= 0 && start + attribute.value.length <= attribute.end) {
    return edits.map((edit) => ({ ...edit, start: edit.start + start, end: edit.end + start }));
  }
  if (attribute.value.includes(maskCharacter)) return [];
  return [written(attribute, applyEdits(attribute.value, edits))];
}

/** `<link rel="stylesheet" href>` becomes `<style>`, with the attributes that mean the same there. */
function stylesheetEdits(element: MarkupElement, css: string, page: Page): readonly Edit[] {
  const nameStart = element.start + 1;
  // A backslash before a character that is no hexadecimal digit stands for that character (CSS Syntax 3, 4.3.7).
  const closed = css.replace(/<(?=\/style)/gi, "<\\");
  const text = page.isTemplate ? closed.replaceAll("<%", "<\\%") : closed;
  return [
    { start: nameStart, end: nameStart + element.name.length, text: "style" },
    ...removals(element, ["rel", "href", "type", "as", "sizes", ...requestAttributes], page),
    { start: element.contentStart, end: element.contentStart, text: `${text}</style>` },
  ];
}

/**
 * As text in the element, or, where that would not be the same script (HTML, 4.12.1.3 "restrictions for contents of
 * script elements"; `defer` and `async` are for addresses alone), as an address that holds it. A script with imports of
 * its own stays: its parts would be looked for beside the page.
 */
async function scriptEdits(element: MarkupElement, attribute: MarkupAttribute, page: Page): Promise<readonly Edit[]> {
  const address = addressOf(attribute.value);
  if (address.kind !== "local") return [];
  const file = await readReferenced(address, page);
  const script = textOf(file, page);
  if (hasLocalImports(script)) return [];
  const cannotStand = page.isTemplate ? /<!--|<\/?script|<%/i : /<!--|<\/?script/i;
  const needsAddress =
    element.isForeign ||
    !element.hasEndTag ||
    attributeOf(element, "defer") !== null ||
    attributeOf(element, "async") !== null;
  if (needsAddress || cannotStand.test(script)) {
    const packed = dataAddress("text/javascript;charset=utf-8", file.bytes);
    return [written(attribute, packed), ...removals(element, requestAttributes, page)];
  }
  return [
    ...removals(element, [attribute.name, "charset", ...requestAttributes], page),
    { start: element.contentStart, end: element.contentEnd, text: script },
  ];
}

/** Takes attributes away that are there, with the space before them. */
function removals(element: MarkupElement, names: readonly string[], { text }: Page): readonly Edit[] {
  return names.flatMap((name) => {
    const { start, end } = element.attributes.get(name) ?? { start: 0, end: 0 };
    if (end === start) return [];
    return [{ start: /\s/.test(text.charAt(start - 1)) ? start - 1 : start, end, text: "" }];
  });
}

function written({ name, start, end }: MarkupAttribute, value: string): Edit {
  return { start, end, text: `${name}="${value.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"` };
}
