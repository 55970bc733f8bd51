import { type DefaultTreeAdapterTypes, html, parse } from "parse5";

/** An attribute. `start` and `end`: of name and value in the text; both 0 where the parser does not say. */
export interface MarkupAttribute {
  /** In lower case. */
  readonly name: string;
  /** Decoded. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** An element as browsers read it, with offsets in the text. */
export interface MarkupElement {
  /** In lower case. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, MarkupAttribute>;
  /** Of the start tag. */
  readonly start: number;
  /** Behind the start tag, where the content begins. */
  readonly contentStart: number;
  /** Where the content ends. */
  readonly contentEnd: number;
  readonly hasEndTag: boolean;
  /** Its own text: of `style` and `script` as it is written, of others decoded. */
  readonly text: string;
  /** Of SVG or MathML. */
  readonly isForeign: boolean;
}

/** All elements of a page in the order of the text, those of `noscript` and `template` too. Nothing is too broken for it. */
export function parseMarkup(text: string): readonly MarkupElement[] {
  // A byte order mark is no text: browsers take it off before they parse.
  const source = text.startsWith("\ufeff") ? ` ${text.slice(1)}` : text;
  const elements: MarkupElement[] = [];
  collect(parse(source, { sourceCodeLocationInfo: true, scriptingEnabled: false }), elements);
  // The parser makes one character of CR LF, and offsets in the text would no longer be offsets in the page.
  return elements.map((element) =>
    isRaw(element) ? { ...element, text: source.slice(element.contentStart, element.contentEnd) } : element,
  );
}

/** The value of an attribute without surrounding space; null: there is none. */
export function attributeOf(element: MarkupElement, name: string): string | null {
  return element.attributes.get(name)?.value.trim() ?? null;
}

function isRaw({ name, isForeign }: MarkupElement): boolean {
  return !isForeign && (name === "style" || name === "script");
}

function collect(node: DefaultTreeAdapterTypes.Node, elements: MarkupElement[]): void {
  if ("tagName" in node) elements.push(elementOf(node));
  if ("content" in node) collect(node.content, elements);
  if ("childNodes" in node) for (const child of node.childNodes) collect(child, elements);
}

function elementOf(node: DefaultTreeAdapterTypes.Element): MarkupElement {
  const location = node.sourceCodeLocation;
  const contentStart = location?.startTag?.endOffset ?? 0;
  const attributes = node.attrs.map(({ prefix, name, value }): [string, MarkupAttribute] => {
    const whole = (prefix ? `${prefix}:${name}` : name).toLowerCase();
    const { startOffset = 0, endOffset = 0 } = location?.attrs?.[whole] ?? {};
    return [whole, { name: whole, value, start: startOffset, end: endOffset }];
  });
  return {
    name: node.tagName.toLowerCase(),
    attributes: new Map(attributes),
    start: location?.startOffset ?? 0,
    contentStart,
    contentEnd: location?.endTag?.startOffset ?? Math.max(location?.endOffset ?? 0, contentStart),
    hasEndTag: location?.endTag !== undefined,
    text: node.childNodes.map((child) => ("value" in child ? child.value : "")).join(""),
    isForeign: node.namespaceURI !== html.NS.HTML,
  };
}
