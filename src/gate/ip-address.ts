import ipaddr from "ipaddr.js";

/** An IPv4 or IPv6 address; an IPv4-mapped IPv6 address (`::ffff:1.2.3.4`) is the IPv4 address. */
export interface IpAddress {
  readonly family: 4 | 6;
  /** The 32 or 128 bits of the address. */
  readonly bits: bigint;
  /** Dotted decimal, or the form of RFC 5952. */
  readonly text: string;
}

/** The longest text of an IPv6 address is 45 characters. */
const longestAddress = 45;
const longestFour = 15;
const sixForm = /^[0-9a-f:]+$/i;

/** Strict: the text is one address and nothing else (no port, brackets, zone); null: it is not. */
export function parseIpAddress(text: string): IpAddress | null {
  if (text.length > longestAddress) return null;
  return text.includes(":") ? parseSix(text) : parseFour(text);
}

/** Whether the text is an IPv4 address, without making anything of it. */
export function isIpv4(text: string): boolean {
  return fourBits(text) !== -1;
}

function parseFour(text: string): IpAddress | null {
  const bits = fourBits(text);
  return bits === -1 ? null : { family: 4, bits: BigInt(bits), text };
}

/**
 * The 32 bits of four decimal parts; -1: the text is no such thing. No leading zeros: short, hexadecimal and octal
 * forms mean different hosts to different readers. By hand, because every check comes through here.
 */
function fourBits(text: string): number {
  if (text.length > longestFour) return -1;
  let bits = 0;
  let parts = 0;
  let part = -1;
  for (let position = 0; position <= text.length; position++) {
    const code = position === text.length ? 0x2e : text.charCodeAt(position);
    if (code === 0x2e) {
      if (part === -1) return -1;
      bits = bits * 256 + part;
      parts++;
      part = -1;
    } else {
      if (code < 0x30 || code > 0x39 || part === 0) return -1;
      part = Math.max(part, 0) * 10 + code - 0x30;
      if (part > 255) return -1;
    }
  }
  return parts === 4 ? bits : -1;
}

function parseSix(text: string): IpAddress | null {
  const plain = withoutDots(text);
  if (plain === null || !sixForm.test(plain) || !ipaddr.IPv6.isValid(plain)) return null;
  const address = ipaddr.IPv6.parse(plain);
  if (address.isIPv4MappedAddress()) return parseFour(address.toIPv4Address().toString());
  let bits = 0n;
  for (const part of address.parts) bits = (bits << 16n) | BigInt(part);
  return { family: 6, bits, text: address.toRFC5952String() };
}

/** Writes a dotted tail (`::ffff:1.2.3.4`) as two groups: ipaddr.js takes `::1.2.3.4` for a mapped address, which it is not. */
function withoutDots(text: string): string | null {
  if (!text.includes(".")) return text;
  const cut = text.lastIndexOf(":") + 1;
  const tail = parseFour(text.slice(cut));
  if (tail === null) return null;
  return `${text.slice(0, cut)}${(tail.bits >> 16n).toString(16)}:${(tail.bits & 0xffffn).toString(16)}`;
}
