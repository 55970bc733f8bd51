import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { writeFile } from "node:fs/promises";
import { checkPage } from "../../src/page/check-page.ts";
import { inlinePage } from "../../src/page/inline.ts";
import { checkedFolder, checkMeans, goodHead } from "./checked-folder.ts";

const pages = checkedFolder();
const { put, check } = pages;

beforeEach(() => pages.empty());
afterAll(() => pages.remove());

describe("a template", () => {
  test("names what only a sample shows, once and where it is made", async () => {
    const said = await check(
      "503.eta",
      `${goodHead}<img src="<%= it.end ? "https://a.example/x" : "b.png" %>"><img src=c.png>`,
    );
    expect(said).toEqual([
      expect.stringMatching(/^1 error <img src> "c\.png"/),
      expect.stringMatching(/^1 error <img src> "https:\/\/a\.example\/x"/),
      expect.stringMatching(/^1 error <img src> "<%= it\.end \? .*" is known only when it is rendered/),
    ]);
  });

  test("says of an address that it makes how it is written, in which file, and not what samples make of it", async () => {
    const tag = `<%= it.site.id ${"+ 0 ".repeat(20)}%>`;
    await put("partials/sign.eta", '\n<img alt src="x<%= it.mode %>.png">');
    const body = `\n<img src="${tag}.png"><img <%~ 'src="whole.gif"' %>>\n<%~ include("./partials/sign") %>`;
    const said = await check("503.eta", goodHead + body);
    const computed = " is known only when it is rendered, and then asked of the site, which is closed; write the file";
    expect(said).toEqual([
      expect.stringContaining(`2 error <img src> "${tag.slice(0, 60)}…"${computed}`),
      expect.stringMatching(
        /^- error <img src> "whole\.gif" is asked of the site.*leaves addresses that a template makes$/,
      ),
      expect.stringContaining(`partials/sign.eta:2 error <img src> "x<%= it.mode %>.png"${computed}`),
    ]);
  });

  test("names what it includes", async () => {
    await put("part.eta", '<img src="https://a.example/x">');
    const said = await check("503.eta", `${goodHead}<%~ include("./part") %>`);
    expect(said).toEqual([expect.stringMatching(/^part\.eta:1 error <img src> "https:\/\/a\.example\/x"/)]);
  });

  test("says of a file that an included file names that it is to be packed there", async () => {
    await put("logo.png", "PNG");
    await put("partials/footer.eta", '<%~ include("./inner") %>\n<img src="logo.png">');
    await put("partials/inner.eta", "<style>a{b:url(/x.png)}</style>");
    await put("partials/unused.eta", '<img src="unused.png">');
    const body = '<%/* include("./partials/unused") */%><img src="logo.png"><%~ include("partials/footer.eta") %>';
    expect(await check("503.eta", goodHead + body)).toEqual([
      expect.stringMatching(/^1 error <img src> "logo\.png".*"lull page inline" packs it/),
      expect.stringMatching(/^partials\/footer\.eta:2 error <img src> "logo\.png".*included file: pack it there/),
      expect.stringMatching(
        /^partials\/inner\.eta:1 error url\(\) in <style> "\/x\.png".*included file: pack it there/,
      ),
    ]);
  });

  test.each([
    [
      "a name that is like another",
      "\n<%= it.mesage %><%= it.mesage %>",
      ["2 warning it.mesage is nothing that pages have; did you mean it.message?"],
    ],
    [
      "a name of the site",
      "<%= it.site.nme %>",
      ["1 warning it.site.nme is nothing that pages have; did you mean it.site.name?"],
    ],
    [
      "a name of the words",
      "<% const { titel } = it.words %><%= titel %>",
      ["1 warning it.words.titel is nothing that pages have; did you mean it.words.title?"],
    ],
    [
      "a name that stands further inside",
      "<%= it.name %>",
      ["1 warning it.name is nothing that pages have; did you mean it.site.name?"],
    ],
    [
      "a name that is like none",
      '<%= it["wholly" + "Other"] %>',
      [expect.stringMatching(/^- warning it\.whollyOther is nothing that pages have; they have it\.site, it\.mode,/)],
    ],
    [
      "no name that pages have",
      "<%= JSON.stringify(it) + it.site + Object.keys(it.words) + it.end + it.site.id %>",
      [],
    ],
    ["no name that a template gives to what it includes", '<%~ include("./part", { color: "red" }) %>', []],
  ])("names %s", async (_, body, expected) => {
    await put("part.eta", "<%= it.color %>");
    expect(await check("503.eta", goodHead + body)).toEqual(expected);
  });

  test.each([
    ["does not compile", "<p>\n<% if ( %>", /^(?:\d|-) error /],
    ["fails for all", "<%= it.nothing.at.all %>", /^- error .*; it does not serve$/],
  ])("that %s is an error", async (_, content, pattern) => {
    expect(await check("503.eta", goodHead + content)).toEqual([expect.stringMatching(pattern)]);
  });

  test("that fails for some visitors says for whom", async () => {
    const content = `${goodHead}<% if (it.notSaved && it.end && it.mode === "full") { %><%= it.end.no.such %><% } %>`;
    expect(await check("503.eta", content)).toEqual([
      expect.stringMatching(/^- error it fails .*sent a form.*no\.such/),
    ]);
  });
});

describe("what inline does not pack", () => {
  test.each([
    [
      "a script in parts",
      "503.html",
      '<script type="module" src="main.js"></script>',
      /^1 error <script src> "main\.js".*; bundle the script/,
    ],
    [
      "parts of a script",
      "503.html",
      '<script type="module">import "./part.js";</script>',
      /^1 error import in <script> "\.\/part\.js".*; bundle the script/,
    ],
    [
      "a file beside an address that is made",
      "503.eta",
      '<img srcset="part.js, data:<%= it.mode %> 2x">',
      /^1 error <img srcset> "part\.js".*cannot pack it where it stands/,
    ],
    [
      "a file in a document in an attribute",
      "503.html",
      `<iframe srcdoc="<img src='part.js'>"></iframe>`,
      /^1 error .*cannot pack it where it stands/,
    ],
    ["a file that is refused", "503.html", '<img src="unknown">', /^1 error .*once what that names is mended/],
  ])("is named with what helps: %s", async (_, name, body, pattern) => {
    await put("main.js", 'import "./part.js";');
    await put("part.js", "");
    await put("unknown", "");
    expect(await check(name, goodHead + body)).toEqual([expect.stringMatching(pattern)]);
  });

  test("is never said to be packed", async () => {
    for (const [name, text] of Object.entries({ "logo.png": "PNG", "part.js": "", "main.js": 'import "./part.js"' })) {
      await put(name, text);
    }
    await put("part.eta", '<img src="logo.png">');
    const body =
      '<img src="logo.png"><script src="main.js"></script><svg><style>a{b:url(logo.png)}</style></svg>' +
      '<img srcset="logo.png, <%= it.mode %> 2x"><p style="a:url(&quot;logo.png&quot;);<%= it.mode %>"><%~ include("./part") %>';
    const path = await put("503.eta", goodHead + body);
    const promised = (await checkPage(path, checkMeans)).filter(({ advice }) => advice.includes("packs it into"));
    const { page } = await inlinePage({ path, text: goodHead + body, root: null });
    await writeFile(path, page);
    const after = (await checkPage(path, checkMeans)).map(({ what }) => what);
    expect({
      promised: promised.length,
      kept: promised.filter(({ what, file }) => file !== path || !after.includes(what)).length,
    }).toEqual({ promised: 1, kept: 0 });
  });
});
