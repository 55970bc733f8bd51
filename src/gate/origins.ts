import { LullError } from "./error.ts";
import { canonicalHostOf } from "./host.ts";

const most = 50;

/**
 * The origin of a web page as browsers send it (RFC 6454, 6.2): `https://app.example.com`, lower case, without the port
 * that goes without saying; or `*`. Throws LullError for anything else.
 */
export function canonicalOrigin(text: string): string {
  if (text === "*") return text;
  const quoted = JSON.stringify(text);
  const url = /[\s\p{Cc}]/u.test(text) ? null : URL.parse(text);
  const isOrigin = /^https?:\/\/[^/?#@\\]+\/?$/i.test(text) && url !== null && canonicalHostOf(url.host) !== null;
  if (isOrigin) return url.origin;
  throw new LullError("refused", `${quoted} is no origin: ${adviceFor(text)}`);
}

/** Several, each once, in their order. Throws LullError for what is none, for `*` beside others, and for too many. */
export function canonicalOrigins(texts: readonly string[]): readonly string[] {
  const origins = [...new Set(texts.map(canonicalOrigin))];
  if (origins.length > 1 && origins.includes("*")) {
    throw new LullError("refused", '"*" is every origin: write it alone, or leave it out');
  }
  if (origins.length > most) {
    throw new LullError("refused", `${origins.length} origins, and a site has at most ${most}`);
  }
  return origins;
}

/** Origins as they are stored, separated by spaces; whatever else somebody wrote there is left out. */
export function readableOrigins(stored: unknown): readonly string[] {
  if (typeof stored !== "string" || stored === "") return [];
  const origins = [...new Set(stored.split(" "))].filter(isCanonical);
  return origins.length === 1 ? origins : origins.filter((origin) => origin !== "*").slice(0, most);
}

function isCanonical(origin: string): boolean {
  try {
    return canonicalOrigin(origin) === origin;
  } catch (error) {
    if (error instanceof LullError) return false;
    throw error;
  }
}

function adviceFor(text: string): string {
  const written = /^(https?:\/\/|\/\/)?(?:[^/?#@\\]*@)?([^\s/?#@\\]*[^\s/?#@\\:])(?:[/?#\\]|$)/i.exec(text);
  const [, scheme = "", authority = "null"] = written ?? [];
  const isHost = authority !== "null" && canonicalHostOf(authority) !== null;
  const url = isHost ? URL.parse(`${scheme.length > 2 ? scheme : "https://"}${authority}`) : null;
  return url === null
    ? 'write a scheme and a host, such as "https://app.example.com", or "*" alone for every one'
    : `write "${url.origin}"`;
}
