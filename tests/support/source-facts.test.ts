import { describe, expect, test } from "bun:test";
import { sourceFacts } from "./source-facts.ts";

const TEMPLATE = ["const t = `a $", "{b.map((c) => `$", "{{ d: c }.d} as X`)} as Y`; import ", '"after";'].join("");

describe("what a source file imports", () => {
  test.each([
    ["by name", 'import { a, type b as c } from "x"', ["x"]],
    ["types alone", 'import type { A } from "x"; import type * as B from "y";', ["x", "y"]],
    ["for its effect", 'import "x"', ["x"]],
    ["with attributes", 'import text from "x" with { type: "text" };', ["x"]],
    ["when it runs", 'const a = await import("x"); type B = typeof import("y");', ["x", "y"]],
    ["as CommonJS", 'const a = require("x");', ["x"]],
    [
      "to pass it on",
      'export * from "x"; export * as y from "y"; export { z } from "z"; export type { A } from "a";',
      [..."xyza"],
    ],
    ["not in text and comments", `const a = 'import "x"'; // import "y"\n/* import "z" */`, []],
    ["not in a regular expression", 'const a = b.match(/["\'`/]/); import "x"', ["x"]],
    ["not its own address or a name", "import.meta.url; a.import; export { a as b }; export const from = 1;", []],
    ["after a template", TEMPLATE, ["after"]],
  ])("%s", (_, source, modules) => {
    expect(sourceFacts(source).imports.map(({ module }) => module)).toEqual(modules);
  });
});

describe("casts", () => {
  test.each([
    ["a name", "\nconst a = b as C;", [2]],
    ["a call, an index, an object, a string", "a() as B;\na[0] as B;\n({}) as B;\n'x' as B;", [1, 2, 3, 4]],
    ["to unknown and on", "a as unknown as B", [1, 1]],
    ["to an object type, a tuple, a function", "a as { b: C };\na as [B];\na as (b: C) => D;", [1, 2, 3]],
    ["inside a template", "`$".concat("{a as B}`"), [1]],
    ["not const", "const a = [1] as const;", []],
    [
      "not renames",
      'import { a as b } from "x"; import * as c from "y"; export { d as e }; export * as f from "z";',
      [],
    ],
    ["not names", "a.as(1); const { as } = b; const d = { as: 1 }; as(1);", []],
    ["not words", 'const a = "b as C"; // as D', []],
  ])("%s", (_, source, lines) => {
    expect(sourceFacts(source).castLines).toEqual(lines);
  });
});

test("default exports", () => {
  expect(sourceFacts("export default 1").hasDefaultExport).toBe(true);
  expect(sourceFacts('import a from "x"; export const b = 1;').hasDefaultExport).toBe(false);
});
