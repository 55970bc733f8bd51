import { canonicalHost } from "../gate/host.ts";
import type { Asked } from "./asked.ts";
import type { Held } from "./held.ts";
import type { Form } from "./negotiate.ts";

/**
 * Where this visitor is sent instead (django-downtime's `DOWNTIME_URL_REDIRECT`); null: nowhere. That is for who reads
 * pages: to other programs one that answers 200 there would look like success. Nor is anybody sent who is there already,
 * or might be.
 */
export function redirectFor(held: Held, asked: Asked, form: Form): string | null {
  const { redirectUrl, host } = held;
  if (redirectUrl === "" || host === null || !readsPages(held, asked, form)) return null;
  return canonicalHost(new URL(redirectUrl).host) === host ? null : redirectUrl;
}

/**
 * Whoever sent a form is told instead that it is not saved. Who gets text may be anybody: neither a script of elsewhere
 * nor a WebSocket has a use for a page.
 */
function readsPages({ method }: Held, { origin, upgrade }: Asked, form: Form): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  return form === "html" || (form === "text" && origin === null && upgrade === null);
}
