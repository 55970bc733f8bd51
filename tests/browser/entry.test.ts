/** People let themselves in: a real browser over https, nginx, the compiled sidecar, and a Django with its own login. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { lacksStaffGate, type StaffGate, startStaffGate } from "../proxies/nginx/staff-gate.ts";
import { startBrowser } from "../support/browser.ts";
import { needProgram } from "../support/debian.ts";

const lacksIt = (await lacksStaffGate()) || (await needProgram("chromium")) === null;

describe.skipIf(lacksIt)("a person with a browser", () => {
  let scene: StaffGate;
  let browser: Browser;
  beforeAll(async () => {
    scene = await startStaffGate({ staff_url: "/admin/login/?next=/.lull/staff" });
    await scene.gate.lull.command("exempt", "add", "--path", "/admin/login");
    browser = await startBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await scene.stop();
  });

  async function visitor(): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => {
      // So the browser reports every 503, and what of a login page is missing while the site is closed.
      if (!/^Failed to load|\/static\/admin\//.test(message.text())) complaints.push(message.text());
    });
    return { context, page, complaints };
  }
  const heading = (page: Page) => page.locator("h1").first().textContent();
  const lullCookies = async (context: BrowserContext) =>
    (await context.cookies()).filter(({ name }) => name.includes("lull"));

  test("gets in by the link of a bypass and its button", async () => {
    const output = await scene.gate.lull.command("bypass", "create");
    const path = /\/\.lull\/bypass\/[\w-]{43}/.exec(output)?.[0] ?? "";
    const { context, page, complaints } = await visitor();
    expect((await page.goto(`${scene.origin}/`))?.status()).toBe(503);
    await page.goto(scene.origin + path);
    expect(await heading(page)).toBe("You may enter");
    await page.getByRole("button", { name: "Enter" }).click();
    await page.waitForURL(`${scene.origin}/`);
    expect(await page.textContent("body")).toBe("hello AnonymousUser");
    expect(await lullCookies(context)).toMatchObject([
      { name: "__Host-lull-bypass", secure: true, httpOnly: true, sameSite: "Lax", path: "/", domain: "127.0.0.1" },
    ]);
    expect(complaints).toEqual([]);
    await context.close();
  }, 30_000);

  test("of the staff follows the page's link, logs in, clicks, and is in", async () => {
    const { context, page, complaints } = await visitor();
    expect((await page.goto(`${scene.origin}/shop`))?.status()).toBe(503);
    await page.locator("footer a").click();
    await page.waitForURL(`${scene.origin}/.lull/staff?to=%2Fshop`);
    await page.getByRole("button", { name: "Enter as staff" }).click();
    await page.waitForLoadState();
    expect(await heading(page)).toBe("You are not logged in as staff here");
    await page.getByRole("link", { name: "Log in" }).click();
    await page.fill("#id_username", "staff");
    await page.fill("#id_password", "staff");
    await page.getByRole("button", { name: "Log in" }).click();
    await page.waitForURL(`${scene.origin}/.lull/staff`);
    // An address may ask once a second.
    await Bun.sleep(1_000);
    await page.getByRole("button", { name: "Enter as staff" }).click();
    await page.waitForURL(`${scene.origin}/`);
    expect(await page.textContent("body")).toBe("hello staff");
    const [cookie] = await lullCookies(context);
    expect((cookie?.expires ?? 0) - Date.now() / 1_000).toBeWithin(1_700, 1_801);
    expect(complaints).toEqual([]);
    await context.close();
  }, 30_000);

  test("of the staff clicks again when the half hour is over", async () => {
    const { context, page } = await visitor();
    await context.addCookies([
      { name: "sessionid", value: scene.site.cookies.staff.split("=")[1] ?? "", url: scene.origin },
    ]);
    await Bun.sleep(1_000);
    await page.goto(`${scene.origin}/.lull/staff`);
    await page.getByRole("button").click();
    await page.waitForURL(`${scene.origin}/`);
    await context.clearCookies({ name: "__Host-lull-bypass" });
    expect((await page.goto(`${scene.origin}/`))?.status()).toBe(503);
    await page.goto(`${scene.origin}/.lull/staff`);
    await Bun.sleep(1_000);
    await page.getByRole("button").click();
    await page.waitForURL(`${scene.origin}/`);
    expect(await page.textContent("body")).toBe("hello staff");
    await context.close();
  }, 30_000);

  test("of the staff who is logged in comes back to the page where the door was closed", async () => {
    const { context, page, complaints } = await visitor();
    await context.addCookies([
      { name: "sessionid", value: scene.site.cookies.staff.split("=")[1] ?? "", url: scene.origin },
    ]);
    // An address may ask once a second.
    await Bun.sleep(1_000);
    expect((await page.goto(`${scene.origin}/superusers-only/caf%C3%A9?x=y`))?.status()).toBe(503);
    await page.locator("footer a").click();
    await page.getByRole("button").click();
    await page.waitForURL(`${scene.origin}/superusers-only/caf%C3%A9`);
    // At the start there is nothing to come back to.
    await context.clearCookies({ name: "__Host-lull-bypass" });
    await page.goto(`${scene.origin}/`);
    expect(await page.locator("footer a").getAttribute("href")).toBe("/.lull/staff");
    expect(complaints).toEqual([]);
    await context.close();
  }, 30_000);

  test("is told on a plain http site, without a cookie", async () => {
    const { context, page } = await visitor();
    const { host, port } = scene.gate.address;
    const answer = await page.goto(`http://${host}:${port}/.lull/staff`);
    expect([answer?.status(), await heading(page)]).toEqual([400, "This page needs https"]);
    expect(await page.getByRole("button").count()).toBe(0);
    expect(await lullCookies(context)).toEqual([]);
    await context.close();
  });
});
