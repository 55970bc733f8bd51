/** Enough of a TypeScript tokenizer to find imports and casts without a compiler. */
export interface Token {
  readonly kind: "word" | "literal" | "mark";
  /** Of a string literal what is between the quotes. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

const SKIPPED = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const STRING = /"(?:\\[\s\S]|[^"\\])*"|'(?:\\[\s\S]|[^'\\])*'/y;
const WORD = /[\p{L}_$#][\p{L}\p{N}_$]*/uy;
const NUMBER = /\d[\w.]*/y;
const REGULAR_EXPRESSION = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/y;
/** A template from its start, or from the end of an expression in it, to the next expression or to its end. */
const TEMPLATE = /[`}](?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y;
const MARK = /\?\.|=>|[\s\S]/y;

/** After these words a slash begins a regular expression. */
const BEFORE_EXPRESSION = new Set(["return", "typeof", "case", "in", "of", "void", "throw", "await", "yield", "else"]);

export function tokensOf(source: string): readonly Token[] {
  const tokens: Token[] = [];
  /** For each template that is open, how many braces are open in its expression. */
  const templates: number[] = [];
  let position = 0;
  let line = 1;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = position;
    const text = pattern.exec(source)?.[0] ?? null;
    if (text !== null) {
      position += text.length;
      line += text.split("\n").length - 1;
    }
    return text;
  };
  const takeTemplate = (startLine: number) => {
    const piece = take(TEMPLATE);
    if (piece === null) throw new Error(`line ${startLine}: a template does not end`);
    if (piece.endsWith("${")) templates.push(0);
    tokens.push({ kind: "literal", text: piece, line: startLine });
  };

  for (take(SKIPPED); position < source.length; take(SKIPPED)) {
    const start = line;
    const next = source[position];
    if (next === "`" || (next === "}" && templates.at(-1) === 0)) {
      if (next === "}") templates.pop();
      takeTemplate(start);
      continue;
    }
    const string = take(STRING);
    const literal =
      string?.slice(1, -1) ?? take(NUMBER) ?? (mayBeExpression(tokens.at(-1)) ? take(REGULAR_EXPRESSION) : null);
    const word = literal === null ? take(WORD) : null;
    if (literal !== null) tokens.push({ kind: "literal", text: literal, line: start });
    else if (word !== null) tokens.push({ kind: "word", text: word, line: start });
    else tokens.push({ kind: "mark", text: take(MARK) ?? "", line: start });
    const open = templates.length - 1;
    const depth = templates[open];
    if (depth !== undefined && next === "{") templates[open] = depth + 1;
    if (depth !== undefined && next === "}") templates[open] = depth - 1;
  }
  return tokens;
}

function mayBeExpression(previous: Token | undefined): boolean {
  switch (previous?.kind) {
    case undefined:
      return true;
    case "literal":
      return false;
    case "word":
      return BEFORE_EXPRESSION.has(previous.text);
    case "mark":
      return ![")", "]", "}"].includes(previous.text);
  }
}
