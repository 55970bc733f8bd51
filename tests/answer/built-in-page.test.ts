import { describe, expect, test } from "bun:test";
import { createBuiltInPage } from "../../src/answer/built-in-page.ts";
import type { Held } from "../../src/answer/held.ts";
import { languages } from "../../src/answer/languages.ts";
import { createTimeWriter } from "../../src/answer/time-writer.ts";
import { heldVisit } from "./answer-builders.ts";

const writeTime = createTimeWriter("Europe/Berlin");
const render = createBuiltInPage({ writeTime, staffUrl: "/staff" });

/** 14 KB, and what of them the headers take. */
const mostBytes = 14_336 - 1_024;

function bytesOf(change: Partial<Held> = {}, page = render): Uint8Array {
  const { html } = page(heldVisit(change));
  if (typeof html === "string") throw new Error("the built-in page is encoded once");
  return html;
}

function htmlOf(change: Partial<Held> = {}, page = render): string {
  return new TextDecoder().decode(bytesOf(change, page));
}

/** Without style and script, which are the same on every page. */
function markupOf(change: Partial<Held> = {}, page = render): string {
  return htmlOf(change, page).replace(/<(style|script)>.*?<\/\1>/gs, "");
}

function inline(html: string, name: "style" | "script"): string {
  return new RegExp(`<${name}>(.*)</${name}>`, "s").exec(html)?.[1] ?? "";
}

const states: readonly [string, Partial<Held>][] = [
  ["closed", { reason: "New disks" }],
  ["closed, nobody knows how long", { end: null }],
  ["closed for a form", { method: "POST", reason: "New disks" }],
  ["read-only for a form", { mode: "readonly", method: "POST", message: "" }],
  ["nobody's", { site: null, message: "", start: null, end: null, host: null, method: "" }],
];

describe("the page says", () => {
  test.each<[string, Partial<Held>, string]>([
    ["the site", {}, '<p class="site"><bdi>Shop</bdi></p>'],
    ["the site in the title of the tab", {}, "<title>Down for maintenance · Shop</title>"],
    ["nothing of a site that is nobody's", { site: null }, "<title>Down for maintenance</title>"],
    ["the message", {}, '<p class="message" dir="auto">New disks.</p>'],
    ["an apology in its place", { message: "" }, '<p class="message">Sorry, we are working on this site right now.'],
    ["the reason", { reason: "disks" }, '<p class="reason">Reason: <bdi>disks</bdi></p>'],
    [
      "when, in the zone of the site and in UTC",
      {},
      '<p id="expected">We expect to be back on <time id="time" datetime="2026-11-20T10:00:00.000Z"><span id="day">20 November 2026</span> at 11:00\u00a0CET (10:00\u00a0UTC)</time>.</p>',
    ],
    ["that nobody knows when", { end: null }, "<p>We will be back as soon as we can. Please try again in a while.</p>"],
    ["that a read-only site can be read", { mode: "readonly" }, "<h1>Read-only for the moment</h1>"],
    ["so in the place of an apology too", { mode: "readonly", message: "" }, "You can read this site as usual."],
    ["that a form is lost", { method: "POST" }, "<strong>What you sent has not been saved."],
    ["a way to ask again", {}, '<a href="">Try again</a>'],
    ["a way in for staff", {}, '<footer><a href="/staff">Staff</a></footer>'],
    ["how many seconds are left", { retryAfterSeconds: 61 }, 'data-seconds="61"'],
  ])("%s", (_, change, markup) => {
    expect(markupOf(change)).toContain(markup);
  });

  test.each<[string, Partial<Held>, RegExp]>([
    ["a reason that there is not", {}, /class="reason"/],
    ["to ask again what would send the form again", { method: "POST" }, /<a href="">|id="returns"/],
    ["of a form to whoever sent none", {}, /unsaved|data-sent/],
    ["that a site is away which can be read", { mode: "readonly", end: null }, /class="when"|We will be back/],
    ["the path, which is the visitor's to write", { path: "/unheard-of" }, /unheard-of/],
    ["a name for what it does not know", { site: null, end: null, start: null, message: "" }, /null|undefined/],
  ])("not %s", (_, change, markup) => {
    expect(markupOf(change)).not.toMatch(markup);
  });

  test("nothing of staff where nothing is configured for them", () => {
    expect(markupOf({}, createBuiltInPage({ writeTime, staffUrl: "" }))).not.toContain("footer");
  });
});

test.each<[string, string]>([
  ["ca", "20 de novembre del 2026,"],
  ["hu", "2026. november 20."],
  ["ja", "2026年11月20日"],
  ["ko", "2026년 11월 20일"],
  ["ru", "20 ноября 2026 г."],
  ["vi", ""],
])("the day of the opening, which no line ends within, in %s: %p", (tag, day) => {
  const language = languages.find((each) => each.tag === tag);
  const change = language === undefined ? {} : { language };
  const html = markupOf({ ...change, end: Date.UTC(2026, 10, 20, 10) });
  expect(html).toContain(`<span id="day">${day}</span>`);
});

describe("everything is escaped for where it stands", () => {
  const escaped = /^[^<>"']*$/;
  test.each([
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "&lt;b&gt; &amp;",
    "</style><!-- {7*7} <% it %> {{ x }} -->",
  ])("%s", (hostile) => {
    const page = createBuiltInPage({ writeTime: () => hostile, staffUrl: hostile });
    const words = { ...languages[0].words, isBack: hostile, expected: `${hostile}{time}` };
    const change = { site: { id: 1, domain: "x", name: hostile }, message: hostile, reason: hostile };
    for (const method of ["GET", "POST"]) {
      const language = { ...languages[0], words };
      const harmless = markupOf({ site: { id: 1, domain: "x", name: "?" }, message: "?", reason: "?", method });
      const html = markupOf({ ...change, method, language }, page);
      const shape = (markup: string) => markup.replace(/"[^"]*"/g, '""').match(/<[^>]*>/g);
      expect(shape(html)).toEqual(shape(harmless));
      for (const [, text = ""] of html.matchAll(/>([^<]*)</g)) expect(text).toMatch(escaped);
      expect(html.split(Bun.escapeHTML(hostile).replaceAll("&#x27;", "&#39;")).length).toBeGreaterThan(5);
    }
  });
});

describe.each(states)("%s", (_, change) => {
  test("the policy allows this style and this script, by their hashes, and nothing else", () => {
    const { contentSecurityPolicy } = render(heldVisit(change));
    const html = htmlOf(change);
    const hash = (text: string) => `'sha256-${new Bun.CryptoHasher("sha256").update(text).digest("base64")}'`;
    expect(contentSecurityPolicy).toBe(
      `default-src 'none'; style-src ${hash(inline(html, "style"))}; script-src ${hash(inline(html, "script"))}; ` +
        "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'",
    );
    expect(html.match(/<(style|script)/g)).toEqual(["<style", "<script"]);
    expect(html).not.toMatch(/\s(style|on\w+)=/);
  });

  test("it asks for nothing from anywhere", () => {
    const html = htmlOf(change);
    expect(html).not.toMatch(/https?:|src=|url\(|@import|\/\/[a-z]/);
    expect(html.match(/<link[^>]*>/g)).toEqual(['<link rel="icon" href="data:,">']);
  });

  test.each(languages.map((language) => [language.tag, language] as const))("in %s", (tag, language) => {
    const html = htmlOf({ ...change, language });
    expect(html).toStartWith(`<!doctype html>\n<html lang="${tag}" dir="${language.dir}">\n`);
    expect(bytesOf({ ...change, language }).length).toBeLessThan(mostBytes);
    expect(markupOf({ ...change, language })).not.toMatch(/[{}]|undefined/);
  });
});

test("the comments and the indentation of style and script stay at home", () => {
  expect(`${inline(htmlOf(), "style")}\n${inline(htmlOf(), "script")}`).not.toMatch(/^\s|^\/\/|^\/\*|\n\n|\r/m);
});

test.each<[string, Partial<Held>]>([
  ["the language", { language: languages[1] ?? languages[0] }],
  ["the mode", { mode: "readonly" }],
  ["whether a form was sent", { method: "POST" }],
  ["the site's name", { site: { id: 1, domain: "shop.example", name: "Shops" } }],
  ["the message", { message: "New disks" }],
  ["the reason", { reason: "." }],
  ["the opening", { end: null }],
  ["the seconds that are left", { retryAfterSeconds: 3_599 }],
  ["where one text ends and the next begins", { site: { id: 1, domain: "", name: "ShopNew " }, message: "disks." }],
])("a page that is kept is of no other visit: %s", (_, change) => {
  const own = createBuiltInPage({ writeTime, staffUrl: "" });
  const page = bytesOf({}, own);
  expect(bytesOf({ path: "/elsewhere", host: "other.example", method: "HEAD" }, own)).toBe(page);
  expect(htmlOf(change, own)).not.toBe(htmlOf({}, own));
});
