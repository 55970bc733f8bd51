import { type Token, tokensOf } from "./source-tokens.ts";

/** What the architecture test asks of one source file. */
export interface SourceFacts {
  readonly imports: readonly { readonly module: string; readonly line: number }[];
  /** Lines with `as X`; `as const` and renames in imports and exports are none. */
  readonly castLines: readonly number[];
  readonly hasDefaultExport: boolean;
}

export function sourceFacts(source: string): SourceFacts {
  const tokens = tokensOf(source);
  const imports: { module: string; line: number }[] = [];
  const castLines: number[] = [];
  let hasDefaultExport = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token?.kind !== "word" || isProperty(tokens, at)) continue;
    if (token.text === "import" || token.text === "export" || token.text === "require") {
      if (token.text === "export" && tokens[at + 1]?.text === "default") hasDefaultExport = true;
      const end = endOfClause(tokens, at);
      const module = tokens[end];
      if (module?.kind === "literal") imports.push({ module: module.text, line: token.line });
      at = end;
    } else if (token.text === "as" && isCast(tokens, at)) castLines.push(token.line);
  }
  return { imports, castLines, hasDefaultExport };
}

/** Where the token is that names the module; `at` when the word imports nothing. */
function endOfClause(tokens: readonly Token[], at: number): number {
  const word = tokens[at]?.text;
  const isCall = tokens[at + 1]?.text === "(";
  if (isCall) return tokens[at + 2]?.kind === "literal" ? at + 2 : at;
  if (word === "require") return at;
  const first = tokens[at + 1]?.text === "type" ? at + 2 : at + 1;
  if (tokens[at + 1]?.kind === "literal") return at + 1;
  if (word === "export" && tokens[first]?.text !== "{" && tokens[first]?.text !== "*") return at;
  if (tokens[first]?.text === ".") return at;
  for (let each = first; each < tokens.length; each += 1) {
    const text = tokens[each]?.text;
    if (text === "from" && tokens[each + 1]?.kind === "literal") return each + 1;
    // `export { a as b };` names no module.
    if (word === "export" && text === "}" && tokens[each + 1]?.text !== "from") return each;
  }
  return at;
}

const NO_OPERAND = new Set([
  "return",
  "case",
  "const",
  "let",
  "function",
  "in",
  "of",
  "typeof",
  "await",
  "new",
  "type",
]);

function isCast(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1];
  const after = tokens[at + 1];
  if (before === undefined || after === undefined || after.text === "const") return false;
  const isAfterOperand =
    before.kind === "word" ? !NO_OPERAND.has(before.text) : before.kind === "literal" || /^[)\]}]$/.test(before.text);
  return isAfterOperand && (after.kind !== "mark" || /^[{[(]$/.test(after.text));
}

function isProperty(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.text;
  return tokens[at - 1]?.kind === "mark" && (before === "." || before === "?.");
}
