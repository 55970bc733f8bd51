import type { Browser, BrowserContext, Page } from "playwright-core";
import { type Fixture, type FixtureOptions, request, start, startFixture } from "../http/sidecar-fixture.ts";
import { sendRaw } from "../support/raw-http.ts";

export const hour = 3_600_000;
export const minute = 60_000;

/** Nothing inline, nothing evaluated, no text taken for markup. */
const STRICT_POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

export interface SceneOptions extends FixtureOptions {
  /** Of the visitor; UTC unless given. */
  readonly timezone?: string;
  /** The page; one with nothing but the script unless given. */
  readonly html?: string | ReadableStream<string>;
  /** What the proxy says of the visitor, beside its cookies. */
  readonly says?: Readonly<Record<string, string>>;
}

/** A page with the notice, its sidecar behind a proxy, and a visitor whose clock stands at the sidecar's `start`. */
export interface Scene extends AsyncDisposable {
  readonly sidecar: Fixture;
  readonly context: BrowserContext;
  readonly page: Page;
  readonly url: string;
  /** Requests for upcoming.json so far. */
  readonly asked: () => number;
  /** Requests for visit.json so far. */
  readonly askedVisit: () => number;
  /** What went wrong in the page: errors, and what its policy refused. */
  readonly complaints: readonly string[];
  /** Time passes for the sidecar and for the visitor; in steps, so that what a timer asks for can arrive. */
  pass(milliseconds: number): Promise<void>;
  /** Answers of the sidecar get lost from now on. */
  cut(): void;
}

export const SCRIPT = '<script src="/.lull/notice.js" defer></script>';

export function pageWith(body: string, attributes = 'lang="en-GB"'): string {
  return `<!doctype html><html ${attributes}><head><meta charset="utf-8"><title>t</title></head><body>${body}</body></html>`;
}

export async function openScene(browser: Browser, options: SceneOptions): Promise<Scene> {
  const sidecar = await startFixture({ policy: { noticeLeadMs: 24 * hour }, ...options });
  const asked = { upcoming: 0, visit: 0 };
  let isCut = false;
  const front = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch({ url, method, headers }) {
      const { pathname } = new URL(url);
      if (pathname.startsWith("/.lull/")) {
        if (pathname.endsWith("/upcoming.json")) asked.upcoming += 1;
        if (pathname.endsWith("/visit.json")) asked.visit += 1;
        if (isCut) return new Response(null, { status: 502 });
        const visitor = { "X-Forwarded-Method": method, Cookie: headers.get("cookie"), ...options.says };
        return await publicAnswer(sidecar, { ...visitor, "X-Forwarded-Uri": pathname });
      }
      const policy = { "Content-Type": "text/html", "Content-Security-Policy": STRICT_POLICY };
      const html = options.html ?? pageWith(`<p id="content">Content</p>${SCRIPT}`);
      return headers.get("accept")?.includes("text/html") ? new Response(html, { headers: policy }) : notHere();
    },
  });
  const context = await browser.newContext({ timezoneId: options.timezone ?? "UTC" });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !message.text().startsWith("Failed to load")) complaints.push(message.text());
  });
  // Stands still unless it is moved.
  await page.clock.install({ time: start - 1000 });
  await page.clock.pauseAt(start);
  return {
    sidecar,
    context,
    page,
    url: front.url.href,
    asked: () => asked.upcoming,
    askedVisit: () => asked.visit,
    complaints,
    async pass(milliseconds) {
      sidecar.clock.elapsedMs += milliseconds;
      await page.clock.fastForward(milliseconds);
    },
    cut() {
      isCut = true;
    },
    async [Symbol.asyncDispose]() {
      await context.close();
      await front.stop(true);
      await sidecar[Symbol.asyncDispose]();
    },
  };
}

/** As a proxy fetches it, but never kept: the browser's store of answers lives in real time, not in the page's. */
async function publicAnswer(sidecar: Fixture, headers: Readonly<Record<string, string | null>>): Promise<Response> {
  const { status, headers: received, body } = await sendRaw(sidecar.unix, request("/public", headers));
  const answer = new Response(body, { status, headers: { "Cache-Control": "no-store" } });
  for (const [name, value] of received) {
    if (!["Content-Length", "Cache-Control"].includes(name)) answer.headers.set(name, value);
  }
  return answer;
}

function notHere(): Response {
  return new Response(null, { status: 404 });
}
