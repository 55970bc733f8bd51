import { expect, test } from "bun:test";
import { cssReferences } from "../../src/page/css-references.ts";

test.each<[string, string, readonly string[]]>([
  ["url() without quotes", "a{b:url(x.png)}", ["x.png"]],
  ["url() with quotes and spaces", "a{b:url( \"x.png\" ) , url('y.png')}", ["x.png", "y.png"]],
  ["URL() in capitals", "a{b:URL(x.png)}", ["x.png"]],
  ["escapes", "a{b:url(x\\29.png) url('\\78.png')}", ["x).png", "x.png"]],
  ["an escaped name of the function", "a{b:\\75rl('x.png')}", ["x.png"]],
  ["@import of a string and of url()", '@import "a.css";@IMPORT url(b.css) screen;', ["@a.css", "@b.css"]],
  ["@import with conditions", '@import "a.css" layer(x) supports(b: url(c.png)) print;', ["@a.css"]],
  ["the source of a font", "@font-face{src:url(a.woff2) format('woff2'),url(b.woff)}", ["a.woff2", "b.woff"]],
  ["image-set()", "a{b:image-set('x.png' type('image/png') 1x, url(y.png) 2x)}", ["x.png", "y.png"]],
  ["custom properties", "a{--x:url(x.png)}", ["x.png"]],
  ["nested rules", "a{&:hover{b:url(x.png)}}@media print{c{d:url(y.png)}}", ["x.png", "y.png"]],
  ["what follows something broken", "a{b:c}}}}; ] ) d{e:url(x.png)}", ["x.png"]],
  ["a style attribute", "color:red;background:url(x.png)", ["x.png"]],
  ["fragments too", "a{mask:url(#m)}", ["#m"]],
  ["no strings that are text", 'a{content:"x.png"}a::before{content:counter(x, "y")}', []],
  ["no comments", "/* url(x.png) */", []],
  ["no namespaces", "@namespace url(http://www.w3.org/2000/svg);@namespace x 'y';", []],
  ["no charset", '@charset "utf-8";', []],
])("%s", (_, css, expected) => {
  const found = cssReferences(css);
  expect(found.map(({ url, isImport }) => (isImport ? `@${url}` : url))).toEqual([...expected]);
  for (const { start, end, form } of found) {
    expect(css.slice(start, end)).toMatch(form === "url" ? /^\S+\(.*\)$/ : /^(["']).*\1$/);
  }
});
