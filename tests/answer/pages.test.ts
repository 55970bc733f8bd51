import { afterAll, describe, expect, test } from "bun:test";
import { chmod, mkdir, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { english } from "../../src/answer/language.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { heldVisit } from "./answer-builders.ts";
import { type Files, folderOf, htmlOf, pagesIn } from "./page-folder.ts";

const builtInMark = "<h1>Down for maintenance</h1>";
const folder = temporaryFolder();
afterAll(folder.remove);

const held = heldVisit({ message: "Back <soon>", path: "/a b" });

test.each<[string, Files, string, string]>([
  [
    "503.eta is a template",
    { "503.eta": "T <%= it.message %> <%= it.request_path %>" },
    "",
    "T Back &lt;soon&gt; /a b",
  ],
  ["503.html is served as it is", { "503.html": "plain &lt;% it.x %>" }, "", "plain &lt;% it.x %>"],
  ["downtime.html is found too", { "downtime.html": "down" }, "", "down"],
  ["503.eta goes before 503.html", { "503.html": "b", "503.eta": "a" }, "", "a"],
  ["503.html goes before downtime.html", { "downtime.html": "b", "503.html": "a" }, "", "a"],
  ["maintenance_503_template goes before the folder", { "503.eta": "b", "own.eta": "own" }, "own.eta", "own"],
  [
    "the site's folder goes before both",
    { "503.eta": "b", "own.eta": "c", "shop.example/503.html": "s" },
    "own.eta",
    "s",
  ],
  ["the folder is named as people write the domain", { "Shop.Example./503.html": "s" }, "", "s"],
  ["another site's folder is not looked at", { "503.html": "b", "example.com/503.eta": "s" }, "", "b"],
  ["folders of other things are passed over", { "503.html": "b", "partials/x.eta": "{{", "123/note.txt": "" }, "", "b"],
  ["a template includes its neighbours", { "503.eta": "<%~ include('./part') %>", "part.eta": "part" }, "", "part"],
  ["and what lies in a folder beside it", { "503.eta": "<%~ include('parts/a') %>", "parts/a.eta": "a" }, "", "a"],
  [
    "a site's template includes its neighbours, with what they are given",
    {
      "shop.example/503.eta": "<%~ include('part', { x: 1 }) %>",
      "shop.example/part.eta": "<%= it.x + it.site.name %>",
    },
    "",
    "1Shop",
  ],
  ["a template has a layout", { "503.eta": "<% layout('./l') %>x", "l.eta": "[<%~ it.body %>]" }, "", "[x]"],
])("%s", async (_, files, named, text) => {
  const templates = await folderOf(files, folder);
  const pages = await pagesIn(templates, { maintenance503Template: named === "" ? "" : join(templates, named) });
  expect(pages.faults).toEqual([]);
  expect(htmlOf(pages, held)).toBe(text);
});

test.each<[string, Files, string]>([
  ["a Django template", { "503.html": "{% extends 'base.html' %}" }, 'holds "{%"'],
  ["a Django variable", { "503.eta": "<p>{{ request_path }}</p>" }, 'holds "{{"'],
  ["a Django template that is included", { "503.eta": "<%~ include('p') %>", "p.eta": "{{ x }}" }, 'holds "{{"'],
  ["a template that does not compile", { "503.eta": "<% if ( { %>" }, "503.eta: Bad template syntax: Unexpected"],
  ["one that leaves a bracket open", { "503.eta": "<% if (it.end) { %>x" }, '(a "{" or a "(" in it is not closed)'],
  ["one whose tag does not end", { "503.eta": "a\n<% b" }, "unclosed tag at line 2 col 1: <% b"],
  ["a template that throws", { "503.eta": "<%= it.nobody.home %>" }, "503.eta"],
  ["one that throws when the end is unknown", { "503.eta": "<%= it.end.slice(0, 9) %>" }, "503.eta"],
  ["one that throws for a form", { "503.eta": "<% if (it.notSaved) nothing() %>" }, "503.eta"],
  [
    "one that includes what is not there",
    { "503.eta": "<%~ include('./gone') %>" },
    '503.eta: it includes "gone.eta", which is not there: files named .eta of its own folder and of the folders in it can',
  ],
  [
    "one that includes what lies outside",
    { "503.eta": "<%~ include('../503.html') %>" },
    '503.eta: it includes "../503.html", which lies elsewhere: files named .eta of its own folder and of the folders in it',
  ],
  [
    "one that includes a finished page",
    { "503.eta": "<%~ include('note.html') %>", "note.html": "x" },
    'it includes "note.html", which is not there: files named .eta of',
  ],
  ["a page without a byte", { "503.html": "" }, "503.html: it is empty;"],
  ["a page of white space", { "503.html": "\ufeff \n\t" }, "503.html: it is empty;"],
  ["a template without a byte", { "503.eta": "" }, "503.eta: it is empty;"],
  ["a template that says nothing", { "503.eta": "<% const x = 1 %>\n" }, "503.eta: it is empty;"],
  ["one that says nothing to some", { "503.eta": "<%= it.message %>" }, "503.eta: it is empty for some visitors: "],
  [
    "a finished page with a template's tags",
    { "503.html": "<p><%= it.message %>" },
    '503.html: it holds "<%", so it is a template: name it 503.eta;',
  ],
  [
    "a Django variable in a finished page",
    { "503.html": "<p>{{ message }}" },
    '"{{", so it is a Django template: write "<%= it.message %>" for "{{ message }}", and name the file 503.eta;',
  ],
  ["one that never ends", { "503.eta": "<% for (;;) {} %>" }, "more than 3 s"],
  [
    "one that takes its time",
    { "503.eta": `<% const until = performance.now() + 15; while (performance.now() < until); %>` },
    "while checks wait: 10 ms at the most",
  ],
  ["one that ends its process", { "503.eta": "<% process.exit(3) %>" }, "exit code 3"],
  ["one that starts what fails", { "503.eta": "x<% Promise.reject(new Error('gone')) %>" }, "fails later: gone"],
  [
    "one that throws what cannot be written",
    { "503.eta": "<% throw { toString() { throw 1 } } %>" },
    "cannot be written",
  ],
  ["a page that is no UTF-8", { "503.html": new Uint8Array([0x3c, 0xff]) }, "not UTF-8"],
  ["a page above 1 MB", { "503.html": "x".repeat(1_048_577) }, "1048577 bytes"],
])("%s is refused, and the next in order serves", async (_, files, why) => {
  const pages = await pagesIn(await folderOf(files, folder));
  expect(pages.faults).toEqual([expect.stringMatching(/; the built-in page serves$/)]);
  expect(pages.faults[0]).toContain(why);
  expect(pages.faults[0]).not.toMatch(/\p{Cc}/u);
  expect(htmlOf(pages, held)).toContain(builtInMark);

  const templates = await folderOf({ ...files, "downtime.html": "next" }, folder);
  const next = await pagesIn(templates);
  expect(next.faults).toEqual([expect.stringContaining(`; ${templates}/downtime.html serves`)]);
  expect(htmlOf(next, held)).toBe("next");
});

describe("what cannot serve is named", () => {
  test("a site's broken page gives way to that of all sites", async () => {
    const templates = await folderOf({ "shop.example/503.eta": "<% x", "503.html": "all" }, folder);
    const pages = await pagesIn(templates);
    expect(pages.faults).toEqual([expect.stringMatching(/shop\.example\/503\.eta: .*\/503\.html serves$/)]);
    expect(htmlOf(pages, held)).toBe("all");
  });

  test("a file that maintenance_503_template names and nobody wrote", async () => {
    const templates = await folderOf({ "503.html": "all" }, folder);
    const pages = await pagesIn(templates, { maintenance503Template: join(templates, "gone.html") });
    expect(pages.faults).toEqual([expect.stringContaining("gone.html: there is no such file; ")]);
    expect(htmlOf(pages, held)).toBe("all");
  });

  test.each<[string, string, string]>([
    ["is not there", "nowhere", "there is no such folder"],
    ["is a file", "file.eta", "it is no folder"],
  ])("a folder of templates that %s", async (_, name, why) => {
    await Bun.write(folder.file("file.eta"), "x");
    const pages = await pagesIn(folder.file(name));
    expect(pages.faults).toEqual([`templates ${folder.file(name)}: ${why}`]);
    expect(htmlOf(pages, held)).toContain(builtInMark);
  });

  test("a link to what is not there, which is not taken for no page", async () => {
    const templates = await folderOf({ "503.html": "next" }, folder);
    await symlink("nowhere", join(templates, "503.eta"));
    const pages = await pagesIn(templates);
    const link = `template ${templates}/503.eta: it is a link to what is not there`;
    expect(pages.faults).toEqual([`${link}; ${templates}/503.html serves`]);
    expect(htmlOf(pages, held)).toBe("next");
  });

  test("a link to a page serves", async () => {
    const templates = await folderOf({ "draft.html": "linked" }, folder);
    await symlink("draft.html", join(templates, "503.html"));
    const pages = await pagesIn(templates);
    expect([pages.faults, htmlOf(pages, held)]).toEqual([[], "linked"]);
  });

  test.each<[string, string]>([
    ["downtime.html", "503.eta"],
    ["closed.html", "closed.eta"],
    ["closed", "closed.eta"],
  ])("what %s should be called when it is a template", async (name, template) => {
    const templates = await folderOf({ [name]: "<% x %>" }, folder);
    const pages = await pagesIn("", { maintenance503Template: join(templates, name) });
    expect(pages.faults).toEqual([expect.stringContaining(`: name it ${template};`)]);
  });

  test("in 300 characters, whatever a template throws, and without doing anything to a terminal", async () => {
    const thrown = "<% throw new Error('\\u001b[2J a\\r\\tb ' + 'x'.repeat(1000)) %>";
    const templates = await folderOf({ "503.eta": thrown }, folder);
    const [fault = ""] = (await pagesIn(templates)).faults;
    const said = fault.slice(`template ${templates}/503.eta: `.length, -"; the built-in page serves".length);
    expect([said.length, said.slice(0, 10), said.at(-1)]).toEqual([300, "[2J a b xx", "…"]);
    expect(fault).not.toMatch(/\p{Cc}/u);
  });

  test("a folder in place of a page", async () => {
    const templates = await folderOf({}, folder);
    await mkdir(join(templates, "503.eta"));
    const pages = await pagesIn(templates);
    expect(pages.faults).toEqual([expect.stringContaining("503.eta: it is no file")]);
  });

  test.skipIf(process.getuid?.() === 0)(
    "a page that lull may not read (not for root, who may read everything)",
    async () => {
      const templates = await folderOf({ "503.html": "x" }, folder);
      await chmod(join(templates, "503.html"), 0);
      expect((await pagesIn(templates)).faults).toEqual([expect.stringContaining("cannot be read (")]);
    },
  );

  test.each<[string, string, string]>([
    ["no domain", "shop example", '"shop example" is not a domain'],
    ["a number", "12", "digits only"],
    ["a domain with a port", "shop.example:80", "has a port"],
  ])("a folder with a page whose name is %s", async (_, name, why) => {
    const pages = await pagesIn(await folderOf({ [`${name}/503.html`]: "x" }, folder));
    expect(pages.faults).toEqual([expect.stringContaining(why)]);
  });

  test("a second folder of the same site", async () => {
    const templates = await folderOf({ "SHOP.example/503.html": "1", "shop.example/503.html": "2" }, folder);
    const pages = await pagesIn(templates);
    expect(pages.faults).toEqual([expect.stringContaining(`of the same site as ${templates}/SHOP.example`)]);
    expect(htmlOf(pages, held)).toBe("1");
  });
});

test.each(["*", "*.example.com"])("a page of the site %s serves it alone", async (domain) => {
  const pages = await pagesIn(await folderOf({ [`${domain}/503.html`]: "wild" }, folder));
  expect([pages.faults, pages.domains]).toEqual([[], [domain]]);
  expect(htmlOf(pages, heldVisit({ site: { id: 2, domain, name: "" } }))).toBe("wild");
  expect(htmlOf(pages, heldVisit({ site: { id: 2, domain: "a.example.com", name: "" } }))).toContain(builtInMark);
  expect(htmlOf(pages, heldVisit({ site: null }))).toContain(builtInMark);
});

test("a template that throws for one visitor gives that visitor the built-in page", async () => {
  const faults: string[] = [];
  const templates = await folderOf(
    { "503.eta": "<% if (it.site.name === 'x') throw new Error('no x\\n') %>fine" },
    folder,
  );
  const pages = await pagesIn(templates, { onFault: (fault) => faults.push(fault) });
  expect(pages.faults).toEqual([]);
  expect(htmlOf(pages, held)).toBe("fine");
  expect(htmlOf(pages, heldVisit({ site: { id: 1, domain: "x", name: "x" } }))).toContain(builtInMark);
  expect(faults).toEqual([`template ${templates}/503.eta: no x`]);
});

test("files are read at the start and never again", async () => {
  const include = "<% if (it.message === 'x') { %><%~ include('./part') %><% } %>";
  const templates = await folderOf(
    { "503.eta": `one${include}`, "part.eta": " part", "a.example/503.html": "a" },
    folder,
  );
  const pages = await pagesIn(templates);
  await rm(templates, { recursive: true });
  expect(htmlOf(pages, heldVisit({ message: "x" }))).toBe("one part");
  expect(htmlOf(pages, heldVisit({ site: { id: 1, domain: "a.example", name: "" } }))).toBe("a");
});

test("people's own pages have no policy of ours and are sent byte by byte", async () => {
  const bytes = new TextEncoder().encode("\ufeff<p>é\r\n");
  const own = (await pagesIn(await folderOf({ "503.html": bytes }, folder))).render(held);
  expect(own).toEqual({ html: bytes, contentSecurityPolicy: null });
  expect((await pagesIn("")).render(held).contentSecurityPolicy).toStartWith("default-src 'none'; ");
});

test("a page that is slow for some visitors gives way when it has been so three times", async () => {
  const slow =
    "own<% if (it.request_path === '/slow') { const end = performance.now() + 110; while (performance.now() < end); } %>";
  const faults: string[] = [];
  const pages = await pagesIn(await folderOf({ "503.eta": slow }, folder), { onFault: (fault) => faults.push(fault) });
  for (let visit = 0; visit < 3; visit++) expect(htmlOf(pages, { ...held, path: "/slow" })).toBe("own");
  expect(htmlOf(pages, held)).toContain(builtInMark);
  expect(faults).toEqual([expect.stringMatching(/too slow for some visitors.*the built-in page serves until/)]);
});

test("no template changes the words of others", async () => {
  const template = "<% it.words.unknown = it.request_path; it.words = {}; it.site.name = 'x' %>own";
  const pages = await pagesIn(await folderOf({ "503.eta": template }, folder));
  expect(htmlOf(pages, held)).toBe("own");
  expect(english.words.unknown).toStartWith("We will be back");
});
