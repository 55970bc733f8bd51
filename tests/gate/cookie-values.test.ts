import { expect, test } from "bun:test";
import { cookieValues } from "../../src/gate/cookie-values.ts";

test.each<[string, string, readonly string[]]>([
  ["one alone", "a=1", ["1"]],
  ["one among others", "b=2; a=1; c=3", ["1"]],
  ["without the space that browsers send", "b=2;a=1;c=3", ["1"]],
  ["with tabs and spaces around it", "b=2; \t a=1 \t; c=3", ["1"]],
  ["an empty one", "a=", [""]],
  ["one with = in it", "a=1=2=", ["1=2="]],
  ["the first two of three", "a=1; a=2; a=3", ["1", "2"]],
  ["two around one that is too long", "a=1; a=1234567890; a=2", ["1", "2"]],
  ["none in a longer name", "xa=1; a2=1; a =1", []],
  ["none in another's value", "b=a=1; b=x a=1", []],
  ["none in other letters", "A=1", []],
  ["none behind more white space than anybody sends", `b=2;${" ".repeat(20)}a=1`, []],
  ["none in nothing", "", []],
])("finds %s", (_, header, values) => {
  expect(cookieValues(header, "a", 8)).toEqual(values);
});
