import { RE2JS, RE2JSException, RE2Set } from "re2js";
import { LullError } from "./error.ts";
import { type PatternForm, patternForm } from "./pattern-form.ts";

/** An RE2 expression that matches paths from their start, as Python's `re.match` does. */
export interface Pattern {
  readonly text: string;
  readonly form: PatternForm;
}

/** The positions, in order, of the patterns that match a canonical path. */
export type PatternMatcher = (path: string) => readonly number[];

const longestPattern = 1_000;
/** Instructions of one compiled pattern: `\pL{1000}` has 1,002. */
const largestProgram = 2_000;

/** No pattern covers a longer path: it bounds what a visitor can make a pattern cost. */
const longestMatchedPath = 1_024;

const bytesForAnySet = 65_536;
const bytesForEachPattern = 16_384;
const bytesAtMost = 33_554_432;

const none: readonly number[] = [];
const matchesNothing: PatternMatcher = () => none;

/** Paths that have nothing in common: what matches both exempts the whole site, or all but its front page. */
const probes = ["/0", "/\u{1f6d1}~/!x.y"];

/** What people who come from Python write, and what RE2 takes instead. The first part is what RE2 objects to. */
const advice: ReadonlyArray<readonly [RegExp, string]> = [
  [/^\\Z/, "RE2 has no \\Z: write \\z for the end of the path"],
  [/^\(\?<?[=!]/, "RE2 has no look-around: write a pattern of its own for each path that is meant"],
  [/^\\[1-9]|^\(\?P(?!<)/, "RE2 has no back-references: write the repeated part out"],
  [/^\\[uUN]/, "write the character itself, or \\x{e9} for its code point"],
  [/^\(\?>|^(?:[*+?]|\{\d+(?:,\d*)?\})\+$/, "RE2 never backtracks: leave atomic groups and possessive quantifiers out"],
  [/^\(\?#/, "RE2 has no comments: put it into the description"],
  [/^\(\?\(/, "RE2 has no conditions: write one pattern for each case"],
  [/^\(\?[a-zA-Z]/, "RE2 knows the flags i, m, s and U"],
];

/** Throws a LullError for what RE2 refuses and for what would not mean what it seems to. */
export function parsePattern(text: string): Pattern {
  const refuse = (why: string) => new LullError("refused", `the pattern "${text}" ${why}`);
  if (text === "")
    throw new LullError(
      "refused",
      'an empty pattern ("") matches every path: to open a site use the commands that open it',
    );
  if (text.length > longestPattern) {
    throw new LullError(
      "refused",
      `a pattern of ${text.length} characters is longer than ${longestPattern}: split it into several`,
    );
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what is looked for
  if (/[\0-\x1f\x7f]/.test(text) || !text.isWellFormed())
    throw refuse("holds control characters, and no exempt path does: leave them out");
  // RE2 takes this for the literal text, Python for a quantifier.
  const openQuantifier = /\{(,\d+)\}/.exec(text.replace(/\\.|\[[^\]]*\]/g, ""));
  if (openQuantifier !== null) throw refuse(`has "${openQuantifier[0]}": write "{0${openQuantifier[1]}}"`);
  const size = programSize(text, refuse);
  if (size > largestProgram)
    throw refuse(`is too large (${size} of at most ${largestProgram} instructions): write shorter repetitions`);
  const form = patternForm(text);
  if (form === null) {
    throw refuse('has branches with and without a leading "/": write two patterns, or begin every branch with "/"');
  }
  const matches = compilePatterns([text]);
  if (probes.every((path) => matches(path).length > 0)) {
    throw refuse(
      "matches every path: to open a site use the commands that open it, or write what the paths begin with",
    );
  }
  return { text, form };
}

function programSize(text: string, refuse: (why: string) => LullError): number {
  try {
    return RE2JS.compile(text).programSize();
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const [, reason = error.message, fragment = ""] =
      /^error parsing regexp: (.*?)(?:: `(.*)`)?$/su.exec(error.message) ?? [];
    const lookAround = /\(\?<?[=!]/.exec(text)?.[0];
    const objection = fragment.startsWith("(?<") ? (lookAround ?? fragment) : fragment;
    const instead = advice.find(([expression]) => expression.test(objection))?.[1];
    throw refuse(
      `is not valid RE2: ${instead ?? (fragment === "" || fragment === text ? reason : `${reason}: ${fragment}`)}`,
    );
  }
}

/**
 * One automaton, and a second one for what cannot be written for the path with its slash; compiled at the first path
 * that they see. What cannot be read matches nothing.
 * When the states of an automaton outgrow their memory, RE2Set throws them away and goes on, or falls back to a
 * slower simulation for that one path: the result is the same, and the time stays linear in the path.
 */
export function compilePatterns(texts: readonly string[]): PatternMatcher {
  let matchers: { readonly whole: PatternMatcher; readonly rest: PatternMatcher } | null = null;
  return (path) => {
    if (path.length > longestMatchedPath) return none;
    matchers ??= compileForms(texts);
    const first = matchers.whole(path);
    const second = matchers.rest === matchesNothing ? none : matchers.rest(path.slice(1));
    if (second.length === 0) return first;
    return first.length === 0 ? second : [...first, ...second].sort((a, b) => a - b);
  };
}

function compileForms(texts: readonly string[]) {
  const whole = new Map<number, string>();
  const rest = new Map<number, string>();
  texts.forEach((text, position) => {
    const form = text.length > longestPattern ? null : patternForm(text);
    if (form === null) return;
    const written = form === "with-slash" ? text : withSlash(text);
    if (written === null) rest.set(position, text);
    else whole.set(position, written);
  });
  return { whole: compileSet(whole, [...whole.keys()]), rest: compileSet(rest, [...rest.keys()]) };
}

/** The same pattern for the path with its slash, of the plainest forms (`admin/.*`, `^api/v\d+`); null: it is none of them. */
function withSlash(text: string): string | null {
  // Branches would need a group, and `^` or `\A` further on ask where the text begins: behind `[` a `^` does not.
  const isPlain = /^\^?[\w-][^|]*$/.test(text) && !/(?<!^|\[)\^|\\A/.test(text);
  return isPlain ? `/${text.startsWith("^") ? text.slice(1) : text}` : null;
}

function compileSet(texts: ReadonlyMap<number, string>, positions: readonly number[]): PatternMatcher {
  const memory = Math.min(bytesAtMost, bytesForAnySet + bytesForEachPattern * positions.length);
  const set = new RE2Set(RE2Set.ANCHOR_START, 0, memory);
  const added = positions.filter((position) => canAdd(set, texts.get(position) ?? ""));
  if (added.length === 0) return matchesNothing;
  try {
    set.compile();
  } catch (error) {
    // Together they are larger than one automaton may be; a single one never is.
    if (!(error instanceof RE2JSException) || added.length === 1) throw error;
    const middle = added.length >> 1;
    const front = compileSet(texts, added.slice(0, middle));
    const back = compileSet(texts, added.slice(middle));
    return (input) => [...front(input), ...back(input)];
  }
  // The syntax trees are not needed any more, and are half of the memory of a set.
  set.regexps.length = 0;
  return (input) => {
    const found = set.match(input);
    return found.length === 0 ? none : found.map((index) => added[index] ?? -1);
  };
}

function canAdd(set: RE2Set, text: string): boolean {
  try {
    if (text === "") return false;
    set.add(text);
    return true;
  } catch {
    // A row that was not written by `parsePattern`: it exempts nothing.
    return false;
  }
}
