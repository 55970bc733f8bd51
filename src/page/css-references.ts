import { tokenize, tokenTypes } from "css-tree/tokenizer";
import { ident, string, url } from "css-tree/utils";

/** A place at which a stylesheet, or the value of a `style` attribute, names a file. */
export interface CssReference {
  /** Decoded. */
  readonly url: string;
  /** `@import`: a stylesheet. */
  readonly isImport: boolean;
  /** Of `url(...)` without quotes as a whole, else of the string with its quotes. */
  readonly start: number;
  readonly end: number;
  readonly form: "url" | "string";
}

/** What stands before an address. */
type Statement = "import" | "loads nothing" | "other";

/** Functions whose strings are addresses (CSS Values 4, 4.5; CSS Images 4, 2.1 and 3). */
const takeStrings: ReadonlySet<string> = new Set(["url", "src", "image", "image-set", "-webkit-image-set"]);

/**
 * What a stylesheet loads, in its order. By tokens (CSS Syntax 3), so that nothing is missed behind what a parser of a
 * certain age does not know.
 */
export function cssReferences(css: string): readonly CssReference[] {
  const found: CssReference[] = [];
  const functions: string[] = [];
  /** Until a semicolon or a block. */
  let statement: Statement = "other";
  tokenize(css, (type, start, end) => {
    const text = css.slice(start, end);
    switch (type) {
      case tokenTypes.AtKeyword:
        statement = statementOf(ident.decode(text.slice(1)).toLowerCase());
        return;
      case tokenTypes.Semicolon:
      case tokenTypes.LeftCurlyBracket:
      case tokenTypes.RightCurlyBracket:
        statement = "other";
        functions.length = 0;
        return;
      case tokenTypes.Function:
        functions.push(ident.decode(text.slice(0, -1)).toLowerCase());
        return;
      case tokenTypes.LeftParenthesis:
        functions.push("");
        return;
      case tokenTypes.RightParenthesis:
        functions.pop();
        return;
      case tokenTypes.Url:
        add(url.decode(text), { start, end, form: "url" });
        return;
      case tokenTypes.String:
        if (isAddress()) add(string.decode(text), { start, end, form: "string" });
    }
  });
  return found;

  function isAddress(): boolean {
    const inner = functions.at(-1);
    return inner === undefined ? statement === "import" : takeStrings.has(inner);
  }

  function add(address: string, place: Pick<CssReference, "start" | "end" | "form">): void {
    if (statement !== "loads nothing") found.push({ url: address, isImport: statement === "import", ...place });
    // What follows in the same rule are its conditions.
    if (statement === "import") statement = "loads nothing";
  }
}

function statementOf(name: string): Statement {
  switch (name) {
    case "import":
      return "import";
    case "namespace":
      return "loads nothing";
    default:
      return "other";
  }
}
