import { afterAll, expect, test } from "bun:test";
import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { loadPage, type Page } from "../../src/answer/page.ts";
import { type Held, pageContext } from "../../src/answer/page-context.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const held: Held = {
  site: { id: 1, domain: "example.com", name: "Tea & Co" },
  message: "Back <soon>",
  reason: "secret reason",
  start: Date.UTC(2026, 10, 20, 9),
  end: Date.UTC(2026, 10, 20, 10),
  retryAfterSeconds: 3600,
  path: "/a b",
  language: "de",
};
const builtInMark = "<h1>Down for maintenance</h1>";
const folder = temporaryFolder();
const faults: string[] = [];

afterAll(folder.remove);

/** The page of a fresh folder that holds these files. */
async function pageOf(files: Record<string, string>, named = ""): Promise<Page> {
  const templates = await mkdtemp(folder.file("t-"));
  for (const [name, text] of Object.entries(files)) await Bun.write(join(templates, name), text);
  const maintenance503Template = named === "" ? "" : join(templates, named);
  return loadPage({
    templates,
    maintenance503Template,
    timezone: "Europe/Berlin",
    onFault: (fault) => faults.push(fault),
  });
}

function html(page: Page, changes: Partial<Held> = {}): string {
  return page.render(pageContext({ ...held, ...changes }, page.writeTime));
}

test("the built-in page escapes, names the opening, and keeps the reason to itself", async () => {
  const page = await pageOf({});
  expect(page.fault).toBeNull();
  const text = html(page);
  expect(text).toStartWith("<!doctype html>");
  expect(text).toContain("Back &lt;soon&gt;");
  expect(text).toContain("Tea &amp; Co");
  expect(text).toContain('<time datetime="2026-11-20T10:00:00.000Z">20 November 2026 at 11:00 CET</time>');
  expect(text).not.toContain("secret reason");
  expect(text).not.toMatch(/<script|src=|https?:/);
});

test("the built-in page holds when nothing is known", async () => {
  const text = html(await pageOf({}), { site: null, message: "", start: null, end: null, path: "" });
  expect(text).toContain(builtInMark);
  expect(text).not.toMatch(/null|undefined/);
});

const documented = "site.id reason start end startText endText retryAfterSeconds language".split(" ");

test.each<[string, Record<string, string>, string, string]>([
  [
    "503.eta is a template",
    { "503.eta": "T <%= it.message %> <%= it.request_path %>" },
    "",
    "T Back &lt;soon&gt; /a b",
  ],
  ["503.html is served as it is", { "503.html": "plain <%= it.x %>" }, "", "plain <%= it.x %>"],
  ["downtime.html is found too", { "downtime.html": "down" }, "", "down"],
  ["503.eta goes before 503.html", { "503.html": "b", "503.eta": "a" }, "", "a"],
  ["503.html goes before downtime.html", { "downtime.html": "b", "503.html": "a" }, "", "a"],
  ["maintenance_503_template goes before the folder", { "503.eta": "b", "own.eta": "own" }, "own.eta", "own"],
  ["a template can include its neighbours", { "503.eta": "<%~ include('./part') %>", "part.eta": "part" }, "", "part"],
  [
    "everything that is documented is there",
    { "503.eta": documented.map((name) => `<%= it.${name} %>`).join("|") },
    "",
    "1|secret reason|2026-11-20T09:00:00.000Z|2026-11-20T10:00:00.000Z|20 November 2026 at 10:00 CET|20 November 2026 at 11:00 CET|3600|de",
  ],
])("%s", async (_, files, named, text) => {
  const page = await pageOf(files, named);
  expect(page.fault).toBeNull();
  expect(html(page)).toBe(text);
});

test.each<[string, Record<string, string>, string, string]>([
  ["a Django template", { "503.html": "{% extends 'base.html' %}" }, "", 'holds "{%"'],
  ["a Django variable", { "503.eta": "<p>{{ request_path }}</p>" }, "", 'holds "{{"'],
  ["a template that does not compile", { "503.eta": "<% if ( { %>" }, "", "503.eta"],
  ["a template that throws", { "503.eta": "<%= it.nobody.home %>" }, "", "503.eta"],
  ["a template that throws when the end is unknown", { "503.eta": "<%= it.end.slice(0, 9) %>" }, "", "503.eta"],
  ["a file that is missing", {}, "gone.html", "cannot be read"],
])("%s is refused, and the built-in page serves", async (_, files, named, why) => {
  const page = await pageOf(files, named);
  expect(page.fault).toContain(why);
  expect(page.fault).not.toContain("\n");
  expect(html(page)).toContain(builtInMark);
});

test("a template that throws for one visitor gives that visitor the built-in page", async () => {
  const page = await pageOf({ "503.eta": "<% if (it.language === 'xx') throw new Error('no xx') %>fine" });
  expect(page.fault).toBeNull();
  expect(html(page)).toBe("fine");
  faults.length = 0;
  expect(html(page, { language: "xx" })).toContain(builtInMark);
  expect(faults).toEqual([expect.stringContaining("no xx")]);
});
