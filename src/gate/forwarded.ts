import { type HopForm, isPort } from "./hop-list.ts";
import { type IpAddress, parseIpAddress } from "./ip-address.ts";

/**
 * The header `Forwarded` (RFC 7239). It is taken apart from the right, where the nearest proxy has written: a quotation
 * mark that a visitor leaves open further left changes nothing of that. What breaks the grammar names nobody.
 */
export const forwardedHops: HopForm = { commaBefore, read: readElement };

/** Longer than any element with for, by, host and proto. */
const longestElement = 1_024;
const comma = 0x2c;
const quote = 0x22;
const backslash = 0x5c;

/** `name=token` or `name="quoted string"`. Each character can be read in one way only, so that it costs no more than its length. */
const pairForm =
  /([!#$%&'*+.^_`|~\w-]+)=(?:([!#$%&'*+.^_`|~\w-]+)|"((?:[\t !\x23-\x5b\x5d-\x7e\x80-\xff]|\\[\t\x20-\x7e\x80-\xff])*)")/y;
/** RFC 7239, 6, without `unknown` and obfuscated names: an IPv4 address, or an IPv6 one in brackets, and perhaps a port, which may be obfuscated. */
const nodeForm = /^(?:([\d.]+)|\[([\da-f:.]+)\])(?::(?:(\d{1,5})|_[\w.-]+))?$/i;

/** Within a quoted string commas are text. Whichever of them separate: of no header two readings from the right hold. */
function commaBefore(header: string, end: number): number | null {
  let isQuoted = false;
  for (let at = end - 1; at >= 0; at--) {
    if (end - at > longestElement) return null;
    const code = header.charCodeAt(at);
    if (code === comma && !isQuoted) return at;
    if (code !== quote) continue;
    // Nothing but a string holds an escaped mark; who has one elsewhere is refused by the grammar.
    if (backslashesBefore(header, at) % 2 === 0) isQuoted = !isQuoted;
  }
  return isQuoted ? null : -1;
}

function backslashesBefore(header: string, end: number): number {
  let at = end;
  while (at > 0 && end - at < longestElement && header.charCodeAt(at - 1) === backslash) at--;
  return end - at;
}

function readElement(element: string): IpAddress | null {
  if (element.length > longestElement) return null;
  const node = parametersOf(element)?.get("for");
  const [, four, six, port] = nodeForm.exec(node ?? "") ?? [];
  const address = parseIpAddress(four ?? six ?? "");
  if (address === null || !isPort(port)) return null;
  // 1.2.3.4 in brackets, or digits without a dot or colon, is neither.
  return (six ?? ":").includes(":") ? address : null;
}

/** By their names in small letters; null: it is malformed, as is one that says something twice. */
function parametersOf(element: string): ReadonlyMap<string, string> | null {
  const parameters = new Map<string, string>();
  for (let at = 0; at < element.length; at++) {
    // Nothing between two semicolons is a parameter that is not there.
    if (element.charAt(at) === ";") continue;
    pairForm.lastIndex = at;
    const [pair, name = "", token, quoted = ""] = pairForm.exec(element) ?? [];
    if (pair === undefined || parameters.has(name.toLowerCase())) return null;
    parameters.set(name.toLowerCase(), token ?? quoted.replaceAll(/\\(.)/gs, "$1"));
    at += pair.length;
    if (at < element.length && element.charAt(at) !== ";") return null;
  }
  return parameters;
}
