import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import { checkPage } from "../../src/page/check-page.ts";
import { checkFiles, checkPages } from "../../src/page/check-pages.ts";
import { checkedFolder, checkMeans, goodHead } from "./checked-folder.ts";

const pages = checkedFolder();
const { folder, put, check } = pages;

beforeEach(() => pages.empty());
afterAll(() => pages.remove());

test("a good page is fine", async () => {
  expect(await check("503.html", `${goodHead}<p>Back soon <a href="https://status.example">status</a>`)).toEqual([]);
  expect(await check("503.eta", `${goodHead}<p><%= it.message %> <%= it.site.name %>`)).toEqual([]);
});

test.each<[string, string, readonly RegExp[]]>([
  [
    "an address on another server",
    '\n<img src="https://cdn.example/x.png">',
    [/^2 error .*<img src> "https.*another server/],
  ],
  ["a script of another server", "\n\n<script src=//cdn.example/x.js></script>", [/^3 error .*runs a script/]],
  ["a font", "<style>@font-face{\nsrc:url(https://fonts.example/x)}</style>", [/^2 error url\(\) in <style>/]],
  [
    "a file beside the page",
    '<img src="here.png">',
    [/^1 error .*the site, which is closed; "lull page inline" packs/],
  ],
  ["a file that is not there", '<img src="gone.png">', [/^1 error .*there is no file .*gone\.png; put it there/]],
  ["a file outside of the folder", '<img src="../x.png">', [/^1 error .*outside of the page's folder/]],
  ["an address from the root", '<img src="/x.png">', [/^1 error .*--root/]],
  ["a frame", '<iframe src="x.html"></iframe>', [/^1 error .*<iframe src>.*take it out/]],
  [
    "a server that is asked ahead",
    '<link rel="preconnect" href="https://x.example">',
    [/^1 error .*asks another server/],
  ],
  ["another base", '<base href="/x/">', [/^1 error .*<base href>.*take it out/]],
  ["a form to this site", '<form action="/search"></form>', [/^1 warning .*it is lost/]],
  ["a form to another site", '<form action="https://x.example"></form>', [/^1 hint .*another server/]],
  [
    "a way to another address",
    '<meta http-equiv="refresh" content="1;url=/x">',
    [/^1 warning .*write the seconds alone/],
  ],
  ["nothing about data", '<img src="data:image/png;base64,AA==">', []],
  [
    "tags of a template in a finished page, and no addresses in them",
    '\n<img src="<%= it.x %>.png">',
    [/^2 error it holds "<%".*; it does not serve$/],
  ],
  [
    "Django's tags, and no addresses in them",
    "\n<img src=\"{% static 'x' %}\">{{ message }}",
    [/^2 error it holds "\{%"/],
  ],
])("names %s", async (_, body, expected) => {
  await put("here.png", "PNG");
  const said = await check("503.html", goodHead + body);
  expect(said).toHaveLength(expected.length);
  for (const [index, pattern] of expected.entries()) expect(said[index]).toMatch(pattern);
});

test.each([
  ["icon", /^- hint there is no <link rel="icon">.*; write <link rel="icon" href="data:,">$/],
  ["title", /^- hint there is no <title>/],
  ["charset", /^- hint there is no <meta charset>/],
  ["viewport", /^- hint there is no <meta name="viewport">/],
  ["lang", /^- hint <html> has no lang/],
])("hints that %s is missing", async (part, pattern) => {
  const lines: Readonly<Record<string, readonly [string, string]>> = {
    title: ["<title>x</title>", "<title> </title><svg><title>x</title></svg>"],
    icon: ['<link rel="icon"', '<link rel="apple-touch-icon"'],
    charset: ['<meta charset="utf-8">', ""],
    viewport: ['<meta name="viewport" content="width=device-width">', ""],
    lang: ['lang="en"', 'lang=""'],
  };
  const [there = "", missing = ""] = lines[part] ?? [];
  expect(goodHead).toContain(there);
  const said = await check("503.html", goodHead.replace(there, missing));
  expect(said).toEqual([expect.stringMatching(pattern)]);
});

describe("the size", () => {
  const padded = (bytes: number) => `${goodHead}<!--${randomBytes(bytes).toString("hex").slice(0, bytes)}-->`;
  const fit = 14 * 1024 - goodHead.length - "<!---->".length;

  test("of 14 KB is fine, and a byte more a warning that names both sizes", async () => {
    expect(await check("503.html", padded(fit))).toEqual([]);
    const said = await check("503.html", padded(fit + 1));
    expect(said).toEqual([expect.stringMatching(/^- warning the page has 14337 bytes, with gzip \d{4}, and 14336 /)]);
  });

  test("is that of the page which a template makes", async () => {
    expect(await check("503.eta", `${goodHead}<%/* ${"x".repeat(20_000)} */%>`)).toEqual([]);
    const said = await check("503.eta", `${goodHead}<%= it.end === null ? "x".repeat(20000) : "" %>`);
    expect(said).toEqual([expect.stringMatching(/^- warning the page has 20\d{3} bytes, with gzip \d{3},/)]);
  });

  test("of more than 1 MB is an error", async () => {
    expect(await check("503.html", padded(1_048_576))).toEqual([expect.stringMatching(/^- error it has \d+ bytes/)]);
  });
});

test("what several pages include is said once", async () => {
  await put("part.eta", '<img src="x.png">');
  const files = [
    await put("503.eta", `${goodHead}<%~ include("./part") %>`),
    await put("own.eta", `${goodHead}<%~ include("./part") %>`),
  ];
  expect(await checkFiles(files, checkMeans)).toHaveLength(1);
});

test("what is not UTF-8 is named with its line", async () => {
  const bytes = Buffer.concat([Buffer.from(`${goodHead}\n<p>`), Buffer.from([0xfc])]);
  expect(await check("503.html", bytes)).toEqual([expect.stringMatching(/^2 error it is not UTF-8/)]);
});

test("a file that is not there is refused", async () => {
  await expect(checkPage(`${folder}/gone.html`, checkMeans)).rejects.toThrow("there is no file");
});

test("without a name all pages are checked, and what serves nobody is told", async () => {
  const files = [
    await put("named.html", goodHead),
    await put("503.eta", goodHead),
    await put("503.html", `${goodHead}<img src="https://a.example/x">`),
    await put("shop.example/503.html", "{{ message }}"),
  ];
  await put("shop.example/other.html", "{{ message }}");
  await put("no domain/503.html", goodHead);
  const named = { templates: folder, maintenance503Template: `${folder}/named.html` };
  const checked = await checkPages(named, checkMeans);
  expect([...checked.files].sort()).toEqual([...files].sort());
  const errors = checked.findings.filter(({ severity }) => severity === "error");
  expect(errors.map(({ file, what }) => `${file?.slice(folder.length) ?? "-"} ${what}`)).toEqual([
    expect.stringMatching(/^- folder .*no domain holds a page and serves nobody/),
    expect.stringMatching(/^\/503\.html <img src>/),
    expect.stringMatching(/^\/shop\.example\/503\.html it holds "\{\{"/),
  ]);
});

test("pages that the configuration names and that are not there are told", async () => {
  const gone = { templates: `${folder}/gone`, maintenance503Template: `${folder}/gone.html` };
  const { files, findings } = await checkPages(gone, checkMeans);
  expect(files).toEqual([]);
  expect(findings.map(({ advice }) => advice)).toEqual([
    expect.stringContaining('"maintenance_503_template"'),
    expect.stringContaining('"templates"'),
  ]);
  expect(await checkPages({ templates: "", maintenance503Template: "" }, checkMeans)).toEqual({
    files: [],
    findings: [],
  });
});
