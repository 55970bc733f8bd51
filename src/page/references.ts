import { addressOf } from "./address.ts";
import { cssReferences } from "./css-references.ts";
import { type Load, type LoadRole, loadsOf } from "./loads.ts";
import { attributeOf, type MarkupElement, parseMarkup } from "./markup.ts";
import { parseSrcset } from "./srcset.ts";

/** A place at which a page names something that a browser would ask for. */
export interface Reference {
  /** Decoded. */
  readonly url: string;
  readonly role: LoadRole;
  /** How it is written: `<img src>`, `url() in <style>`. */
  readonly where: string;
  /** In the text of the page. */
  readonly offset: number;
}

/** Deeper is nobody's page: documents and stylesheets within each other. */
const deepest = 5;

/** All that a page, or a masked template, loads, in the order of its text. Addresses inside the page are among it. */
export function pageReferences(text: string): readonly Reference[] {
  return referencesIn(text, 0);
}

function referencesIn(text: string, depth: number): readonly Reference[] {
  return parseMarkup(text).flatMap((element) => [
    ...loadsOf(element).flatMap((load) => loadReferences(element, load, depth)),
    ...contentReferences(element, depth),
  ]);
}

function loadReferences(element: MarkupElement, load: Load, depth: number): readonly Reference[] {
  const { attribute, role, syntax } = load;
  const where = `<${element.name} ${attribute.name}>`;
  const plain = (url: string): Reference => ({ url, role, where, offset: attribute.start });
  switch (syntax) {
    case "url":
      return role === "stylesheet"
        ? [plain(attribute.value), ...within(plain(attribute.value), depth)]
        : [plain(attribute.value)];
    case "srcset":
      return parseSrcset(attribute.value).map(({ url }) => plain(url));
    case "css":
      return cssPlaces(attribute.value, {
        where: `<${element.name} ${attribute.name}>`,
        depth,
        start: attribute.start,
      });
    case "refresh": {
      const url = refreshUrl(attribute.value);
      return url === null ? [] : [plain(url)];
    }
    case "document":
      if (depth >= deepest) return [];
      return referencesIn(attribute.value, depth + 1).map((each) => ({
        ...each,
        where: `${each.where} in ${where}`,
        offset: attribute.start,
      }));
  }
}

function contentReferences(element: MarkupElement, depth: number): readonly Reference[] {
  switch (element.name) {
    case "style":
      return cssPlaces(element.text, { where: "<style>", depth, start: element.contentStart });
    case "script":
      return scriptImports(element).map((url) => ({
        url,
        role: "script" as const,
        where: "import in <script>",
        offset: element.start,
      }));
    default:
      return [];
  }
}

interface CssPlace {
  readonly where: string;
  readonly depth: number;
  /** Of the CSS in the text. */
  readonly start: number;
}

function cssPlaces(css: string, { where, depth, start }: CssPlace): readonly Reference[] {
  return cssReferences(css).flatMap((each) => {
    const reference: Reference = {
      url: each.url,
      role: each.isImport ? "stylesheet" : "image",
      where: `${each.isImport ? "@import" : "url()"} in ${where}`,
      offset: start + each.start,
    };
    return [reference, ...(each.isImport ? within(reference, depth) : [])];
  });
}

/** What a stylesheet loads that stands in its own address. */
function within(reference: Reference, depth: number): readonly Reference[] {
  const css = depth < deepest ? stylesheetIn(reference.url) : null;
  if (css === null) return [];
  return cssPlaces(css, { where: reference.where, depth: depth + 1, start: 0 }).map((each) => ({
    ...each,
    offset: reference.offset,
  }));
}

/** The text of a `data:` address (RFC 2397) that holds CSS; null: it is none. */
function stylesheetIn(url: string): string | null {
  const [, parameters = "", data] = /^\s*data:text\/css([^,]*),([\s\S]*)$/i.exec(url) ?? [];
  if (data === undefined) return null;
  try {
    const plain = decodeURIComponent(data);
    return /;\s*base64\s*$/i.test(parameters) ? Buffer.from(plain, "base64").toString() : plain;
  } catch {
    return null;
  }
}

/** The address of `30; url=/elsewhere` (HTML, 4.2.5.3); null: the page comes again. */
function refreshUrl(content: string): string | null {
  const [, quoted, plain] = /^[\s\d.]+[;,\s]\s*(?:url\s*=\s*)?(?:["']([^"']*)|(\S.*))/i.exec(content) ?? [];
  return quoted ?? plain ?? null;
}

/** What scripts in the page import by an address. */
function scriptImports(element: MarkupElement): readonly string[] {
  const type = attributeOf(element, "type")?.toLowerCase() ?? "";
  if (type !== "" && type !== "module" && !type.endsWith("javascript")) return [];
  return importsOf(element.text);
}

/** The addresses that a script imports; names without one (`import "lit"`) mean nothing to browsers. Of what cannot be read: none. */
function importsOf(script: string): readonly string[] {
  if (!script.includes("import")) return [];
  try {
    const imports = new Bun.Transpiler({ loader: "js" }).scanImports(script);
    const addresses = imports.filter(({ kind }) => kind === "import-statement" || kind === "dynamic-import");
    return addresses.map(({ path }) => path).filter((path) => /^[./]/.test(path) || addressOf(path).kind !== "local");
  } catch {
    return [];
  }
}

/** Whether a script needs files beside it: in the page alone it would look for them elsewhere. */
export function hasLocalImports(script: string): boolean {
  return importsOf(script).some((url) => addressOf(url).kind === "local");
}
