import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { type Fixture, type FixtureOptions, request, start, startFixture } from "../http/sidecar-fixture.ts";
import { sendRaw } from "../support/raw-http.ts";

export const hour = 3_600_000;
export const minute = 60_000;
export const second = 1_000;

/** What stands where the site's application should, and says. */
type Application = (request: Request) => Response;

export interface PageSceneOptions extends FixtureOptions {
  readonly visitor?: BrowserContextOptions;
  /** The proxy passes `/.lull/` on to the sidecar; so it is unless told otherwise. */
  readonly isRouted?: boolean;
  /** Answers in place of the sidecar and of the site; null: does not. */
  readonly instead?: (request: Request) => Response | null;
  readonly application?: Application;
}

/** A site behind a proxy, its sidecar, and a visitor whose clock stands at the sidecar's `start`. */
export interface PageScene extends AsyncDisposable {
  readonly sidecar: Fixture;
  readonly page: Page;
  readonly url: string;
  /** What the browser has asked for since the last look: `HEAD /`. */
  asked(): readonly string[];
  /** What went wrong in the page: errors, and what its policy refused. */
  readonly complaints: readonly string[];
  /** Time passes for the sidecar and for the visitor. */
  pass(milliseconds: number): Promise<void>;
  /** The visitor looks at another tab, or at this one again. */
  hide(isHidden: boolean): Promise<void>;
  /** Returns when the page has done what it had to do with the answers that it has. */
  settle(): Promise<void>;
}

export const applicationTitle = "The application";

/** Spaces as such, however narrow or firm. */
export async function textOf(page: Page, selector: string): Promise<string> {
  return ((await page.textContent(selector)) ?? "").replace(/\s+/g, " ").trim();
}

const application: Application = ({ url }) => {
  const page = `<!doctype html><title>${applicationTitle}</title><link rel="icon" href="data:,">`;
  const status = new URL(url).pathname.startsWith("/.lull/") ? 404 : 200;
  return new Response(page, {
    status,
    headers: { "Content-Type": "text/html" },
  });
};

export async function openPageScene(browser: Browser, options: PageSceneOptions = {}): Promise<PageScene> {
  const sidecar = await startFixture(options);
  let asked: string[] = [];
  const front = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(visit) {
      const { pathname, search } = new URL(visit.url);
      if (pathname === "/settled") return new Response(null, { status: 204 });
      asked.push(`${visit.method} ${pathname}${search}`);
      const other = options.instead?.(visit) ?? null;
      if (other !== null) return other;
      if (pathname.startsWith("/.lull/") && options.isRouted !== false) return fromSidecar(sidecar, "/public", visit);
      const check = await fromSidecar(sidecar, "/check/nginx", visit);
      if (check.status === 403) return fromSidecar(sidecar, "/answer", visit);
      return (options.application ?? application)(visit);
    },
  });
  const context = await browser.newContext({ timezoneId: "UTC", locale: "en-GB", ...options.visitor });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // So the browser reports every 503.
    if (!message.text().startsWith("Failed to load resource")) complaints.push(message.text());
  });
  // Stands still unless it is moved.
  await page.clock.install({ time: start - 1000 });
  await page.clock.pauseAt(start);
  return {
    sidecar,
    page,
    url: front.url.href,
    complaints,
    asked() {
      const all = asked;
      asked = [];
      return all;
    },
    async pass(milliseconds) {
      sidecar.clock.elapsedMs += milliseconds;
      await page.clock.fastForward(milliseconds);
    },
    async hide(isHidden) {
      await page.evaluate(`
        Object.defineProperty(document, "hidden", { value: ${isHidden}, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
      `);
    },
    async settle() {
      // More than once: an answer to the first question leads to the second.
      for (let turn = 0; turn < 3; turn++) await page.evaluate("fetch('/settled').then(() => 0)");
    },
    async [Symbol.asyncDispose]() {
      await context.close();
      await front.stop(true);
      await sidecar[Symbol.asyncDispose]();
    },
  };
}

/** As a proxy asks it: with a path of its own, and the visitor's in headers. */
async function fromSidecar(sidecar: Fixture, path: string, { method, url, headers }: Request): Promise<Response> {
  const { pathname, search } = new URL(url);
  const text = request(path, {
    "X-Forwarded-Uri": pathname + search,
    "X-Forwarded-Method": method,
    Accept: headers.get("accept"),
    "Accept-Language": headers.get("accept-language"),
    "Content-Type": headers.get("content-type"),
  });
  const received = await sendRaw(sidecar.unix, text);
  const hasBody = received.status !== 204 && received.status !== 304;
  const answer = new Response(hasBody ? received.body : null, { status: received.status });
  for (const [name, value] of received.headers) if (name !== "Content-Length") answer.headers.append(name, value);
  return answer;
}
