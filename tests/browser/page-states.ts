import type { Browser, BrowserContextOptions } from "playwright-core";
import type { Period } from "../../src/gate/period.ts";
import { start } from "../http/sidecar-fixture.ts";
import { hour, minute, openPageScene, type PageScene, type PageSceneOptions } from "./page-scene.ts";

/** The page in one of the states in which visitors see it. */
export interface PageState {
  readonly name: string;
  readonly options: PageSceneOptions;
  /** How the visitor comes to it. */
  readonly method: "GET" | "POST";
}

interface StateChange {
  readonly period?: Partial<Period>;
  readonly site?: string;
  readonly method?: PageState["method"];
  readonly locale?: string;
}

const closed: Partial<Period> = {
  end: start + 2 * hour + 13 * minute,
  reason: "New disks for the database",
  message: "We are moving to new machines.\n\nOrders that you placed are safe, and parcels are on their way.",
};

/** A shop that is closed for a good two hours, with some of it changed. */
export function pageState(name: string, change: StateChange = {}): PageState {
  const { period, site = "Tea & Company", method = "GET", locale = "en-GB" } = change;
  const options: PageSceneOptions = {
    sites: [{ name: site }],
    periods: [{ ...closed, ...period }],
    config: { staffUrl: "/staff", timezone: "Europe/Berlin" },
    visitor: { locale, timezoneId: "Europe/Berlin" },
  };
  return { name, options, method };
}

export const pageStates: readonly PageState[] = [
  pageState("closed"),
  pageState("closed, with nothing known", { site: "", period: { end: null, reason: "", message: "" } }),
  pageState("closed for days, in Arabic", { locale: "ar", period: { end: start + 50 * hour, message: "" } }),
  pageState("closed for a form", { method: "POST" }),
  pageState("read-only for a form", { method: "POST", period: { mode: "readonly", message: "" } }),
];

/** Opens the page as a visitor comes to it: by its address, or by sending a form to it. */
export async function showState(
  browser: Browser,
  { options, method }: PageState,
  visitor: BrowserContextOptions = {},
): Promise<PageScene> {
  const scene = await openPageScene(browser, { ...options, visitor: { ...options.visitor, ...visitor } });
  await visit(scene, "", method);
  return scene;
}

/** Opens the page by a link, or, with a form, by sending it. */
export async function visit(
  { page, url, asked }: PageScene,
  path = "",
  method: PageState["method"] = "GET",
): Promise<void> {
  if (method === "GET") await page.goto(url + path);
  else {
    const html = `<link rel="icon" href="data:,"><form method="post" action="/${path}"><input type="submit">`;
    await page.route("**/form", (route) => route.fulfill({ contentType: "text/html", body: html }));
    await page.goto(`${url}form`);
    const sent = page.waitForEvent("load");
    // By the keyboard, so that it is sent without script too.
    await page.locator("input").press("Enter");
    await sent;
    await page.unroute("**/form");
  }
  asked();
}
