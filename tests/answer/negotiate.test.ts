import { expect, test } from "bun:test";
import { chooseForm } from "../../src/answer/negotiate.ts";
import { askedWith } from "./answer-builders.ts";

// What each list gets is in answer-vectors.ts.

test("lists of 64 KB are read in no time", () => {
  const started = performance.now();
  for (const part of [
    "a/b,",
    "a/b;q=",
    ";",
    ",",
    '"',
    "application/",
    "a/b+json,",
    ' ;a="',
    ";a=b",
    "\\",
    'application/json;a="\\"',
  ]) {
    const list = part.repeat(65_536 / part.length);
    chooseForm(askedWith({ Accept: list, "Content-Type": list }), "GET");
  }
  expect(performance.now() - started).toBeLessThan(500);
});

test.each([
  [
    "types of XML",
    (index: number) => Array.from({ length: 120 }, (_, at) => `application/a${index}x${at}+xml`).join(","),
  ],
  [
    "types of JSON with weights",
    (index: number) => Array.from({ length: 90 }, (_, at) => `a/b${index}x${at};q=0.${at}`).join(","),
  ],
  ["wildcards", (index: number) => `${"*/*,".repeat(500)}${index}`],
])("a list of many %s costs no more than a few, though it is another each time", (_, list) => {
  const started = performance.now();
  for (let index = 0; index < 300; index++) chooseForm(askedWith({ Accept: list(index) }), "GET");
  // 5 ms each before it was bounded.
  expect(performance.now() - started).toBeLessThan(500);
});

test("what is kept does not depend on who asked first", () => {
  const accept = { Accept: "text/event-stream, */*;q=0.1" };
  const script = { "X-Requested-With": "XMLHttpRequest" };
  for (let time = 0; time < 2; time++) {
    expect(chooseForm(askedWith(accept), "GET")).toBe("event-stream");
    expect(chooseForm(askedWith(accept), "POST")).toBe("text");
    expect(chooseForm(askedWith({ ...accept, ...script }), "POST")).toBe("json");
  }
});

test("more lists than are kept change nothing", () => {
  for (let count = 0; count < 3_000; count++) {
    expect(chooseForm(askedWith({ Accept: `application/json, x/${count}` }), "GET")).toBe("json");
  }
});
