import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Browser } from "playwright-core";
import { inlinePage } from "../../src/page/inline.ts";
import { startBrowser } from "../support/browser.ts";
import { needProgram } from "../support/debian.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const picture = (width: number) => `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="7"/>`;

const files: Readonly<Record<string, string>> = {
  "logo.svg": picture(31),
  "img/wide.svg": picture(62),
  "css/page.css": '@import "inner.css" screen; h1 { color: rgb(1, 2, 3) } /* </style> */',
  "css/inner.css": '@import url("deep/deepest.css"); p { color: rgb(4, 5, 6); background: url("../logo.svg") }',
  "css/deep/deepest.css": "i { color: rgb(7, 8, 9) }",
  "now.js": "window.said = ['now', document.querySelector('h1') === null];",
  "later.js": "window.said.push('later', document.querySelector('h1') !== null, '</script>');",
  "module.js": "window.said.push('module', import.meta.url.length > 0);",
};

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title>
<link rel="icon" href="logo.svg">
<link rel="stylesheet" href="css/page.css">
<script src="later.js" defer></script><script src="now.js"></script><script src="module.js" type="module"></script>
</head><body><h1>x</h1><p>x</p><i>x</i>
<img id="one" src="logo.svg"><img id="two" srcset="img/wide.svg 2x, logo.svg 1x">
<b style="background: url('logo.svg')">x</b></body></html>`;

describe.skipIf((await needProgram("chromium")) === null)("an inlined page in a browser", () => {
  const folder = temporaryFolder();
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(folder.file(name)), { recursive: true });
      await writeFile(folder.file(name), text);
    }
  });
  afterAll(async () => {
    await browser.close();
    await folder.remove();
  });

  test("asks for nothing, and is what it was", async () => {
    const inlined = await inlinePage({ path: folder.file("503.html"), text: page, root: null });
    expect(inlined.left).toEqual([]);
    const asked: string[] = [];
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch(request) {
        asked.push(new URL(request.url).pathname);
        return new Response(inlined.page, { headers: { "Content-Type": "text/html; charset=utf-8" } });
      },
    });
    const tab = await browser.newPage();
    try {
      await tab.goto(`http://127.0.0.1:${server.port}/a/b`);
      const color = (selector: string) => tab.evaluate(`getComputedStyle(document.querySelector("${selector}")).color`);
      expect([await color("h1"), await color("p"), await color("i")]).toEqual([
        "rgb(1, 2, 3)",
        "rgb(4, 5, 6)",
        "rgb(7, 8, 9)",
      ]);
      expect(await tab.evaluate("[one.naturalWidth, two.naturalWidth]")).toEqual([31, 31]);
      expect(await tab.evaluate("said")).toEqual(["now", true, "later", true, "</script>", "module", true]);
      expect(asked).toEqual(["/a/b"]);
    } finally {
      await tab.close();
      await server.stop(true);
    }
  });
});
