import type { PlacedFinding } from "./finding.ts";
import { relWords } from "./loads.ts";
import { attributeOf, type MarkupElement, parseMarkup } from "./markup.ts";

/** What fits into the first round trip of a connection: the 10 segments of RFC 6928, less the headers. */
export const mostBytesOnWire = 14 * 1024;

/** What browsers and people miss in a page. */
export function documentFindings(html: string): readonly PlacedFinding[] {
  const elements = parseMarkup(html);
  const findings: PlacedFinding[] = [];
  const hint = (what: string, advice: string) => findings.push({ line: null, severity: "hint", what, advice });
  if (!elements.some((element) => element.name === "title" && !element.isForeign && element.text.trim() !== "")) {
    hint("there is no <title>", "write one: tabs, bookmarks and screen readers name the page by it");
  }
  if (!elements.some(declaresCharset))
    hint("there is no <meta charset>", 'write <meta charset="utf-8"> first in <head>');
  if (!elements.some((element) => isMeta(element, "viewport"))) {
    hint(
      'there is no <meta name="viewport">',
      'write <meta name="viewport" content="width=device-width, initial-scale=1">: telephones show the page tiny without',
    );
  }
  if (!elements.some((element) => element.name === "html" && (attributeOf(element, "lang") ?? "") !== "")) {
    hint("<html> has no lang", 'write <html lang="en">, in a template <html lang="<%= it.language %>">');
  }
  if (!elements.some(isIcon)) {
    hint('there is no <link rel="icon">, so browsers ask the closed site for /favicon.ico', `write ${emptyIcon}`);
  }
  return findings;
}

const emptyIcon = '<link rel="icon" href="data:,">';

/** What is said about the size of a page, as it is sent. */
export function sizeFindings(page: Uint8Array<ArrayBuffer>): readonly PlacedFinding[] {
  if (page.length <= mostBytesOnWire) return [];
  const packed = Bun.gzipSync(page).length;
  const what = `the page has ${page.length} bytes, with gzip ${packed}, and ${mostBytesOnWire} reach visitors at once`;
  const advice = "make pictures smaller, and leave out styles that nothing uses; nginx sends a 503 without gzip";
  return [{ line: null, severity: "warning", what, advice }];
}

function declaresCharset(element: MarkupElement): boolean {
  if (element.name !== "meta") return false;
  const type = attributeOf(element, "http-equiv")?.toLowerCase() === "content-type";
  return element.attributes.has("charset") || (type && /charset/i.test(attributeOf(element, "content") ?? ""));
}

function isMeta(element: MarkupElement, name: string): boolean {
  return element.name === "meta" && attributeOf(element, "name")?.toLowerCase() === name;
}

function isIcon(element: MarkupElement): boolean {
  return element.name === "link" && relWords(element).includes("icon") && (attributeOf(element, "href") ?? "") !== "";
}
