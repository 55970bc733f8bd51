import { insecureCookieName, secureCookieName } from "../gate/bypass.ts";
import { cannotBeAsked } from "./network-words.ts";

/** One question to the application. */
export interface ProbeRequest {
  readonly url: string;
  /** Sent as Host. */
  readonly host: string;
  /** null: as nobody. */
  readonly cookie: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** `location`: of a redirect; null: it says none. `why`: why nothing is known, in one line. */
export type ProbeAnswer =
  | { readonly kind: "answered"; readonly status: number; readonly location: string | null }
  | { readonly kind: "silent"; readonly why: string };

/** For all that is asked of a visitor together. */
export const patienceMs = 2_000;
/** In characters. Browsers keep less for a site; what is longer is nobody's session. */
const longestCookie = 32_768;

/**
 * Whether an answer speaks of the moment (too many ask, it is being restarted, the connection was not to its liking) and
 * not of the visitor: by it nobody is told from anybody, and a moment later it is another one.
 */
export function isOfTheMoment({ status }: Extract<ProbeAnswer, { readonly kind: "answered" }>): boolean {
  return status >= 500 || status === 408 || status === 421 || status === 425 || status === 429;
}

/**
 * Asks, and looks at nothing but the status and where it redirects to. Nothing of the visitor's is sent but the cookie
 * and the host, no redirect is followed, no proxy of the environment is in between, and the connection is no other
 * visitor's. Never rejects. `withinMs`: what is left of the patience.
 */
export async function askApplication(
  { url, host, cookie, headers }: ProbeRequest,
  withinMs = patienceMs,
): Promise<ProbeAnswer> {
  const ended = new AbortController();
  const timeout = setTimeout(() => ended.abort(), withinMs);
  try {
    const sent = new Headers({ Accept: "text/html", "Accept-Encoding": "identity", "User-Agent": "lull" });
    for (const name of new Set(headers.map(([name]) => name))) sent.delete(name);
    for (const [name, value] of headers) sent.append(name, value);
    sent.set("Host", host);
    if (cookie !== null) sent.set("Cookie", cookie);
    const { status, headers: told } = await fetch(url, {
      signal: ended.signal,
      headers: sent,
      redirect: "manual",
      keepalive: false,
      decompress: false,
      proxy: false,
      // Whatever the environment says.
      tls: { rejectUnauthorized: true },
    });
    return { kind: "answered", status, location: told.get("location") };
  } catch (error) {
    const late = `does not answer within ${patienceMs / 1000} s`;
    return { kind: "silent", why: ended.signal.aborted ? late : cannotBeAsked(error) };
  } finally {
    clearTimeout(timeout);
    // The body is nobody's: this ends the connection, whatever still comes.
    ended.abort();
  }
}

/** The cookies that are the application's; null: none are, or too many to be of a browser. */
export function applicationCookie(header: string | null): string | null {
  if (header === null || header.length > longestCookie) return null;
  const theirs = header.split(";").filter((cookie) => !isOwn(cookie) && cookie.trim() !== "");
  return theirs.length === 0 ? null : theirs.map((cookie) => cookie.trim()).join("; ");
}

/** Whoever has one is let in by it: it is nothing for the application. */
function isOwn(cookie: string): boolean {
  const name = cookie.split("=", 1)[0]?.trim();
  return name === secureCookieName || name === insecureCookieName;
}
