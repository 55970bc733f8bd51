import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser } from "playwright-core";
import { start } from "../http/sidecar-fixture.ts";
import { startBrowser } from "../support/browser.ts";
import { needProgram } from "../support/debian.ts";
import { applicationTitle, hour, minute, openPageScene, type PageScene, second, textOf } from "./page-scene.ts";
import { visit } from "./page-states.ts";

const closed = { end: start + 2 * hour };
/** Until the first look at the latest, and until any later one. */
const first = 30 * second;
const later = minute;

/** Time passes, and the page asks once. */
async function look(scene: PageScene, milliseconds: number): Promise<readonly string[]> {
  await scene.pass(milliseconds);
  await scene.settle();
  return scene.asked();
}

describe.skipIf((await needProgram("chromium")) === null)("the page brings the visitor back", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  test("to the same address, when /.lull/up says so and the site too", async () => {
    await using scene = await openPageScene(browser, { periods: [closed] });
    await visit(scene, "cart?item=1#total");
    expect(await look(scene, first)).toEqual(["GET /.lull/up"]);
    scene.sidecar.place({});
    const back = scene.page.waitForEvent("load");
    await scene.pass(later);
    await back;
    expect(scene.asked()).toEqual(["GET /.lull/up", "HEAD /", "GET /cart?item=1"]);
    expect([await scene.page.title(), scene.page.url()]).toEqual([applicationTitle, `${scene.url}cart?item=1#total`]);
    expect(scene.complaints).toEqual([]);
  });

  test("where the proxy does not pass /.lull/ on", async () => {
    await using scene = await openPageScene(browser, { periods: [closed], isRouted: false });
    await visit(scene, "cart?item=1");
    expect(await look(scene, first)).toEqual(["GET /.lull/up"]);
    scene.sidecar.place({});
    const back = scene.page.waitForEvent("load");
    await scene.pass(later);
    await back;
    expect(scene.asked()).toEqual(["GET /.lull/up", "HEAD /cart?item=1", "GET /cart?item=1"]);
    expect(await scene.page.title()).toBe(applicationTitle);
  });

  test("to an address that is good for once, and waits for a 502 without asking for it", async () => {
    let status = 502;
    // Names an icon, so that the browser asks for none.
    const page = '<!doctype html><link rel="icon" href="data:,">';
    const application = () => new Response(page, { status, headers: { "Content-Type": "text/html" } });
    await using scene = await openPageScene(browser, { periods: [closed], application });
    await visit(scene, "confirm?token=once");
    scene.sidecar.place({});
    for (let turn = 0; turn < 2; turn++) expect(await look(scene, later)).toEqual(["GET /.lull/up", "HEAD /"]);
    status = 200;
    const back = scene.page.waitForEvent("load");
    await scene.pass(later);
    await back;
    expect(scene.asked()).toEqual(["GET /.lull/up", "HEAD /", "GET /confirm?token=once"]);
    expect(scene.complaints).toEqual([]);
  });

  test("within ten seconds of the opening", async () => {
    await using scene = await openPageScene(browser, { periods: [{ end: start + 4 * second }] });
    await visit(scene);
    const back = scene.page.waitForEvent("load");
    await scene.pass(14 * second);
    await back;
    expect(await scene.page.title()).toBe(applicationTitle);
  });

  test("to an address that refuses HEAD, or leads elsewhere", async () => {
    for (const status of [405, 404, 302, 500]) {
      const headers = { Location: "https://elsewhere.example/" };
      await using scene = await openPageScene(browser, {
        periods: [closed],
        application: ({ method }) =>
          method === "HEAD" ? new Response(null, { status, headers }) : new Response(`${status}`),
      });
      await visit(scene);
      scene.sidecar.place({});
      const back = scene.page.waitForEvent("load");
      await scene.pass(first);
      await back;
      expect(await scene.page.textContent("body")).toBe(`${status}`);
      expect(scene.complaints).toEqual([]);
    }
  });

  test.each<[string, (request: Request) => Response | null]>([
    [
      "/.lull/up says 204 and is wrong",
      ({ url }) => (url.endsWith("/.lull/up") ? new Response(null, { status: 204 }) : null),
    ],
    ["/.lull/up leads elsewhere", ({ url }) => (url.endsWith("/.lull/up") ? Response.redirect("/login") : null)],
    ["/.lull/up is not there", ({ url }) => (url.endsWith("/.lull/up") ? new Response(null, { status: 502 }) : null)],
  ])("not when %s", async (_, instead) => {
    await using scene = await openPageScene(browser, { periods: [closed], instead });
    await visit(scene);
    for (let turn = 0; turn < 4; turn++) expect(await look(scene, later)).toEqual(["GET /.lull/up", "HEAD /"]);
    expect(scene.complaints).toEqual([]);
  });

  test.each([502, 503, 504])("not while a %d says that nothing stands behind the proxy", async (status) => {
    const nothing = () => new Response(null, { status });
    await using scene = await openPageScene(browser, { periods: [closed], application: nothing });
    await visit(scene);
    scene.sidecar.place({});
    for (let turn = 0; turn < 2; turn++) expect(await look(scene, later)).toEqual(["GET /.lull/up", "HEAD /"]);
  });

  test("and stays where nobody answers, until somebody does", async () => {
    await using scene = await openPageScene(browser, { periods: [closed] });
    await visit(scene);
    await scene.page.route("**/*", (route) => route.abort());
    await scene.pass(first);
    await scene.pass(later);
    expect([scene.asked(), await scene.page.title()]).toEqual([[], "Down for maintenance"]);
    await scene.page.unroute("**/*");
    expect(await look(scene, later)).toEqual(["GET /.lull/up"]);
    expect(scene.complaints).toEqual([]);
  });

  test("asks at once when the tab is looked at, not while it is hidden, and not twice within five seconds", async () => {
    await using scene = await openPageScene(browser, { periods: [closed] });
    await visit(scene);
    await scene.hide(true);
    for (let turn = 0; turn < 5; turn++) expect(await look(scene, later)).toEqual([]);
    await scene.hide(false);
    await scene.settle();
    expect(scene.asked()).toEqual(["GET /.lull/up"]);
    for (let turn = 0; turn < 3; turn++) {
      await scene.hide(true);
      await scene.pass(second);
      await scene.hide(false);
    }
    await scene.settle();
    expect(scene.asked()).toEqual([]);
    expect(await look(scene, later)).toEqual(["GET /.lull/up"]);
  });

  test("never in a hurry: with an answer that lies it reloads less than every 45 seconds", async () => {
    const lie = ({ method, url }: Request) =>
      method === "HEAD" || url.endsWith("/up") ? new Response(null, { status: 204 }) : null;
    await using scene = await openPageScene(browser, { periods: [closed], instead: lie });
    await scene.page.addInitScript("performance.getEntriesByType = () => [{ type: 'reload' }]");
    await visit(scene);
    expect(await look(scene, 44 * second)).toEqual([]);
    const back = scene.page.waitForEvent("load");
    await scene.pass(16 * second);
    await back;
    expect(scene.asked()).toEqual(["GET /.lull/up", "HEAD /", "GET /"]);
  });

  test.each<[string, number | null, string]>([
    ["later", start + 3 * hour, "20 November 2026 at 12:00 UTC"],
    ["sooner", start + hour, "20 November 2026 at 10:00 UTC"],
  ])("to show that it opens %s than it said", async (_, end, text) => {
    await using scene = await openPageScene(browser, { periods: [closed] });
    await visit(scene);
    expect(await textOf(scene.page, "time")).toBe("20 November 2026 at 11:00 UTC");
    scene.sidecar.place({ periods: [{ end }] });
    // Not in its first minute.
    expect(await look(scene, first)).toEqual(["GET /.lull/up"]);
    const back = scene.page.waitForEvent("load");
    await scene.pass(later);
    await back;
    expect(await textOf(scene.page, "time")).toBe(text);
  });

  test.each<[string, { readonly end: number | null }, { readonly end: number | null }]>([
    ["nobody knows the end any more", closed, { end: null }],
    ["the end is known at last", { end: null }, closed],
  ])("to show that %s", async (_, before, after) => {
    await using scene = await openPageScene(browser, { periods: [before] });
    await visit(scene);
    await look(scene, first);
    scene.sidecar.place({ periods: [after] });
    const back = scene.page.waitForEvent("load");
    await scene.pass(later);
    await back;
    expect(await scene.page.locator("time").count()).toBe(after.end === null ? 0 : 1);
  });

  test.each([true, false])("and does not reload for jitter and rounding (/.lull/ passed on: %p)", async (isRouted) => {
    for (const periods of [[closed], [{ end: null }]]) {
      await using scene = await openPageScene(browser, { periods, isRouted });
      await visit(scene);
      for (let turn = 0; turn < 4; turn++) expect(await look(scene, later)).toEqual(["GET /.lull/up"]);
    }
  });

  test.each<[string, number, number]>([
    ["a minute, however little was left", 3 * minute, minute],
    ["a tenth of what is left", 2 * hour, 10 * minute],
  ])("nor for %s", async (_, length, more) => {
    await using scene = await openPageScene(browser, { periods: [{ end: start + length }] });
    await visit(scene);
    await look(scene, first);
    scene.sidecar.place({ periods: [{ end: start + length + more }] });
    for (let turn = 0; turn < 3; turn++) expect(await look(scene, later)).toEqual(["GET /.lull/up"]);
  });

  test("tells whoever sent a form, and sends nothing again", async () => {
    await using scene = await openPageScene(browser, { periods: [closed] });
    await visit(scene, "order", "POST");
    expect(await scene.page.locator(".unsaved").isVisible()).toBe(true);
    expect(await look(scene, first)).toEqual(["GET /.lull/up"]);
    scene.sidecar.place({ periods: [{ end: start + 4 * hour }] });
    expect(await look(scene, later)).toEqual(["GET /.lull/up"]);
    await scene.page.clock.runFor(2 * second);
    expect(await scene.page.locator("#overdue").isVisible()).toBe(true);
    scene.sidecar.place({});
    expect(await look(scene, later)).toEqual(["GET /.lull/up", "HEAD /"]);
    const said = "The site is back. Go back in your browser and send your form again.";
    expect(await scene.page.getByRole("status").textContent()).toBe(said);
    const others = scene.page.locator("h1, .unsaved, .message, .when").filter({ visible: true });
    expect([await others.count(), await scene.page.title()]).toEqual([0, said]);
    for (let turn = 0; turn < 3; turn++) expect(await look(scene, later)).toEqual([]);
    expect(scene.complaints).toEqual([]);
  });

  test("tells whoever sent a form to a read-only site only when it takes forms again", async () => {
    await using scene = await openPageScene(browser, { periods: [{ ...closed, mode: "readonly" }] });
    await visit(scene, "order", "POST");
    expect(await scene.page.textContent("h1")).toBe("Read-only for the moment");
    for (let turn = 0; turn < 2; turn++) expect(await look(scene, later)).toEqual(["GET /.lull/upcoming.json"]);
    scene.sidecar.place({});
    expect(await look(scene, later)).toEqual(["GET /.lull/upcoming.json"]);
    expect(await scene.page.getByRole("status").textContent()).toStartWith("The site is back.");
    expect(scene.complaints).toEqual([]);
  });

  test("says nothing of a read-only site where the proxy does not pass /.lull/ on", async () => {
    await using scene = await openPageScene(browser, {
      periods: [{ ...closed, mode: "readonly" }],
      isRouted: false,
    });
    await visit(scene, "order", "POST");
    for (let turn = 0; turn < 2; turn++) expect(await look(scene, later)).toEqual(["GET /.lull/upcoming.json"]);
    expect(await scene.page.getByRole("status").textContent()).toBe("");
    expect(scene.complaints).toEqual([]);
  });
});
