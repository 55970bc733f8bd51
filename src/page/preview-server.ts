import { answer } from "../answer/answer.ts";
import type { OwnPageMeans } from "../answer/own-page.ts";
import { findSiteFolders } from "../answer/page-folders.ts";
import { loadPages } from "../answer/pages.ts";
import { canonicalHost } from "../gate/host.ts";
import { parseIpAddress } from "../gate/ip-address.ts";
import type { InstantMs } from "../gate/period.ts";
import type { PlacesOfPages } from "./check-pages.ts";
import { visitOf } from "./preview-forms.ts";
import { type PreviewQuery, readPreviewQuery } from "./preview-query.ts";
import { createPreviewViews, type FoundPages } from "./preview-views.ts";
import { sampleHeld, sampleSite } from "./samples.ts";

export interface PreviewOptions extends OwnPageMeans {
  /** Where it listens; port 0: any free one. */
  readonly host: string;
  readonly port: number;
  readonly places: PlacesOfPages;
  readonly publicReason: boolean;
  readonly now: () => InstantMs;
}

export interface Preview {
  readonly url: string;
  stop(): Promise<void>;
}

/** Nothing that pages hold may run in the preview's own pages. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * Serves what visitors would get, by samples, and a list of it. Pages are read anew for each request. Throws the
 * system's error when it cannot listen.
 */
export function startPreview(options: PreviewOptions): Preview {
  const views = createPreviewViews();
  const server = Bun.serve({
    hostname: options.host,
    port: options.port,
    development: false,
    error: () => new Response("the preview failed; the file is at fault, or lull is\n", { status: 500 }),
    fetch: (request) => respond(request),
  });
  const host = options.host.includes(":") ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${server.port}/`,
    stop: () => server.stop(true),
  };

  async function respond(request: Request): Promise<Response> {
    if (!isOwnName(request.headers.get("host") ?? "", options.host)) return plain(403, "not a name of this machine");
    if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "only GET and HEAD");
    const { pathname, searchParams } = new URL(request.url);
    const query = readPreviewQuery(searchParams);
    if (pathname === "/") return html(views.list(query, await findPages()), 200);
    if (pathname === "/show") return show(query);
    // Browsers ask for it beside any page that names no icon.
    if (pathname === "/favicon.ico") return new Response(null, { status: 204 });
    // The sites are closed as long as the preview runs: a page that asks must not think otherwise.
    return pathname.startsWith("/.lull/") ? plain(503, "down for maintenance") : plain(404, "not found");
  }

  async function findPages(): Promise<FoundPages> {
    const { faults } = await load([]);
    const { folders } = await findSiteFolders(options.places.templates);
    return { faults, domains: [...folders.keys()] };
  }

  function load(faults: string[]) {
    return loadPages({ ...options.places, ...options, onFault: (fault) => faults.push(fault) });
  }

  async function show(query: PreviewQuery): Promise<Response> {
    const { writeTime, now, publicReason } = options;
    const site = query.site === "" ? sampleSite : { ...sampleSite, domain: query.site };
    const sample = sampleHeld(query.state, { now: now(), language: query.language, site, publicReason });
    const { held, asked } = visitOf(query.form, sample);
    const failed: string[] = [];
    const made = answer(held, asked, { pages: await load(failed), writeTime, random: Math.random, mayBeSuccess: true });
    if (failed.length > 0) return plain(500, `${failed.join("\n")}; visitors get the built-in page`);
    return query.form === "html" && !query.isSource
      ? new Response(made.body, { status: made.status, headers: made.headers })
      : html(views.answer(query, made), 200);
  }
}

function html(text: string, status: number): Response {
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy };
  return new Response(text, { status, headers: { ...headers, "Cache-Control": "no-store" } });
}

function plain(status: number, text: string): Response {
  const headers = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };
  return new Response(`${text}\n`, { status, headers: { ...headers, "X-Content-Type-Options": "nosniff" } });
}

/**
 * Whether a Host header names this machine by its loopback, or by the address that was asked for: a page elsewhere whose
 * own name has come to lead here (DNS rebinding) reads nothing.
 */
export function isOwnName(header: string, listenHost: string): boolean {
  const host = canonicalHost(header);
  if (host === null) return false;
  if (host === "localhost" || host.endsWith(".localhost")) return true;
  const address = parseIpAddress(host.replace(/^\[|\]$/g, ""));
  if (address === null) return false;
  const listens = parseIpAddress(listenHost);
  const everywhere = listens !== null && (listens.text === "0.0.0.0" || listens.text === "::");
  return isLoopback(address.text) || everywhere || address.text === listens?.text;
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1";
}
