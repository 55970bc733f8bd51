/**
 * `bun tests/browser/page-screenshots.ts FOLDER` photographs the built-in page as visitors see it, for people to look at.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BrowserContextOptions } from "playwright-core";
import { start } from "../http/sidecar-fixture.ts";
import { startBrowser } from "../support/browser.ts";
import { hour, minute, second } from "./page-scene.ts";
import { type PageState, pageState, showState } from "./page-states.ts";

interface Picture {
  readonly name: string;
  readonly state: PageState;
  readonly visitor: BrowserContextOptions;
  /** As it would leave a printer. */
  readonly isPrinted?: boolean;
  /** Before the shutter. */
  readonly waitMs?: number;
  /** The site has opened, and the page has seen it. */
  readonly isBack?: boolean;
}

const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };
const small = { viewport: { width: 320, height: 640 }, deviceScaleFactor: 2 };
const dark: BrowserContextOptions = { colorScheme: "dark" };

const closed = pageState("closed");
const plain = pageState("closed", { period: { message: "" } });
const form = pageState("a form", { method: "POST" });
const long = pageState("long", {
  site: "Donaudampfschifffahrtsgesellschaft zu Regensburg und Passau",
  period: {
    reason: "Umstellung der Rechtsschutzversicherungsgesellschaftenverwaltungssoftware",
    message:
      "Wir ziehen unsere Anwendungen auf neue Rechner um. Ihre Buchungen bleiben erhalten.\n\nFragen? kundendienst@donaudampfschifffahrtsgesellschaft.example beantwortet sie gern, auch während der Wartungsarbeiten, und ruft auf Wunsch zurück.",
  },
});

const pictures: readonly Picture[] = [
  { name: "desktop", state: plain, visitor: desktop },
  { name: "desktop-message", state: closed, visitor: desktop },
  { name: "desktop-dark", state: closed, visitor: { ...desktop, ...dark } },
  { name: "desktop-no-script", state: closed, visitor: { ...desktop, javaScriptEnabled: false } },
  { name: "desktop-unknown", state: pageState("unknown", { period: { end: null, message: "" } }), visitor: desktop },
  {
    name: "desktop-overdue",
    state: pageState("overdue", { period: { end: start + second, message: "" } }),
    visitor: desktop,
    waitMs: 25 * second,
  },
  { name: "desktop-form", state: form, visitor: desktop },
  { name: "desktop-form-dark", state: form, visitor: { ...desktop, ...dark } },
  { name: "desktop-form-back", state: form, visitor: desktop, isBack: true },
  {
    name: "desktop-read-only",
    state: pageState("read-only", { method: "POST", period: { mode: "readonly", message: "" } }),
    visitor: desktop,
  },
  { name: "desktop-print", state: closed, visitor: { viewport: { width: 794, height: 1123 } }, isPrinted: true },
  { name: "phone", state: closed, visitor: phone },
  { name: "phone-dark", state: plain, visitor: { ...phone, ...dark } },
  { name: "phone-320-form", state: form, visitor: small },
  { name: "phone-320-german", state: long, visitor: { ...small, locale: "de-DE" } },
  {
    name: "arabic",
    state: pageState("days", { period: { end: start + 50 * hour + 3 * minute, message: "" } }),
    visitor: { ...desktop, locale: "ar" },
  },
  { name: "arabic-phone", state: closed, visitor: { ...phone, locale: "ar" } },
  { name: "japanese", state: plain, visitor: { ...desktop, locale: "ja" } },
  { name: "japanese-phone", state: plain, visitor: { ...phone, locale: "ja" } },
];

async function takePictures(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await startBrowser();
  try {
    for (const { name, state, visitor, isPrinted = false, waitMs = 0, isBack = false } of pictures) {
      await using scene = await showState(browser, state, visitor);
      if (isPrinted) await scene.page.emulateMedia({ media: "print" });
      await scene.page.clock.runFor(waitMs);
      if (isBack) {
        scene.sidecar.place({});
        await scene.pass(minute);
        await scene.settle();
      }
      await scene.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
      console.log(join(folder, `${name}.png`));
    }
  } finally {
    await browser.close();
  }
}

if (import.meta.main) {
  const folder = Bun.argv[2];
  if (folder === undefined) {
    console.error("name the folder for the pictures: bun tests/browser/page-screenshots.ts FOLDER");
    process.exitCode = 1;
  } else await takePictures(folder);
}
