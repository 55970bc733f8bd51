import { LullError } from "./error.ts";
import { canonicalHostOf } from "./host.ts";

/** Longer ones do not arrive everywhere. */
const longestUrl = 2_000;
const longestQuote = 80;

/**
 * Where held visitors are sent, as people type it: an absolute http or https URL, in the form of the WHATWG URL
 * standard, which is ASCII. Empty stays empty. Throws LullError for anything else.
 */
export function canonicalRedirect(text: string): string {
  if (text === "") return text;
  if (/\p{Cc}/u.test(text)) throw refused(text, "has a control character: leave it out");
  const url = URL.parse(text);
  if (url === null || !/^https?:\/\/[^/\\]/i.test(text))
    throw refused(text, `is no address that a visitor can be sent to: ${adviceFor(text)}`);
  if (url.username !== "" || url.password !== "") {
    throw refused(text, `has a user name or password, which every visitor would see: write "${withoutUser(url)}"`);
  }
  if (canonicalHostOf(url.host) === null) throw refused(text, `has no host that can be read: ${whole}`);
  const length = Math.max(text.length, url.href.length);
  if (length > longestUrl)
    throw refused(text, `has ${length} characters, and at most ${longestUrl} are allowed: write a shorter one`);
  return url.href;
}

/** A redirect as it is stored, unless somebody wrote there what is none: "". */
export function readableRedirect(stored: unknown): string {
  if (typeof stored !== "string") return "";
  try {
    return canonicalRedirect(stored) === stored ? stored : "";
  } catch (error) {
    if (error instanceof LullError) return "";
    throw error;
  }
}

const whole = 'write a whole one, such as "https://status.example.com/"';

function adviceFor(text: string): string {
  const scheme = /^https?:/i.exec(text)?.[0];
  // What follows the scheme, or what a browser would take for a host: `//host/`, `host/`, `host:8080/`.
  const rest = text.slice(scheme?.length ?? 0).replace(/^[/\\]{2,}/, "");
  const url = /^[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)/.test(rest)
    ? URL.parse(`${scheme ?? "https:"}//${rest}`)
    : null;
  return url === null ? whole : `write "${url.href}"`;
}

function withoutUser(url: URL): string {
  const clean = new URL(url);
  clean.username = "";
  clean.password = "";
  return clean.href;
}

function refused(text: string, why: string): LullError {
  const quoted = JSON.stringify(text.length > longestQuote ? `${text.slice(0, longestQuote)}...` : text);
  return new LullError("refused", `${quoted} ${why}`);
}
