/** What the notice tells whom a closed site lets in. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, Page } from "playwright-core";
import { insecureCookieName } from "../../src/gate/bypass.ts";
import { bypass, key, sealed } from "../http/bypass-builders.ts";
import { start } from "../http/sidecar-fixture.ts";
import { startBrowser } from "../support/browser.ts";
import { needProgram } from "../support/debian.ts";
import { hour, minute, openScene, pageWith, SCRIPT, type Scene, type SceneOptions } from "./notice-page.ts";

const groups = (value: string) => ({ header: "x-groups", value });
const claims = { staff: groups("staff"), superuser: groups("root") };
const closed: SceneOptions = {
  periods: [{ end: start + 2 * hour }],
  exemptions: [{ kind: "network", value: "10.0.0.0/8" }],
  bypasses: [bypass({ mayBeInsecure: true, expires: start + 4 * hour })],
  bypassKeys: [key],
  config: { staff: { blockStaff: false, claims, tokens: null, probe: null } },
};
const asStaff: SceneOptions = { ...closed, says: { "X-Groups": "staff" } };
const cookie = sealed({ mayBeInsecure: true, expires: start + 4 * hour });
const sentence = (way: string) => `This site is closed for visitors. You are let in ${way}.`;

const entry = (page: Page) => page.locator("#lull-entry");
const notice = (page: Page) => page.locator("#lull-notice");
const words = (page: Page) => entry(page).getByRole("status").textContent();

/** Opens the page, and waits until the notice has asked about the visitor, or only what is planned. */
async function visit({ page, url }: Scene, what: "upcoming" | "visit" = "visit"): Promise<void> {
  const answered = page.waitForResponse(`**/.lull/${what}.json`);
  await page.goto(url);
  await (await answered).finished();
  await settle(page);
}

/** Lets three minutes pass, after which the notice asks again. */
async function askAgain(scene: Scene, what: "upcoming" | "visit"): Promise<void> {
  const answered = scene.page.waitForResponse(`**/.lull/${what}.json`);
  await scene.pass(3 * minute);
  await (await answered).finished();
  await settle(scene.page);
}

/** Returns when promises are settled, and what they changed is there. */
async function settle(page: Page): Promise<void> {
  await page.evaluate("fetch('/nothing').then(() => 0)");
}

describe.skipIf((await needProgram("chromium")) === null)("the bar for whom a closed site lets in", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  test.each<[string, SceneOptions["says"], string]>([
    ["staff", { "X-Groups": "staff" }, "as staff"],
    ["superusers", { "X-Groups": "root" }, "as staff"],
    ["who is in an exempt network", { "X-Real-IP": "10.1.2.3" }, "by your network"],
  ])("says so to %s, at the top, and the notice does not say it again", async (_, says = {}, way) => {
    await using scene = await openScene(browser, { ...closed, says });
    await visit(scene);
    expect(await words(scene.page)).toBe(sentence(way));
    expect(await scene.page.evaluate("document.body.firstElementChild.id")).toBe("lull-entry");
    expect(await notice(scene.page).count()).toBe(0);
    expect(scene.complaints).toEqual([]);
  });

  test("says so to who has redeemed a bypass, until it is revoked", async () => {
    await using scene = await openScene(browser, closed);
    await scene.context.addCookies([{ name: insecureCookieName, value: cookie, url: scene.url, httpOnly: true }]);
    await visit(scene);
    expect(await words(scene.page)).toBe(sentence("by a bypass"));
    scene.sidecar.place({ ...closed, bypasses: [], policy: { noticeLeadMs: 24 * hour } });
    await askAgain(scene, "visit");
    expect([await entry(scene.page).count(), await notice(scene.page).count()]).toEqual([0, 1]);
    expect(scene.complaints).toEqual([]);
  });

  test.each<[string, SceneOptions]>([
    ["others, who are on a page that is exempt", closed],
    ["staff who wait outside", { ...asStaff, policy: { noticeLeadMs: 24 * hour, blockStaff: true } }],
  ])("is not there for %s", async (_, options) => {
    await using scene = await openScene(browser, options);
    await visit(scene);
    expect([await entry(scene.page).count(), await notice(scene.page).count()]).toEqual([0, 1]);
    expect(scene.complaints).toEqual([]);
  });

  test.each<[string, SceneOptions["periods"]]>([
    ["nothing is planned", []],
    ["it closes soon", [{ start: start + minute, end: null }]],
    ["it is read-only", [{ mode: "readonly" }]],
    ["it was closed", [{ end: start }]],
    ["another site is closed", [{ siteId: 2 }]],
  ])("nobody asks for it while %s", async (_, periods = []) => {
    const sites = [{ domain: "*" }, { id: 2, domain: "two.example" }];
    await using scene = await openScene(browser, { ...asStaff, sites, periods });
    await visit(scene, "upcoming");
    expect([scene.asked(), scene.askedVisit(), await entry(scene.page).count()]).toEqual([1, 0, 0]);
  });

  test("comes when the site closes, and goes at the very end", async () => {
    const periods = [{ start: start + minute, end: start + 4 * minute }];
    await using scene = await openScene(browser, { ...asStaff, periods });
    await visit(scene, "upcoming");
    expect(await entry(scene.page).count()).toBe(0);
    await askAgain(scene, "visit");
    expect(await words(scene.page)).toBe(sentence("as staff"));
    await scene.pass(minute - 1);
    await settle(scene.page);
    expect(await entry(scene.page).count()).toBe(1);
    await scene.pass(500);
    await entry(scene.page).waitFor({ state: "detached" });
    expect(scene.askedVisit()).toBe(1);
  });

  test("goes at the end also while something else goes on that was there before", async () => {
    const readonly = { start: start - hour, end: null, mode: "readonly" } as const;
    const periods = [readonly, { start: start - minute, end: start + minute }];
    await using scene = await openScene(browser, { ...asStaff, periods });
    await visit(scene);
    expect(await entry(scene.page).count()).toBe(1);
    await scene.pass(minute);
    await entry(scene.page).waitFor({ state: "detached" });
    expect(await notice(scene.page).count()).toBe(1);
  });

  test("goes when somebody opens the site", async () => {
    await using scene = await openScene(browser, asStaff);
    await visit(scene);
    expect(await entry(scene.page).count()).toBe(1);
    scene.sidecar.place({ ...asStaff, periods: [] });
    await askAgain(scene, "upcoming");
    expect([await entry(scene.page).count(), await notice(scene.page).count()]).toEqual([0, 0]);
  });

  test("is closed by the keyboard, and is there again with the next page", async () => {
    await using scene = await openScene(browser, asStaff);
    await visit(scene);
    await scene.page.keyboard.press("Tab");
    await scene.page.keyboard.press("Enter");
    expect([await entry(scene.page).count(), await notice(scene.page).count()]).toEqual([0, 1]);
    await askAgain(scene, "visit");
    expect(await entry(scene.page).count()).toBe(0);
    await visit(scene);
    expect(await entry(scene.page).count()).toBe(1);
  });

  test.each<[string, SceneOptions["periods"]]>([
    ["the running one", [{ end: start + 2 * hour }]],
    [
      "another one that runs",
      [{ start: start - hour, end: start + hour, mode: "readonly" }, { end: start + 2 * hour }],
    ],
  ])("stands in place of the notice about %s, beside that of a later one", async (_, running = []) => {
    const later = { start: start + 3 * hour, end: start + 4 * hour };
    await using scene = await openScene(browser, { ...asStaff, periods: [...running, later] });
    await visit(scene);
    expect(await words(scene.page)).toBe(sentence("as staff"));
    expect(await notice(scene.page).getByRole("status").textContent()).toContain("12:00");
    await entry(scene.page).getByRole("button").click();
    expect(await notice(scene.page).getByRole("status").textContent()).not.toContain("12:00");
  });

  test("takes the place of the notice when the site closes", async () => {
    const periods = [{ start: start + minute, end: start + 2 * hour }];
    await using scene = await openScene(browser, { ...asStaff, periods });
    await visit(scene, "upcoming");
    expect([await entry(scene.page).count(), await notice(scene.page).count()]).toEqual([0, 1]);
    await askAgain(scene, "visit");
    expect([await entry(scene.page).count(), await notice(scene.page).count()]).toEqual([1, 0]);
  });

  test("does not depend on the notice, which may be closed for good", async () => {
    const later = { start: start + 3 * hour, end: start + 4 * hour };
    await using scene = await openScene(browser, { ...asStaff, periods: [{ end: start + 2 * hour }, later] });
    await visit(scene);
    await notice(scene.page).getByRole("button").click();
    expect([await entry(scene.page).count(), await notice(scene.page).count()]).toEqual([1, 0]);
    await visit(scene);
    expect([await entry(scene.page).count(), await notice(scene.page).count()]).toEqual([1, 0]);
  });

  test("comes back when the page takes it away", async () => {
    await using scene = await openScene(browser, asStaff);
    await visit(scene);
    await scene.page.evaluate("document.getElementById('lull-entry').remove()");
    await askAgain(scene, "visit");
    expect(await words(scene.page)).toBe(sentence("as staff"));
  });

  test("stays while nobody answers", async () => {
    await using scene = await openScene(browser, asStaff);
    await visit(scene);
    scene.cut();
    await askAgain(scene, "visit");
    expect(await words(scene.page)).toBe(sentence("as staff"));
    expect(scene.complaints).toEqual([]);
  });

  test.each<[string, string, SceneOptions["says"], string]>([
    ["staff", 'data-as-staff="als &lt;b>Team"', { "X-Groups": "staff" }, "Zu. Drin: als <b>Team, als <b>Team."],
    ["networks", 'data-as-network="im Haus"', { "X-Real-IP": "10.1.2.3" }, "Zu. Drin: im Haus, im Haus."],
    ["what the page has no words for", "", { "X-Groups": "root" }, "Zu. Drin: as staff, as staff."],
  ])("takes the page's own words, of which nothing is markup: for %s", async (_, attribute, says = {}, expected) => {
    const script = `<script src="/.lull/notice.js" defer data-text-closed="Zu. Drin: {as}, {as}." data-close="Schließen" ${attribute}></script>`;
    await using scene = await openScene(browser, { ...closed, says, html: pageWith(script, 'lang="de"') });
    await visit(scene);
    expect(await words(scene.page)).toBe(expected);
    expect(await entry(scene.page).getByRole("button").textContent()).toBe("Schließen");
    expect(await entry(scene.page).locator("b").count()).toBe(0);
    expect(scene.complaints).toEqual([]);
  });

  test("takes the page's own words for bypasses, too", async () => {
    const html = pageWith(SCRIPT.replace(" defer", () => ' defer data-as-bypass="mit $& Link"'));
    await using scene = await openScene(browser, { ...closed, html });
    await scene.context.addCookies([{ name: insecureCookieName, value: cookie, url: scene.url }]);
    await visit(scene);
    expect(await words(scene.page)).toBe(sentence("mit $& Link"));
  });
});
