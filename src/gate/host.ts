import { domainToASCII } from "node:url";
import { LullError } from "./error.ts";
import { parseIpAddress } from "./ip-address.ts";
import { asByteString } from "./path.ts";

/** RFC 1035, without the final dot. */
const longestHost = 253;
/** A host in Unicode is at most this long: four bytes a character as a header writes it, and a port. */
const longestText = 1_100;

const labels = /^[a-z0-9_-]+(?:\.[a-z0-9_-]+)*$/;
const literal = /^\[([0-9a-f:.]+)\]$/;

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The host of a visit as it is looked up: lower case, without port and final dot, punycode, IPv6 literals in brackets
 * and in the form of RFC 5952. `raw` is a header: a byte string. null: it cannot be read as one host.
 */
export function canonicalHost(raw: string): string | null {
  if (raw.length <= longestHost && labels.test(raw)) return raw;
  if (raw.length > longestText) return null;
  const host = withoutPort(raw.toLowerCase());
  if (host === null) return null;
  if (host.startsWith("[")) return canonicalLiteral(host);
  const ascii = isAscii(host) ? host : toAscii(raw);
  if (ascii === null) return null;
  const name = ascii.endsWith(".") ? ascii.slice(0, -1) : ascii;
  return name.length <= longestHost && labels.test(name) ? name : null;
}

/** The same for text, as people type it. */
export function canonicalHostOf(text: string): string | null {
  return canonicalHost(asByteString(text));
}

/**
 * The domain or alias of a site as operators type it: exact (`example.com`), wildcard (`*.example.com`) or `*`.
 * Throws a LullError for anything else.
 */
export function canonicalDomain(text: string): string {
  if (text === "*") return text;
  const wildcard = text.startsWith("*.");
  const typed = wildcard ? text.slice(2) : text;
  const host = canonicalHostOf(typed);
  if (host === null || (wildcard && host.startsWith("["))) {
    const meant = hostInside(typed);
    const advice = meant === null ? "write example.com, *.example.com or *" : `write "${meant}"`;
    throw new LullError("refused", `"${text}" is not a domain: ${advice}`);
  }
  if (hasPort(typed)) {
    throw new LullError(
      "refused",
      `"${text}" has a port, and a site is the same on every port: write "${wildcard ? "*." : ""}${host}"`,
    );
  }
  // Commands take digits for the number of a site: nobody could name this one.
  if (!wildcard && /^\d+$/.test(host)) {
    throw new LullError("refused", `"${text}" is digits only, which stand for a site's number: write a whole domain`);
  }
  return wildcard ? `*.${host}` : host;
}

/** The host of a URL, or an IPv6 address with the brackets that it needs. */
function hostInside(typed: string): string | null {
  const address = parseIpAddress(typed);
  if (address !== null) return address.family === 6 ? `[${address.text}]` : address.text;
  const authority = /^(?:[a-z][a-z0-9+.-]*:\/\/)?([^/?#\\@]+)[/?#]?/i.exec(typed)?.[1];
  return authority === undefined ? null : canonicalHostOf(authority);
}

function hasPort(text: string): boolean {
  return /:\d*$/.test(text.slice(text.lastIndexOf("]") + 1));
}

/** null: what follows the colon is no port. RFC 3986 allows an empty one. */
function withoutPort(text: string): string | null {
  const colon = text.indexOf(":", text.lastIndexOf("]") + 1);
  if (colon === -1) return text;
  const port = text.slice(colon + 1);
  return /^\d{0,5}$/.test(port) && Number(port) <= 65_535 ? text.slice(0, colon) : null;
}

function canonicalLiteral(host: string): string | null {
  const inside = literal.exec(host)?.[1];
  if (inside === undefined || !inside.includes(":")) return null;
  const address = parseIpAddress(inside);
  if (address === null) return null;
  return address.family === 6 ? `[${address.text}]` : `[::ffff:${address.text}]`;
}

/** Not the lower-cased text: lower case is not defined for bytes, and IDNA maps case itself. */
function toAscii(raw: string): string | null {
  const text = asText(raw);
  const bare = text === null ? null : withoutPort(text);
  // The URL parser behind domainToASCII would decode `%2e` and cut at `/`: let it see names only.
  if (bare === null || /[\0-,/:-@[-^`{-\x7f]/.test(bare)) return null;
  return domainToASCII(bare) || null;
}

/** null: bytes that are not UTF-8, which nobody can type as a name. */
function asText(raw: string): string | null {
  try {
    return strictUtf8.decode(Buffer.from(raw, "latin1"));
  } catch {
    return null;
  }
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}
