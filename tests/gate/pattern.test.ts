import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { RE2JS, RE2JSException, RE2Set } from "re2js";
import { compilePatterns, parsePattern } from "../../src/gate/pattern.ts";
import { patternForm } from "../../src/gate/pattern-form.ts";

describe("parsePattern", () => {
  test.each<[string, string, "with-slash" | "without-slash" | null]>([
    ["no slash", "^admin", "without-slash"],
    ["a slash", "/admin", "with-slash"],
    ["a slash behind ^", "^/admin", "with-slash"],
    ["a slash behind \\A", "\\A/admin", "with-slash"],
    ["a slash behind flags", "(?i)^/admin", "with-slash"],
    ["a slash behind ^ and flags", "^(?i)/admin", "with-slash"],
    ["a slash inside scoped flags", "(?i:/admin)", "with-slash"],
    ["a slash inside groups", "^((?:(?P<a>/admin)))", "with-slash"],
    ["a slash in every branch", "^(/a|/b)$", "with-slash"],
    ["a slash in every branch outside groups", "^/a|^/b", "with-slash"],
    ["an escaped slash", "^\\/admin", "with-slash"],
    ["a slash as a class", "^[/]admin", "with-slash"],
    ["a slash as a code", "^\\x2Fadmin", "with-slash"],
    ["a quoted slash", "^\\Q/a.b\\E", "with-slash"],
    ["an optional slash", "^/?admin", "with-slash"],
    ["a group that is optional before a slash", "^(/en)?/page", "with-slash"],
    ["a slash later on", "a/b", "without-slash"],
    ["a dot before a slash", ".*/print$", "without-slash"],
    ["a class with more than a slash", "[/a]b", "without-slash"],
    ["a negated slash", "[^/]+/x", "without-slash"],
    ["no literal", "^$", "without-slash"],
    ["a bar inside a class", "^[a|/]b", "without-slash"],
    ["a bracket inside a class", "^[]/]x|b", "without-slash"],
    ["a bar that is escaped", "^/a\\|b", "with-slash"],
    ["a group that is optional before no slash", "(en/)?page", "without-slash"],
    ["branches that differ", "^(/a|b)$", null],
    ["branches that differ outside groups", "/a|b", null],
    ["a branch that is empty", "^(|/a)b$", null],
    ["a branch of the front page", "^$|^/a", null],
    ["a group that is optional before something else", "(/en)?page", null],
  ])("%s", (_sentence, text, form) => {
    expect(patternForm(text)).toBe(form);
    if (form === null) expect(() => parsePattern(text)).toThrow("branches with and without");
    else expect(parsePattern(text)).toEqual({ text, form });
  });

  test.each<[string, string, string]>([
    ["an empty pattern", "", "matches every path"],
    ["an open group", "^(", "missing closing )"],
    ["an open class", "^[", "missing closing ]"],
    ["\\Z", "^a\\Z", "write \\z"],
    ["a look-ahead", "^(?!admin)", "no look-around"],
    ["a positive look-ahead", "^a(?=b)", "no look-around"],
    ["a look-behind", "a(?<!b)c", "no look-around"],
    ["a back-reference", "^(a)\\1", "no back-references"],
    ["a named back-reference", "^(?P<n>a)(?P=n)", "no back-references"],
    ["Python's escape for a code point", "^caf\\u00e9", "\\x{e9}"],
    ["a possessive quantifier", "^a++b", "never backtracks"],
    ["an atomic group", "^(?>a)", "never backtracks"],
    ["a comment", "^a(?#b)", "no comments"],
    ["a condition", "^(a)?(?(1)b|c)", "no conditions"],
    ["Python's verbose flag", "(?x)a b", "knows the flags"],
    ["a quantifier without a minimum", "^a{,3}", 'write "{0,3}"'],
    ["a repetition that is too long", "^a{1001}", "invalid repeat count"],
    ["a program that is too large", "^(?:[a-z]{900}x){1}[0-9]{900}y{900}", "too large"],
    ["a text that is too long", "a".repeat(1_001), "split it"],
    ["a line break", "^a\nb", "control characters"],
    ["a pattern for everything", "", "matches every path"],
    ["any text", ".*", "matches every path"],
    ["the start alone", "^", "matches every path"],
    ["the slash alone", "^/", "matches every path"],
    ["a branch that is left empty", "docs|", "matches every path"],
    ["something that need not be there", "a*", "matches every path"],
    ["everything but the front page", ".", "matches every path"],
    ["the same with a slash", "^/.", "matches every path"],
  ])("refuses %s", (_sentence, text, message) => {
    expect(() => parsePattern(text)).toThrow(message);
  });

  test("takes what only looks like Python's", () => {
    for (const text of ["^a\\\\Z", "^[{,3}]", "^\\(\\?=", "^a{2,3}?", "^a{b}"])
      expect(parsePattern(text).text).toBe(text);
  });
});

describe("compilePatterns", () => {
  test.each<[string, string, string, boolean]>([
    ["matches from the start", "admin", "/admin/x", true],
    ["does not search", "admin", "/x/admin", false],
    ["searches when asked", ".*admin", "/x/admin", true],
    ["respects the end", "^a/$", "/a/b", false],
    ["\\z is the end", "^a\\z", "/a", true],
    ["\\w is ASCII", "^\\w+$", "/café", false],
    ["letters of all scripts are \\pL", "^\\pL+$", "/café", true],
    ["a dot is one character, not one byte", "^caf.$", "/café", true],
    ["also beyond the first plane", "^.$", "/😀", true],
    ["case matters", "^api", "/API", false],
    ["unless it shall not", "(?i)^api", "/API", true],
    ["also beyond ASCII", "(?i)^CAFÉ$", "/café", true],
    ["one pattern's flags are not the next one's", "^(?:(?i)a)b", "/Ab", true],
  ])("%s", (_sentence, text, path, matches) => {
    expect(compilePatterns([text])(path)).toEqual(matches ? [0] : []);
    expect(compilePatterns(["^never", "(?i)^NEVER", text])(path)).toEqual(matches ? [2] : []);
  });

  test("finds every pattern that matches, of both forms, in order", () => {
    expect(compilePatterns(["^/a", "a", "^b", "^/a/b$", ".*b$"])("/a/b")).toEqual([0, 1, 3, 4]);
  });

  test("what cannot be read matches nothing, and disturbs nothing", () => {
    const texts = ["^(", "", "(/a|b)", "(".repeat(100_000), "^a"];
    expect(compilePatterns(texts)("/a")).toEqual([4]);
    expect(compilePatterns([])("/a")).toEqual([]);
  });

  test("patterns that are too large for one automaton are spread over several", () => {
    const texts = Array.from({ length: 1_560 }, (_, index) => `^x${index}[a-c]{450}[d-f]{450}$`);
    const path = `/x1559${"a".repeat(450)}${"d".repeat(450)}`;
    expect(compilePatterns(texts.map(() => "^x"))(path)).toHaveLength(1_560);
    expect(compilePatterns(texts)(path)).toEqual([1_559]);
  });

  test("a path of more than 1,024 characters is covered by none, so that a long one cannot be made dear", () => {
    const matches = compilePatterns(["^a", "^/a"]);
    expect(matches(`/${"a".repeat(1_023)}`)).toEqual([0, 1]);
    expect(matches(`/${"a".repeat(1_024)}`)).toEqual([]);
  });
});

const part = fc.oneof(
  { arbitrary: fc.constantFrom("a", "b", "/", "é", "K", "\\.", "-"), weight: 6 },
  { arbitrary: fc.constantFrom(".", "[ab]", "[^/]", "\\w", "\\d", "\\pL", "\\W", "(?i)k"), weight: 3 },
  { arbitrary: fc.constantFrom("^", "$", "\\z", "\\b", "\\B", "\\A", "(?i)", "(?m)^", "(?m)$"), weight: 2 },
);
const patternText = fc.letrec<{ expression: string; piece: string }>((tie) => ({
  expression: fc.array(tie("piece"), { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join("")),
  piece: fc.oneof(
    { maxDepth: 2 },
    part,
    fc.tuple(part, fc.constantFrom("*", "+", "?", "{2}", "{1,3}")).map(([inner, repeat]) => `(?:${inner})${repeat}`),
    fc.tuple(tie("expression"), tie("expression")).map(([left, right]) => `(${left}|${right})`),
    tie("expression").map((inner) => `(?:${inner})?`),
  ),
})).expression;
const input = fc
  .array(fc.constantFrom("a", "b", "/", "é", "k", "K", "\u212a", ".", "-", "1", "😀"), { maxLength: 12 })
  .map((all) => all.join(""));

describe("RE2Set and single expressions agree", () => {
  test.each<[string, number]>([
    ["with room for all states", 8_388_608],
    ["when the states are thrown away again and again", 1_500],
    ["when there is no room for a state", 0],
  ])("%s", (_sentence, bytes) => {
    fc.assert(
      fc.property(
        fc.array(patternText, { minLength: 1, maxLength: 6 }),
        fc.array(input, { minLength: 1, maxLength: 4 }),
        (texts, inputs) => {
          const set = new RE2Set(RE2Set.ANCHOR_START, 0, bytes);
          const singles = texts.filter(isRe2).map((text) => {
            set.add(text);
            return RE2JS.compile(text);
          });
          for (const text of inputs) {
            const expected = singles.flatMap((single, index) => (single.matcher(text).lookingAt() ? [index] : []));
            expect(set.match(text)).toEqual(expected);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

function isRe2(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch (error) {
    if (error instanceof RE2JSException) return false;
    throw error;
  }
}
