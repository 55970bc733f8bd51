import { canonicalHost } from "../gate/host.ts";
import type { Held } from "./held.ts";
import type { Form } from "./negotiate.ts";

/**
 * Where this visitor is sent instead (django-downtime's `DOWNTIME_URL_REDIRECT`); null: nowhere. Programs are not sent
 * anywhere, because a page that answers 200 there would look like success. Nor is whoever is there already, or might be.
 */
export function redirectFor({ redirectUrl, host }: Held, form: Form): string | null {
  if (redirectUrl === "" || host === null || (form !== "html" && form !== "text")) return null;
  return canonicalHost(new URL(redirectUrl).host) === host ? null : redirectUrl;
}
