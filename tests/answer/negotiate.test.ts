import { expect, test } from "bun:test";
import { negotiate } from "../../src/answer/negotiate.ts";

const browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

test.each([
  ["a browser gets the page", browser, null, "html"],
  ["who says nothing gets the page", null, null, "html"],
  ["wildcards ask for nothing in particular", "*/*", null, "html"],
  ["application/* neither", "application/*", null, "html"],
  ["who asks for JSON gets it", "application/json", null, "json"],
  ["in any case", "Application/JSON", null, "json"],
  ["a problem is JSON", "application/problem+json", null, "json"],
  ["so is any +json", "application/vnd.api+json", null, "json"],
  ["a fetch library's list is JSON", "application/json, text/plain, */*", null, "json"],
  ["parameters change nothing", "application/json; charset=utf-8; q=0.5", null, "json"],
  ["HTML that is preferred wins", "application/json;q=0.5, text/html", null, "html"],
  ["JSON that is preferred wins", "text/html;q=0.8, application/json", null, "json"],
  ["of two equals the first wins", "text/html, application/json", null, "html"],
  ["of two equals the first wins, JSON too", "application/json, text/html", null, "json"],
  ["q=0 means: not this one", "application/json;q=0", null, "html"],
  ["a broken quality counts as 1", "application/json;q=x", null, "json"],
  ["JSON in a longer word is none", "application/jsonish, text/json-seq", null, "html"],
  ["who sends JSON gets JSON", browser, "application/json", "json"],
  ["who sends JSON with parameters gets JSON", null, "application/json; charset=utf-8", "json"],
  ["who sends a form gets the page", null, "application/x-www-form-urlencoded", "html"],
  ["rubbish gets the page", ",;,;;q=,\u00ff", ";;", "html"],
] as const)("%s", (_, accept, contentType, format) => {
  expect(negotiate({ accept, contentType })).toBe(format);
});

test("a header of 64 KB is read in no time", () => {
  const started = performance.now();
  for (const part of ["application/json;", "a/b,", ";q=", " ", "+json", "application/a+"]) {
    negotiate({ accept: part.repeat(65_536 / part.length), contentType: part.repeat(10_000) });
  }
  expect(performance.now() - started).toBeLessThan(500);
});
