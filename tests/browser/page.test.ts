import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import axe from "axe-core";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { start } from "../http/sidecar-fixture.ts";
import { startBrowser } from "../support/browser.ts";
import { needProgram } from "../support/debian.ts";
import { hour, minute, openPageScene, type PageSceneOptions, second, textOf } from "./page-scene.ts";
import { pageStates, showState } from "./page-states.ts";

const closed = { end: start + 2 * hour };

const ids = (elements: readonly { readonly id: string }[]) => elements.map(({ id }) => id);

/** The lines of the sentence about the opening, as they are laid out. */
const shownLines = `(() => {
  const lines = [];
  let bottom = null;
  const walker = document.createTreeWalker(document.getElementById("expected"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    for (let at = 0; at < walker.currentNode.data.length; at++) {
      const range = document.createRange();
      range.setStart(walker.currentNode, at);
      range.setEnd(walker.currentNode, at + 1);
      const box = range.getClientRects()[0];
      if (box === undefined) continue;
      if (bottom === null || Math.abs(box.bottom - bottom) > 8) {
        lines.push("");
        bottom = box.bottom;
      }
      lines[lines.length - 1] += walker.currentNode.data[at];
    }
  }
  return lines;
})()`;

describe.skipIf((await needProgram("chromium")) === null)("the page in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  test.each<[string, BrowserContextOptions, string]>([
    ["Tokyo, in the way of Britain", { timezoneId: "Asia/Tokyo" }, "20 November 2026 at 20:00 GMT+9"],
    ["New York", { timezoneId: "America/New_York", locale: "en-US" }, "November 20, 2026 at 6:00 AM EST"],
    ["Vienna", { timezoneId: "Europe/Vienna", locale: "de-AT" }, "20. November 2026 um 12:00 MEZ"],
    ["Kathmandu", { timezoneId: "Asia/Kathmandu", locale: "ja" }, "2026年11月20日 16:45 GMT+5:45"],
    ["Tehran", { timezoneId: "Asia/Tehran", locale: "fa" }, "۲۹ آبان ۱۴۰۵ ساعت ۱۴:۳۰ (‎+۳:۳۰ گرینویچ)"],
    ["nowhere, without script", { javaScriptEnabled: false }, "20 November 2026 at 12:00 CET (11:00 UTC)"],
  ])("names the opening to a visitor in %s", async (_, visitor, expected) => {
    const config = { timezone: "Europe/Berlin" };
    await using scene = await openPageScene(browser, { periods: [closed], config, visitor });
    await scene.page.goto(scene.url);
    expect(await textOf(scene.page, "time")).toBe(expected);
    expect(scene.complaints).toEqual([]);
  });

  test("names it where the browser names no language that there is", async () => {
    await using scene = await openPageScene(browser, { periods: [closed] });
    await scene.page.addInitScript("Object.defineProperty(navigator, 'languages', { get: () => ['en-US@posix'] })");
    await scene.page.goto(scene.url);
    expect(await textOf(scene.page, "time")).toStartWith("November 20, 2026 at 11:00 AM");
  });

  test("counts down by what the server says, whatever the visitor's clock", async () => {
    await using scene = await openPageScene(browser, { periods: [{ end: start + 49 * hour }] });
    const { page } = scene;
    await page.clock.setSystemTime(start + 400 * hour);
    await page.goto(scene.url);
    const timer = page.getByRole("timer", { name: "Time left" });
    const read = async () => ((await timer.textContent()) ?? "").replace(/\s+/g, " ").trim();
    expect(await read()).toBe("2 days 01:00:00");
    await page.clock.setSystemTime(start);
    await page.clock.runFor(3 * second);
    expect(await read()).toBe("2 days 00:59:57");
    await scene.pass(25 * hour);
    await page.clock.runFor(second);
    expect(await read()).toBe("23:59:56");
    await scene.pass(23 * hour);
    await page.clock.runFor(second);
    expect(await read()).toBe("59:55");
    expect(scene.complaints).toEqual([]);
  });

  test("says so when it takes longer, but not while it may just have opened", async () => {
    await using scene = await openPageScene(browser, { periods: [{ end: start + 2 * second }] });
    const { page } = scene;
    await page.goto(scene.url);
    const shown = () => page.locator("#left, #expected, #overdue").filter({ visible: true }).evaluateAll(ids);
    await page.clock.runFor(3 * second);
    expect([await shown(), await page.textContent("#clock")]).toEqual([["left", "expected"], "00:00"]);
    await page.clock.runFor(20 * second);
    expect(await shown()).toEqual(["overdue"]);
  });

  test.each<[string, number, readonly string[]]>([
    ["en-GB", 390, ["We expect to be back", "on 20 November 2026", "at 11:00 UTC."]],
    ["de-DE", 320, ["Wir sind voraussichtlich", "am 20. November 2026", "um 11:00 UTC zurück."]],
    ["ko-KR", 320, ["2026년 11월 20일", "오전 11:00 UTC에", "서비스를 재개할 예정입니다."]],
    [
      "ca-ES",
      320,
      ["Preveiem tornar a", "estar disponibles el dia", "20 de novembre", "del 2026,", "a les 11:00 UTC."],
    ],
  ])("ends no line within the day or the clock where it need not (%s at %d pixels)", async (locale, width, lines) => {
    const visitor = { locale, viewport: { width, height: 800 } };
    await using scene = await openPageScene(browser, { periods: [closed], visitor });
    await scene.page.goto(scene.url);
    const shown = (await scene.page.evaluate<string[]>(shownLines)).map((line) => line.replace(/\s+/g, " ").trim());
    expect(shown).toEqual([...lines]);
  });

  test("counts from left to right in a language that is written from right to left", async () => {
    await using scene = await openPageScene(browser, {
      periods: [{ end: start + 49 * hour }],
      visitor: { locale: "ar" },
    });
    const { page } = scene;
    await page.goto(scene.url);
    const [days, clock] = [await page.locator("#days").boundingBox(), await page.locator("#clock").boundingBox()];
    expect((days?.x ?? 0) > (clock?.x ?? 0)).toBe(true);
    expect(await page.evaluate("getComputedStyle(document.getElementById('clock')).direction")).toBe("ltr");
  });

  test("without script it promises nothing that it cannot do", async () => {
    await using scene = await openPageScene(browser, { periods: [closed], visitor: { javaScriptEnabled: false } });
    const { page } = scene;
    await page.goto(`${scene.url}cart?item=1`);
    expect(await page.locator("#returns, #left, #overdue").filter({ visible: true }).count()).toBe(0);
    scene.asked();
    await page.getByRole("link", { name: "Try again" }).click();
    await page.waitForLoadState();
    expect(scene.asked()).toEqual(["GET /cart?item=1"]);
  });

  test.each<[string, PageSceneOptions, boolean]>([
    ["a path", { config: { staffUrl: "/staff" } }, true],
    ["nothing", {}, false],
  ])("shows a way in for staff where %s is configured", async (_, options, isShown) => {
    await using scene = await openPageScene(browser, { periods: [closed], ...options });
    await scene.page.goto(scene.url);
    expect(await scene.page.getByRole("link", { name: "Staff" }).isVisible()).toBe(isShown);
  });

  test("asks for nothing but what it looks for, and its policy refuses nothing of its own", async () => {
    await using scene = await openPageScene(browser, { periods: [closed] });
    await scene.page.goto(scene.url);
    for (let turn = 0; turn < 2; turn++) {
      await scene.pass(minute);
      await scene.settle();
    }
    expect(scene.asked()).toEqual(["GET /", "GET /.lull/up", "GET /.lull/up"]);
    expect(scene.complaints).toEqual([]);
  });

  describe.each(pageStates.map((state) => [state.name, state] as const))("%s", (_, state) => {
    test.each<["light" | "dark", number]>([
      ["light", 320],
      ["light", 1280],
      ["dark", 320],
      ["dark", 1280],
    ])("is accessible in %s at %d pixels, and needs no scrolling to the side", async (colorScheme, width) => {
      const viewport = { width, height: 800 };
      await using scene = await showState(browser, state, { viewport, colorScheme, bypassCSP: true });
      const { page } = scene;
      await page.evaluate(axe.source);
      // It waits by timers.
      await page.clock.resume();
      const result: { violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] } =
        await page.evaluate(
          "axe.run({ runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } })",
        );
      expect(result.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
      expect(result.passes.length).toBeGreaterThan(15);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      expect(scene.complaints).toEqual([]);
    });
  });
});
