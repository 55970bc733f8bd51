import type { EntryWords } from "../answer/entry-page.ts";
import { secureCookieName } from "../gate/bypass.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Sidecar } from "./sidecar.ts";

/** The address may be a key: nobody is told where the visitor comes from, and nobody keeps what it leads to. */
const discreet = { "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" } as const;

export interface EntryStatus {
  readonly status: number;
  /** null: to ask again is no use. */
  readonly retryAfterSeconds: number | null;
  /** May be empty. */
  readonly siteName: string;
}

/** A page for who asks to be let in. */
export function entryPage({ settings }: Sidecar, words: EntryWords, told: EntryStatus): Response {
  const { contentSecurityPolicy, render } = settings.entryPage;
  const { status, retryAfterSeconds, siteName } = told;
  const headers = {
    ...discreet,
    "Content-Type": "text/html; charset=utf-8",
    "Content-Language": "en",
    "Content-Security-Policy": contentSecurityPolicy,
    "X-Content-Type-Options": "nosniff",
    ...(retryAfterSeconds === null ? null : { "Retry-After": String(retryAfterSeconds) }),
  };
  return new Response(render(words, siteName), { status, headers });
}

/** Lets in: to a canonical path, with a cookie, or with what the visitor has already. */
export function entry(path: string, cookie: string | null): Response {
  // A canonical path holds nothing that would begin a query, a fragment or a host.
  const headers = { ...discreet, Location: encodeURI(path.toWellFormed()) };
  return new Response(null, { status: 303, headers: cookie === null ? headers : { ...headers, "Set-Cookie": cookie } });
}

/** RFC 6265bis, 4.1.3.2: with another path, a domain or without Secure browsers do not take it. */
export function secureCookie(sealed: string, maxAge: string): string {
  return `${secureCookieName}=${sealed}; Path=/; Secure; HttpOnly; SameSite=Lax; ${maxAge}`;
}

/** Rounded up: the cookie's own time says when it is over. */
export function maxAge(expires: InstantMs, now: InstantMs): string {
  return `Max-Age=${Math.max(0, Math.ceil((expires - now) / 1000))}`;
}
