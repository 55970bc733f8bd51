import { type IpAddress, isIpv4, parseIpAddress } from "./ip-address.ts";

/** How a header names the hops that a visit took, in a list with commas. */
export interface HopForm {
  /** Where the comma stands before what ends at `end`; -1: there is none; null: that cannot be told. */
  readonly commaBefore: (header: string, end: number) => number | null;
  /** The address of one hop; null: it does not say one. */
  readonly read: (element: string) => IpAddress | null;
}

/** An address of 45 characters with brackets, a zone and a port. */
export const longestHop = 128;

/** X-Forwarded-For and its like: addresses as proxies write them. */
export const plainHops: HopForm = {
  commaBefore: (header, end) => (end === 0 ? -1 : header.lastIndexOf(",", end - 1)),
  read: parseHop,
};

/** An address as proxies write it: bare, `1.2.3.4:80`, `[2001:db8::1]`, `[2001:db8::1]:80`, with or without a zone (`fe80::1%eth0`, which is dropped). */
export function parseHop(token: string): IpAddress | null {
  if (token.length > longestHop) return null;
  // The usual case, of every check over TCP.
  if (isIpv4(token)) return parseIpAddress(token);
  const bracketed = /^\[([^[\]]+)\](?::(\d{1,5}))?$/.exec(token);
  if (bracketed !== null) return isPort(bracketed[2]) ? parseZoned(bracketed[1] ?? "", 6) : null;
  const ported = /^([\d.]+):(\d{1,5})$/.exec(token);
  if (ported !== null) return isPort(ported[2]) ? parseZoned(ported[1] ?? "", 4) : null;
  return parseZoned(token, null);
}

export function isPort(digits: string | undefined): boolean {
  return digits === undefined || Number(digits) <= 65_535;
}

/** `form`: the family that the punctuation around the address asks for; null: either. */
function parseZoned(text: string, form: 4 | 6 | null): IpAddress | null {
  const zone = /^([^%]+)%[\w.~-]+$/.exec(text);
  const bare = zone?.[1] ?? text;
  const six = bare.includes(":");
  if ((zone !== null && !six) || (form !== null && six !== (form === 6))) return null;
  return parseIpAddress(bare);
}

/** Takes off spaces and tabs only (RFC 9110): a no-break space is no part of a list. */
export function withoutSpace(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (start < end && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
