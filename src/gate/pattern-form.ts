/**
 * Which form of the path a pattern is matched against. Patterns of django-maintenancemode-2 never saw the leading
 * slash, and its users wrote it all the same: what begins with a literal `/` sees it.
 */
export type PatternForm = "with-slash" | "without-slash";

/** What an expression can begin with; `nothing`: it can be empty, so that what follows it counts as well. */
interface Beginning {
  readonly slash: boolean;
  readonly other: boolean;
  readonly nothing: boolean;
}

interface Read {
  readonly beginning: Beginning;
  /** The position after what was read. */
  readonly end: number;
}

const nothing: Beginning = { slash: false, other: false, nothing: true };
const slash: Beginning = { slash: true, other: false, nothing: false };
const other: Beginning = { slash: false, other: true, nothing: false };

const quantifier = /(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/y;
const groupOpening = /\((?:\?(?:P?<\w+>|[imsU-]*:))?/y;
const flagGroup = /\(\?[imsU-]+\)/y;
const characterClass = /\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]/suy;
const slashEscape = /\\(?:\/|x2[fF]|x\{0*2[fF]\}|057)/y;
const longEscape = /\\(?:[pP]\{[^}]*\}|[pP].|x\{[0-9a-fA-F]+\}|x[0-9a-fA-F]{2}|[0-7]{1,3}|.)/suy;
const anchor = /\^|\$|\\[AbBz]/y;

/**
 * The form that a pattern asks for by its first literal, after flags, `^` and opening groups;
 * null: its branches differ in it. The pattern is one that RE2 accepts.
 */
export function patternForm(pattern: string): PatternForm | null {
  const { beginning } = readBranches(pattern, 0);
  if (!beginning.slash) return "without-slash";
  return beginning.other || beginning.nothing ? null : "with-slash";
}

/** Reads branches up to the `)` that ends their group, or to the end. */
function readBranches(pattern: string, start: number): Read {
  let first = readBranch(pattern, start);
  while (pattern[first.end] === "|") {
    const next = readBranch(pattern, first.end + 1);
    first = { beginning: either(first.beginning, next.beginning), end: next.end };
  }
  return first;
}

function readBranch(pattern: string, start: number): Read {
  let beginning = nothing;
  let end = start;
  while (end < pattern.length && pattern[end] !== "|" && pattern[end] !== ")") {
    const piece = readPiece(pattern, end);
    if (beginning.nothing) beginning = { ...either(beginning, piece.beginning), nothing: piece.beginning.nothing };
    end = piece.end;
  }
  return { beginning, end };
}

function readPiece(pattern: string, start: number): Read {
  const skipped = match(flagGroup, pattern, start) ?? match(anchor, pattern, start);
  if (skipped !== null) return { beginning: nothing, end: start + skipped.length };
  const opening = match(groupOpening, pattern, start);
  if (opening === null) return afterQuantifier(pattern, readAtom(pattern, start)).read;
  const inside = readBranches(pattern, start + opening.length);
  const { read, optional } = afterQuantifier(pattern, { ...inside, end: inside.end + 1 });
  return optional ? { ...read, beginning: { ...read.beginning, nothing: true } } : read;
}

/** One literal, class or escape. Also when it is optional (`/?admin`, `.*\/x`) it decides the form: it is no branch. */
function readAtom(pattern: string, start: number): Read {
  if (pattern.startsWith("\\Q", start)) return readQuoted(pattern, start);
  const escapedSlash = match(slashEscape, pattern, start);
  if (escapedSlash !== null) return { beginning: slash, end: start + escapedSlash.length };
  const atom =
    match(longEscape, pattern, start) ?? match(characterClass, pattern, start) ?? pattern.slice(start, start + 1);
  const isSlash = atom === "/" || atom === "[/]" || atom === "[\\/]";
  return { beginning: isSlash ? slash : other, end: start + atom.length };
}

function readQuoted(pattern: string, start: number): Read {
  const close = pattern.indexOf("\\E", start);
  const text = pattern.slice(start + 2, close === -1 ? pattern.length : close);
  const beginning = text === "" ? nothing : text.startsWith("/") ? slash : other;
  return { beginning, end: close === -1 ? pattern.length : close + 2 };
}

function afterQuantifier(pattern: string, read: Read): { readonly read: Read; readonly optional: boolean } {
  const text = match(quantifier, pattern, read.end);
  if (text === null) return { read, optional: false };
  return { read: { ...read, end: read.end + text.length }, optional: /^(?:[*?]|\{0+[,}])/.test(text) };
}

function either(a: Beginning, b: Beginning): Beginning {
  return { slash: a.slash || b.slash, other: a.other || b.other, nothing: a.nothing || b.nothing };
}

/** The text that a sticky expression matches at `start`. */
function match(expression: RegExp, text: string, start: number): string | null {
  expression.lastIndex = start;
  return expression.exec(text)?.[0] ?? null;
}
