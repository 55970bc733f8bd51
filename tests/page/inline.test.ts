import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { addressOf } from "../../src/page/address.ts";
import { type InlinedPage, inlinePage } from "../../src/page/inline.ts";
import { pageReferences } from "../../src/page/references.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const outer = temporaryFolder();
const folder = outer.file("page");

const png = "data:image/png;base64,UE5H";
const svg = "data:image/svg+xml;base64,PHN2Zy8+";

beforeAll(async () => {
  for (const name of ["page/css", "page/deep", "common"]) await mkdir(outer.file(name), { recursive: true });
  const files: Readonly<Record<string, string>> = {
    "page/logo.png": "PNG",
    "page/a b.png": "PNG",
    "page/sign.svg": "<svg/>",
    "page/what": "?",
    "page/deep/x.png": "PNG",
    "page/deep/footer.eta": '<img src="logo.png"><img src="<%= it.mode %>.png">',
    "page/css/plain.css": "a{b:c}",
    "page/css/page.css": "@import 'inner.css' print;a{b:url(../logo.png)}",
    "page/css/inner.css": 'b{c:url("../sign.svg#x")}',
    "page/css/round.css": "@import 'other.css';",
    "page/css/other.css": "@import url(round.css);",
    "page/css/far.css": "a{b:url(//cdn.example/x.png)}",
    "page/css/end.css": "a{content:'</style><% x %>'}",
    "page/css/out.css": "a{b:url(../../common/logo.png)}",
    "page/run.js": "run(1 < 2)",
    "page/end.js": "run('</script>')",
    "page/tag.js": "run('<% x %>')",
    "page/open.js": "run('<!-- <script>')",
    "page/module.js": "import './run.js';",
    "common/logo.png": "PNG",
    "page/latin.css": "",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(outer.file(name), text);
  await writeFile(join(folder, "latin.css"), new Uint8Array([0xe4, 0x7b]));
  await writeFile(join(folder, "huge.png"), new Uint8Array(1_048_577));
  await symlink(outer.file("common/logo.png"), join(folder, "link.png"));
  await symlink(join(folder, "logo.png"), join(folder, "near.png"));
});
afterAll(() => outer.remove());

function inline(text: string, name = "503.html"): Promise<InlinedPage> {
  return inlinePage({ path: join(folder, name), text, root: null });
}

test.each([
  ["a picture", '<img src="logo.png">', `<img src="${png}">`],
  ["a picture without quotes", "<img src=logo.png alt>", `<img src="${png}" alt>`],
  ["a name with a space and a query", "<img src='a%20b.png?v=1'>", `<img src="${png}">`],
  ["a way through folders", '<img src="css/../deep/./x.png">', `<img src="${png}">`],
  ["a link that stays in the folder", '<img src="near.png">', `<img src="${png}">`],
  ["a fragment", '<img src="sign.svg#x">', `<img src="${svg}#x">`],
  [
    "srcset",
    '<img srcset="logo.png, https://a.example/b.png 2x">',
    `<img srcset="${png}, https://a.example/b.png 2x">`,
  ],
  ["an icon", '<link rel="icon" href="sign.svg" sizes="any">', `<link rel="icon" href="${svg}" sizes="any">`],
  ["a style", "<style>a{b:url(logo.png) url('logo.png')}</style>", `<style>a{b:url(${png}) url('${png}')}</style>`],
  ["a style attribute", '<p style="b:url(logo.png)">', `<p style="b:url(${png})">`],
  ["one with entities", '<p style="b:url(&quot;logo.png&quot;)">', `<p style="b:url(&quot;${png}&quot;)">`],
  ["what is loaded ahead", '<link rel="preload" as="image" href="logo.png"><p>', "<p>"],
  [
    "a stylesheet",
    '<link rel="stylesheet" media="print" href="css/plain.css" integrity="x" type="text/css">',
    '<style media="print">a{b:c}</style>',
  ],
  ["a stylesheet, as XML writes it", '<link rel="stylesheet" href="css/plain.css"/>', "<style/>a{b:c}</style>"],
  [
    "a stylesheet among others",
    '<link rel="alternate stylesheet" href="css/plain.css">',
    `<link rel="alternate stylesheet" href="data:text/css;charset=utf-8;base64,${btoa("a{b:c}")}">`,
  ],
  [
    "a stylesheet with a stylesheet",
    "<link rel=stylesheet href=css/page.css>",
    `<style>@import 'data:text/css;charset=utf-8;base64,${btoa(`b{c:url("${svg}#x")}`)}' print;a{b:url(${png})}</style>`,
  ],
  [
    "a stylesheet that would end its element",
    "<link rel=stylesheet href=css/end.css>",
    "<style>a{content:'<\\/style><% x %>'}</style>",
  ],
  ["a script", '<script src="run.js" integrity=x></script>', "<script>run(1 < 2)</script>"],
  ["a module", '<script type="module" src="run.js"></script>', '<script type="module">run(1 < 2)</script>'],
  [
    "a script that waits",
    '<script src="run.js" defer></script>',
    `<script src="data:text/javascript;charset=utf-8;base64,${btoa("run(1 < 2)")}" defer></script>`,
  ],
  ...["end.js", "open.js"].map((name) => [
    `a script that would end its element: ${name}`,
    `<script src="${name}"></script>`,
    `<script src="data:text/javascript;charset=utf-8;base64,${btoa(
      name === "end.js" ? "run('</script>')" : "run('<!-- <script>')",
    )}"></script>`,
  ]),
])("packs %s", async (_, text = "", expected = "") => {
  const { page, left } = await inline(text);
  expect(page).toBe(expected);
  const local = pageReferences(page).filter(({ url }) => addressOf(url).kind === "local");
  expect({ local, left: left.filter(({ kind }) => kind !== "external") }).toEqual({ local: [], left: [] });
});

describe("leaves everything else as it is", () => {
  test.each([
    [
      "broken markup, CR LF, a byte order mark",
      '\ufeff<p CLASS = a>\r\n<b><i></b>\t<!-- <img src="logo.png"> -->&amp;<',
    ],
    ["links", '<a href="logo.png">x</a>'],
    ["what is in the page already", `<img src="${png}"><svg><use href="#x"/></svg>`],
  ])("%s", async (_, text) => {
    const { page, left } = await inline(text);
    expect({ page, left }).toEqual({ page: text, left: [] });
  });

  test("and names what is asked for all the same", async () => {
    const text =
      '<img src="//cdn.example/x.png"><iframe src="logo.png"></iframe><script src="module.js" type="module"></script>' +
      '<link rel="stylesheet" href="css/far.css"><form action="/x"></form>';
    const { page, left } = await inline(text);
    expect(page).toBe(
      text.replace('<link rel="stylesheet" href="css/far.css">', "<style>a{b:url(//cdn.example/x.png)}</style>"),
    );
    expect(left.map(({ where, url, kind }) => `${where} ${url} ${kind}`)).toEqual([
      "<img src> //cdn.example/x.png external",
      "<iframe src> logo.png local",
      "<script src> module.js local",
      "url() in <style> //cdn.example/x.png external",
    ]);
  });
});

describe("a template", () => {
  test("keeps its tags byte for byte", async () => {
    const tags = [
      "<% if (it.end <b) { %>\r\n",
      "<%= `%>$" + "{'\"'}` %>",
      '<%/* <img src="logo.png"> */%>',
      "<%~ include('./part') %>",
    ];
    const text = `<head>${tags[0]}<title>${tags[1]}</title><body style="width:${tags[1]};b:url(logo.png)" ${tags[2]}>
<link rel="stylesheet" ${tags[1]} href="css/plain.css"><img src="logo.png" ${tags[2]} alt='${tags[1]}'>${tags[3]}<% } %>`;
    const { page, left } = await inline(text, "503.eta");
    expect(page).toBe(
      text
        .replace("url(logo.png)", `url(${png})`)
        .replace('<link rel="stylesheet"', "<style")
        .replace(' href="css/plain.css">', ">a{b:c}</style>")
        .replace('<img src="logo.png" ', `<img src="${png}" `),
    );
    expect(left).toEqual([]);
  });

  test("gets none from what is packed into it", async () => {
    const text = '<link rel="stylesheet" href="css/end.css"><script src="tag.js"></script>';
    const { page } = await inline(text, "503.eta");
    expect(page).not.toContain("<%");
    expect(page).toContain("<\\/style><\\% x %>");
  });

  test("is left alone where it makes an address itself", async () => {
    const text = '<img src="<%= it.x %>.png" srcset="logo.png, <%= it.x %> 2x">';
    const { page, left } = await inline(text, "503.eta");
    expect(page).toBe(text);
    expect(left.map(({ url, kind }) => `${url} ${kind}`)).toContain("<%= it.x %>.png computed");
  });

  test("names what the files that it includes ask for", async () => {
    const text = '<img src="logo.png"><%~ include("deep/footer") %>';
    const { page, left } = await inline(text, "503.eta");
    expect(page).toBe(text.replace("logo.png", png));
    const file = join(folder, "deep/footer.eta");
    expect(left).toEqual([
      { file, where: "<img src>", url: "logo.png", kind: "local" },
      { file, where: "<img src>", url: "<%= it.mode %>.png", kind: "computed" },
    ]);
    expect((await inline(text, "503.html")).left).toEqual([]);
  });
});

describe("refuses in one line", () => {
  test.each([
    ["what is not there", '<p>\n<img src="gone.png">', '503.html:2: <img> "gone.png": there is no file'],
    ["what is no file", '<img src="deep">', "there is no file"],
    ["a way out of the folder", '<img src="../common/logo.png">', "is outside of"],
    ["an encoded way out", '<img src="%2e%2e/common/logo.png">', "is outside of"],
    ["a way out with backslashes", '<img src="..\\common\\logo.png">', "is outside of"],
    ["a way out of a stylesheet", '<link rel="stylesheet" href="css/out.css">', "is outside of"],
    ["a link out of the folder", '<img src="link.png">', "is outside of"],
    ["an address from the root", '<img src="/logo.png">', "--root"],
    ["what is too large", '<img src="huge.png">', "has 1048577 bytes"],
    ["what nobody knows", '<img src="what">', "does not say what it is"],
    ["a stylesheet that imports itself", '<link rel="stylesheet" href="css/round.css">', "imports itself"],
    ["a stylesheet that is not UTF-8", '<link rel="stylesheet" href="latin.css">', "not UTF-8"],
    ["another base", '<base href="/x/"><img src="logo.png">', "<base href>"],
  ])("%s", async (_, text, message) => {
    const refusal = await inline(text).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ name: "LullError", kind: "refused", message: expect.stringContaining(message) });
    expect(String(refusal)).not.toContain("\n");
  });
});

test("names all that it refuses, a line each and once", async () => {
  const text = `<img src="gone.png" srcset="none.png, what 2x"><style>a{b:url(lost.png) url(/root.png)}</style>
<p style="b:url(../x.png)"><link rel="stylesheet" href="css/out.css"><link rel="stylesheet" href="css/out.css">
<script src="huge.png"></script><img src="logo.png">`;
  const refusal = await inline(text).catch((error: unknown) => error);
  const lines = (refusal instanceof Error ? refusal.message : "").split("\n");
  expect(lines).toEqual([
    expect.stringContaining('503.html:1: <img> "gone.png"'),
    expect.stringContaining('503.html:1: <img> "none.png"'),
    expect.stringContaining('503.html:1: <img> "what"'),
    expect.stringContaining('503.html:1: <style> "lost.png"'),
    expect.stringContaining('503.html:1: <style> "/root.png"'),
    expect.stringContaining('503.html:2: <p> "../x.png"'),
    expect.stringContaining('out.css: "../../common/logo.png"'),
    expect.stringContaining('503.html:3: <script> "huge.png"'),
  ]);
});

describe("a wider root", () => {
  const inRoot = (text: string) => inlinePage({ path: join(folder, "503.html"), text, root: outer.path });

  test.each([["../common/logo.png"], ["/common/logo.png"], ["link.png"]])("lets %s in", async (url) => {
    expect((await inRoot(`<img src="${url}">`)).page).toBe(`<img src="${png}">`);
  });

  test.each([["../../etc/hostname"], ["/../etc/hostname.png"], ["/common/../../x.png"]])(
    "does not let %s in",
    async (url) => {
      await expect(inRoot(`<img src="${url}">`)).rejects.toThrow("is outside of");
    },
  );
});
