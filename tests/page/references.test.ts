import { describe, expect, test } from "bun:test";
import { addressOf } from "../../src/page/address.ts";
import { pageReferences } from "../../src/page/references.ts";
import { maskTemplate } from "../../src/page/template-mask.ts";

const external = "https://cdn.example/x";

/** Everything in which a page names `external`. */
test.each<[string, string]>([
  ["img src", `<img src="${external}">`],
  ["img src without quotes", `<img src=${external}>`],
  ["IMG SRC in capitals", `<IMG SRC='${external}'>`],
  ["an address with entities", '<img src="https&colon;//cdn.example/x">'],
  ["img srcset", `<img srcset="a.png 1x,${external} 2x">`],
  ["source srcset", `<picture><source srcset="${external}"></picture>`],
  ["source src", `<video><source src="${external}"></video>`],
  ["video poster", `<video poster="${external}"></video>`],
  ["video src", `<video src="${external}"></video>`],
  ["audio src", `<audio src="${external}"></audio>`],
  ["track src", `<video><track src="${external}"></video>`],
  ["input src", `<input type="image" src="${external}">`],
  ["iframe src", `<iframe src="${external}"></iframe>`],
  ["iframe srcdoc", `<iframe srcdoc="<img src='${external}'>"></iframe>`],
  ["embed src", `<embed src="${external}">`],
  ["object data", `<object data="${external}"></object>`],
  ["script src", `<script src="${external}"></script>`],
  ["an import in a script", `<script type="module">import x from "${external}";</script>`],
  ["a dynamic import", `<script>import("${external}")</script>`],
  ["link stylesheet", `<link rel="stylesheet" href="${external}">`],
  ["link alternate stylesheet", `<link rel="alternate StyleSheet" href="${external}">`],
  ["link icon", `<link rel="shortcut icon" href="${external}">`],
  ["link apple-touch-icon", `<link rel="apple-touch-icon" href="${external}">`],
  ["link preload", `<link rel="preload" as="font" href="${external}">`],
  ["link imagesrcset", `<link rel="preload" as="image" imagesrcset="${external} 2x">`],
  ["link preconnect", `<link rel="preconnect" href="${external}">`],
  ["link dns-prefetch", `<link rel="dns-prefetch" href="${external}">`],
  ["link modulepreload", `<link rel="modulepreload" href="${external}">`],
  ["link manifest", `<link rel="manifest" href="${external}">`],
  ["base href", `<base href="${external}">`],
  ["meta refresh", `<meta http-equiv="refresh" content="3; url=${external}">`],
  ["meta refresh with quotes and without url", `<meta http-equiv="Refresh" content="0;'${external}'">`],
  ["form action", `<form action="${external}"></form>`],
  ["button formaction", `<button formaction="${external}">x</button>`],
  ["svg image", `<svg><image href="${external}"/></svg>`],
  ["svg image with xlink", `<svg><image xlink:href="${external}"/></svg>`],
  ["svg use", `<svg><use href="${external}#a"/></svg>`],
  ["svg fill", `<svg><path fill="url(${external})"/></svg>`],
  ["a style attribute", `<p style="background:url(${external})">`],
  ["a style attribute with entities", `<p style="background:url(&quot;${external}&quot;)">`],
  ["a style element", `<style>p { background: url("${external}") }</style>`],
  ["a style element in svg", `<svg><style>p { background: url(${external}) }</style></svg>`],
  ["@import", `<style>@import "${external}";</style>`],
  ["@font-face", `<style>@font-face { src: url(${external}) }</style>`],
  ["a stylesheet in an address", `<link rel="stylesheet" href="data:text/css,a{b:url(${external})}">`],
  [
    "an imported stylesheet in an address",
    `<style>@import "data:text/css;base64,${btoa(`@import '${external}'`)}";</style>`,
  ],
  ["noscript", `<noscript><img src="${external}"></noscript>`],
  ["noscript in the head", `<head><noscript><link rel="stylesheet" href="${external}"></noscript></head>`],
  ["a template element", `<template><img src="${external}"></template>`],
  ["what stands in a table where it must not", `<table><img src="${external}"><tr><td></table>`],
  ["what stands after the end", `</body></html><img src="${external}">`],
  ["what stands in an element that nobody closes", `<div><p><b><img src="${external}"`.concat(">")],
])("%s is found", (_, page) => {
  const found = pageReferences(page).filter(({ url }) => url.startsWith(external));
  expect(found).toHaveLength(1);
  expect(found.map(({ offset }) => page.charAt(offset) !== "")).toEqual([true]);
});

test.each([
  ["a link that visitors follow", `<a href="${external}">x</a><area href="${external}">`],
  [
    "a link that says where else the page is",
    `<link rel="canonical" href="${external}"><link rel="alternate" href="${external}">`,
  ],
  ["what search engines read", `<meta property="og:image" content="${external}">`],
  ["a refresh without an address", '<meta http-equiv="refresh" content="30">'],
  ["text", `<p>${external} src="${external}" url(${external})</p>`],
  ["a title", `<title><img src="${external}"></title>`],
  ["a comment", `<!-- <img src="${external}"> <style>url(${external})</style> -->`],
  ["text in a script", `<script>const x = '<img src="${external}">';</script>`],
  ["data in a script", `<script type="application/json">{"import":"${external}"}</script>`],
  ["text in a textarea", `<textarea><img src="${external}"></textarea>`],
  ["an attribute that means nothing", `<img data-src="${external}" title="${external}">`],
  ["a name without an address in an import", '<script type="module">import x from "lit";</script>'],
])("%s is none", (_, page) => {
  expect(pageReferences(page)).toEqual([]);
});

test("offsets are those of the text, after a byte order mark and with CR LF", () => {
  const page =
    '\ufeff<!doctype html>\r\n<style>\r\na { b: url(x.png) }</style>\r\n<body background=z.png><img alt\r\nsrc="y.png">';
  const places = pageReferences(page).map(({ offset }) => page.slice(offset, offset + 6));
  expect(places).toEqual(["url(x.", "backgr", 'src="y']);
});

test("a template's tags do not hide what is around them", () => {
  const page =
    '<head><% if (it.end < 3) { %><title>x</title><% } %></head><body background="a.png"><img src="b<%= c %>">';
  const found = pageReferences(maskTemplate(page));
  expect(found.map(({ where, url }) => [where, addressOf(url).kind])).toEqual([
    ["<body background>", "local"],
    ["<img src>", "computed"],
  ]);
});

describe("an address", () => {
  test.each<[string, string]>([
    ["https://a.example/x", "external"],
    ["HTTP://a.example", "external"],
    ["//a.example/x", "external"],
    ["\\\\a.example\\x", "external"],
    ["/\\a.example", "external"],
    [" \n//a.example", "external"],
    ["h\nttps://a.example", "external"],
    ["https:a.example", "external"],
    ["ftp://a.example", "external"],
    ["file:///etc/passwd", "external"],
    ["logo.png", "local"],
    ["./logo.png?v=1#x", "local"],
    ["../logo.png", "local"],
    ["/logo.png", "local"],
    ["?x", "local"],
    ["a:b/../logo.png", "external"],
    ["./a:b.png", "local"],
    ["", "inside"],
    ["#top", "inside"],
    ["data:image/png;base64,AA==", "inside"],
    ["mailto:a@b.example", "inside"],
    ["about:blank", "inside"],
    ["/.lull/up", "inside"],
  ])("%j is %s", (url, kind) => {
    expect<string>(addressOf(url).kind).toBe(kind);
  });

  test("of a local file is decoded, without query and fragment", () => {
    expect(addressOf("a%20b\\c.png?x=/y#z?")).toEqual({ kind: "local", path: "a b/c.png", fragment: "#z?" });
    expect(addressOf("100%.png")).toMatchObject({ path: "100%.png" });
  });
});
