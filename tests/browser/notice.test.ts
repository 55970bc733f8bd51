import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import type { Period } from "../../src/gate/period.ts";
import { start } from "../http/sidecar-fixture.ts";
import { startBrowser } from "../support/browser.ts";
import { needProgram } from "../support/debian.ts";
import { hour, minute, openScene, pageWith, SCRIPT, type Scene } from "./notice-page.ts";

/** In 23 hours, within the lead of 24: 2026-11-21 from 08:00 to 10:00 UTC. */
const soon: Partial<Period> = { start: start + 23 * hour, end: start + 25 * hour };

const banner = (page: Page) => page.locator("#lull-notice");
const status = (page: Page) => page.getByRole("status");
const closeButton = (page: Page) => banner(page).getByRole("button");

/** Opens the page and waits until the notice has asked what is planned. */
async function visit({ page, url }: Scene): Promise<void> {
  const answered = page.waitForResponse("**/.lull/upcoming.json");
  await page.goto(url);
  await (await answered).finished();
  await settle(page);
}

/** Returns when the page has done what it had to do: promises are settled, and what they changed is there. */
async function settle(page: Page): Promise<void> {
  await page.evaluate("fetch('/nothing').then(() => 0)");
}

/** A line each; spaces as such, however narrow. */
async function text(page: Page): Promise<string> {
  const lines = await status(page).locator("div").allTextContents();
  return lines.join("\n").replace(/[\u2009\u202f\u00a0]/g, " ");
}

describe.skipIf((await needProgram("chromium")) === null)("the notice in a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  test.each<[string, string, string, string]>([
    ["UTC", "UTC", "en-GB", "Planned maintenance: Sat 21 Nov, 08:00–10:00 UTC"],
    ["Tokyo", "Asia/Tokyo", "en-GB", "17:00"],
    ["New York, a German page", "America/New_York", "de", "Sa., 21. Nov., 03:00–05:00 Uhr GMT-5"],
    ["Kathmandu, a page whose language nobody knows", "Asia/Kathmandu", "x-%%", "GMT+5:45"],
  ])("tells start and end to a visitor in %s", async (_, timezone, language, expected) => {
    const html = pageWith(SCRIPT, `lang="${language}"`);
    await using scene = await openScene(browser, { periods: [soon], timezone, html });
    await visit(scene);
    expect(await text(scene.page)).toContain(expected);
    expect(scene.complaints).toEqual([]);
  });

  test.each<[string, Partial<Period>]>([
    ["one that begins after the lead", { start: start + 24 * hour + minute, end: null }],
    ["one that is disabled", { ...soon, enabled: false }],
    ["one that is over", { start: start - hour, end: start }],
  ])("does not tell of %s", async (_, period) => {
    await using scene = await openScene(browser, { periods: [period] });
    await visit(scene);
    expect(await banner(scene.page).count()).toBe(0);
    expect(scene.complaints).toEqual([]);
  });

  test("appears when the lead begins, and goes when the period is over", async () => {
    const periods = [{ start: start + 24 * hour + minute, end: start + 24 * hour + 2 * minute }];
    await using scene = await openScene(browser, { periods });
    await visit(scene);
    expect(await banner(scene.page).count()).toBe(0);
    await scene.pass(minute);
    await banner(scene.page).waitFor();
    await scene.pass(24 * hour + minute - 1);
    await settle(scene.page);
    expect(await banner(scene.page).count()).toBe(1);
    await scene.pass(500);
    await banner(scene.page).waitFor({ state: "detached" });
  });

  test("goes when the period is cancelled, and is asked for every three minutes and no sooner", async () => {
    await using scene = await openScene(browser, { periods: [soon] });
    await visit(scene);
    expect([scene.asked(), await banner(scene.page).count()]).toEqual([1, 1]);
    scene.sidecar.place({ policy: { noticeLeadMs: 24 * hour } });
    await scene.pass(3 * minute - 1000);
    await settle(scene.page);
    expect([scene.asked(), await banner(scene.page).count()]).toEqual([1, 1]);
    const answered = scene.page.waitForResponse("**/.lull/upcoming.json");
    await scene.pass(1000);
    await (await answered).finished();
    await banner(scene.page).waitFor({ state: "detached" });
    expect(scene.asked()).toBe(2);
  });

  test("asks again when the tab is looked at again", async () => {
    await using scene = await openScene(browser, { periods: [] });
    await visit(scene);
    scene.sidecar.place({ periods: [soon], policy: { noticeLeadMs: 24 * hour } });
    await scene.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    await banner(scene.page).waitFor();
    expect(scene.asked()).toBe(2);
  });

  test("stays, and says nothing, while nobody answers", async () => {
    await using scene = await openScene(browser, { periods: [soon] });
    await visit(scene);
    scene.cut();
    const answered = scene.page.waitForResponse("**/.lull/upcoming.json");
    await scene.pass(3 * minute);
    await (await answered).finished();
    await settle(scene.page);
    expect(await banner(scene.page).count()).toBe(1);
    expect(scene.complaints).toEqual([]);
  });

  test("does nothing when nobody ever answers", async () => {
    await using scene = await openScene(browser, { empty: true });
    await visit(scene);
    expect(await banner(scene.page).count()).toBe(0);
    expect(await scene.page.locator("#content").textContent()).toBe("Content");
    expect(scene.complaints).toEqual([]);
  });

  test("is closed by the keyboard, and stays closed over a reload; another start shows again", async () => {
    await using scene = await openScene(browser, { periods: [soon] });
    await visit(scene);
    await scene.page.keyboard.press("Tab");
    await scene.page.keyboard.press("Enter");
    expect(await banner(scene.page).count()).toBe(0);
    await visit(scene);
    expect(await banner(scene.page).count()).toBe(0);
    scene.sidecar.place({
      periods: [soon, { ...soon, start: start + 23.5 * hour }],
      policy: { noticeLeadMs: 24 * hour },
    });
    await visit(scene);
    expect(await text(scene.page)).toContain("08:30");
  });

  test("is closed where nothing can be stored", async () => {
    await using scene = await openScene(browser, { periods: [soon] });
    await scene.page.addInitScript(
      "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })",
    );
    await visit(scene);
    await closeButton(scene.page).click();
    expect(await banner(scene.page).count()).toBe(0);
    await scene.pass(minute);
    expect(await banner(scene.page).count()).toBe(0);
    expect(scene.complaints).toEqual([]);
  });

  test("what operators wrote is text", async () => {
    const reason = '<script>document.title = "taken"</script><b>disks</b>';
    const message = '<img src=x onerror="document.title=1">\nsecond line';
    await using scene = await openScene(browser, { periods: [{ ...soon, reason, message }] });
    await visit(scene);
    expect(await text(scene.page)).toContain(`${reason}\n${message}`);
    expect(await banner(scene.page).locator("script, b, img").count()).toBe(0);
    expect([await scene.page.title(), scene.complaints]).toEqual(["t", []]);
  });

  test("takes the page's own words, of which nothing is markup", async () => {
    const script = `<script src="/.lull/notice.js" defer data-text="Wartung &lt;b> {start} bis {end}: {reason} {x}"
      data-close="Schließen"></script>`;
    const html = pageWith(script, 'lang="de"');
    await using scene = await openScene(browser, { periods: [{ ...soon, reason: "{end}", message: "unsaid" }], html });
    await visit(scene);
    expect(await text(scene.page)).toBe("Wartung <b> Sa., 21. Nov., 08:00 UTC bis Sa., 21. Nov., 10:00 UTC: {end} {x}");
    expect(await closeButton(scene.page).textContent()).toBe("Schließen");
  });

  test.each<[string, Partial<Period>, string]>([
    ["without an end", { end: null }, "Planned maintenance from Sat 21 Nov, 08:00 UTC"],
    [
      "with an end that is expected",
      { end: null, expectedEnd: start + 24 * hour },
      "Planned maintenance: Sat 21 Nov, 08:00–09:00 UTC",
    ],
  ])("tells of one %s", async (_, change, expected) => {
    await using scene = await openScene(browser, { periods: [{ ...soon, ...change }] });
    await visit(scene);
    expect(await text(scene.page)).toContain(expected);
  });

  test("goes by the sidecar's clock where the visitor's is wrong", async () => {
    await using scene = await openScene(browser, { periods: [{ start: start + 25 * hour, end: null }] });
    await scene.page.clock.setSystemTime(start + 2 * hour);
    await visit(scene);
    expect(await banner(scene.page).count()).toBe(0);
  });

  test("goes on asking where the visitor's clock is set back", async () => {
    await using scene = await openScene(browser, { periods: [] });
    await visit(scene);
    await scene.page.clock.setSystemTime(start - 24 * hour);
    const answered = scene.page.waitForResponse("**/.lull/upcoming.json");
    await scene.pass(3 * minute);
    await (await answered).finished();
    expect(scene.asked()).toBe(2);
  });

  test("is one, however often the page includes it", async () => {
    await using scene = await openScene(browser, { periods: [soon], html: pageWith(SCRIPT + SCRIPT) });
    await visit(scene);
    expect([await banner(scene.page).count(), scene.asked()]).toEqual([1, 1]);
  });

  test("takes an expected end that has passed for none", async () => {
    const period = { start: start - hour, end: null, expectedEnd: start + minute };
    await using scene = await openScene(browser, { periods: [period] });
    await visit(scene);
    expect(await text(scene.page)).toBe("Planned maintenance: Fri 20 Nov, 08:00–09:01 UTC");
    await scene.pass(minute);
    await settle(scene.page);
    expect(await text(scene.page)).toBe("Planned maintenance from Fri 20 Nov, 08:00 UTC");
    expect(scene.asked()).toBe(1);
  });

  test("comes back when the page takes it away, and when it could not be put there at first", async () => {
    await using scene = await openScene(browser, { periods: [soon] });
    await scene.page.addInitScript(`
      const prepend = Element.prototype.prepend;
      let times = 0;
      Element.prototype.prepend = function (...nodes) {
        if (times++ === 0) throw new Error("not yet");
        prepend.apply(this, nodes);
      };
    `);
    await visit(scene);
    expect(await banner(scene.page).count()).toBe(0);
    for (let turn = 0; turn < 2; turn++) {
      await scene.pass(3 * minute);
      await banner(scene.page).waitFor();
      await scene.page.evaluate("document.getElementById('lull-notice').remove()");
    }
    expect(scene.complaints).toEqual([]);
  });

  test("stands at the top, with the button at the end of the line, in either direction", async () => {
    for (const direction of ["ltr", "rtl"]) {
      const html = pageWith(`<p id="content">Content</p>${SCRIPT}`, `lang="ar" dir="${direction}"`);
      await using scene = await openScene(browser, { periods: [soon], html });
      await visit(scene);
      const [words, button] = [await status(scene.page).boundingBox(), await closeButton(scene.page).boundingBox()];
      expect((words?.x ?? 0) < (button?.x ?? 0)).toBe(direction === "ltr");
      const content = await scene.page.locator("#content").boundingBox();
      expect((content?.y ?? 0) > (words?.y ?? 0)).toBe(true);
    }
  });

  test("in a head without defer it waits for the body", async () => {
    const rest = Promise.withResolvers<void>();
    const html = new ReadableStream<string>({
      async start(controller) {
        // A browser reads the beginning of a page before it shows any of it.
        controller.enqueue(
          `<!doctype html><title>t</title><!--${"-".repeat(4096)}--><script src="/.lull/notice.js"></script>`,
        );
        await rest.promise;
        controller.enqueue('<p id="content">Content</p>');
        controller.close();
      },
    });
    await using scene = await openScene(browser, { periods: [soon], html });
    const script = scene.page.waitForResponse("**/.lull/notice.js");
    const visited = visit(scene);
    await (await script).finished();
    await settle(scene.page);
    expect(scene.asked()).toBe(0);
    rest.resolve();
    await visited;
    expect(await banner(scene.page).count()).toBe(1);
    expect(scene.complaints).toEqual([]);
  });
});
