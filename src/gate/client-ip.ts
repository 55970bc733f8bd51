import { LullError } from "./error.ts";
import { type IpAddress, isIpv4, parseIpAddress } from "./ip-address.ts";

/** Who speaks to the sidecar. */
export type Peer = { readonly kind: "unix" } | { readonly kind: "ip"; readonly address: string };

/** Where a visit comes from. An address that is not known is for people to read; it matches no network. */
export interface ClientAddress {
  /** Canonical; null: nothing could be read. */
  readonly address: string | null;
  readonly known: boolean;
}

export interface Network {
  readonly family: 4 | 6;
  /** The address of the network; the host bits are 0. */
  readonly bits: bigint;
  readonly prefixLength: number;
  /** CIDR form, also of a single address: `10.0.0.1/32`. */
  readonly text: string;
}

/** Peers and hops whose word about the client's address counts. */
export interface Trust {
  readonly unix: boolean;
  readonly networks: readonly Network[];
}

const nobody: ClientAddress = { address: null, known: false };

/** Further hops than a real chain of proxies has: somebody plays. */
const mostHops = 32;
/** An address of 45 characters with brackets, a zone and a port. */
const longestHop = 128;
const mappedPrefix = 96;

/**
 * Reads a network in CIDR form or a single address; mapped IPv4 becomes IPv4.
 * Throws a LullError for anything else, and for host bits that are set: `10.0.0.1/8` may mean one address or sixteen million.
 */
export function parseNetwork(text: string): Network {
  const [addressText = "", prefixText, ...surplus] = text.split("/");
  const address = parseIpAddress(addressText);
  if (address === null || surplus.length > 0) {
    throw new LullError(
      "refused",
      `"${text}" is not a network: write an address (192.0.2.7, 2001:db8::1) or CIDR (192.0.2.0/24, 2001:db8::/32)`,
    );
  }
  const width = address.family === 4 ? 32 : 128;
  const prefixLength = prefixText === undefined ? width : readPrefix(prefixText, addressText, address);
  if (prefixLength === null) {
    throw new LullError(
      "refused",
      `"${text}" has no valid prefix length: after the slash goes a number from 0 to ${width}`,
    );
  }
  const hostBits = BigInt(width - prefixLength);
  const bits = (address.bits >> hostBits) << hostBits;
  if (bits !== address.bits) {
    const network = `${writeBits(address.family, bits)}/${prefixLength}`;
    throw new LullError(
      "refused",
      `"${text}" has host bits set: write "${network}" for the network or "${address.text}" for the one address`,
    );
  }
  return { family: address.family, bits, prefixLength, text: `${address.text}/${prefixLength}` };
}

/** Reads networks, addresses, `unix` (every unix socket) and `loopback` (127.0.0.0/8 and ::1). Throws a LullError. */
export function parseTrust(entries: readonly string[]): Trust {
  const networks: Network[] = [];
  let unix = false;
  for (const entry of entries) {
    if (entry === "unix") unix = true;
    else if (entry === "loopback") networks.push(parseNetwork("127.0.0.0/8"), parseNetwork("::1"));
    else if (/^[a-z]*$/i.test(entry)) {
      throw new LullError(
        "refused",
        `"${entry}" is no trusted proxy: write an address, a network in CIDR form, "loopback" or "unix"`,
      );
    } else networks.push(parseNetwork(entry));
  }
  return { unix, networks };
}

/** False for an address that cannot be read. */
export function networkContains(network: Network, address: string): boolean {
  const parsed = parseIpAddress(address);
  return parsed !== null && contains(network, parsed);
}

/**
 * The visitor's address: the peer, or what a trusted peer says in one configured header.
 * A list is walked from the right, past trusted hops, to the first that is not trusted (or the leftmost);
 * doubled headers arrive joined with `, `. What stands left of that is the visitor's own claim.
 */
export function clientAddress(peer: Peer, header: string | null, trust: Trust): ClientAddress {
  const own = peer.kind === "ip" ? parseHop(peer.address) : null;
  const ownText = own === null ? null : own.text;
  const trusted = peer.kind === "unix" ? trust.unix : own !== null && isTrusted(own, trust);
  if (!trusted) return { address: ownText, known: own !== null };
  if (header === null) return { address: ownText, known: false };
  // nginx's X-Real-IP, the usual case: one plain address, for which trust makes no difference.
  if (header.length <= longestHop && isIpv4(header)) return { address: header, known: true };
  return walk(header, ownText, trust);
}

function walk(header: string, peer: string | null, trust: Trust): ClientAddress {
  let nearest: IpAddress | null = null;
  let hops = 0;
  for (let end = header.length; end >= 0; ) {
    const comma = end === 0 ? -1 : header.lastIndexOf(",", end - 1);
    const token = withoutSpace(header, comma + 1, end);
    end = comma;
    if (token === "") continue;
    if (++hops > mostHops) return nobody;
    const hop = parseHop(token);
    if (hop === null) return { address: nearest?.text ?? peer, known: false };
    if (!isTrusted(hop, trust)) return { address: hop.text, known: true };
    nearest = hop;
  }
  return nearest === null ? { address: peer, known: false } : { address: nearest.text, known: true };
}

/** Takes off spaces and tabs only (RFC 9110): a no-break space is no part of a list. */
function withoutSpace(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (start < end && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** An address as proxies write it: bare, `1.2.3.4:80`, `[2001:db8::1]`, `[2001:db8::1]:80`, with or without a zone (`fe80::1%eth0`, which is dropped). */
function parseHop(token: string): IpAddress | null {
  if (token.length > longestHop) return null;
  // The usual case, of every check over TCP.
  if (isIpv4(token)) return parseIpAddress(token);
  const bracketed = /^\[([^[\]]+)\](?::(\d{1,5}))?$/.exec(token);
  if (bracketed !== null) return isPort(bracketed[2]) ? parseZoned(bracketed[1] ?? "", 6) : null;
  const ported = /^([\d.]+):(\d{1,5})$/.exec(token);
  if (ported !== null) return isPort(ported[2]) ? parseZoned(ported[1] ?? "", 4) : null;
  return parseZoned(token, null);
}

/** `form`: the family that the punctuation around the address asks for; null: either. */
function parseZoned(text: string, form: 4 | 6 | null): IpAddress | null {
  const zone = /^([^%]+)%[\w.~-]+$/.exec(text);
  const bare = zone?.[1] ?? text;
  const six = bare.includes(":");
  if ((zone !== null && !six) || (form !== null && six !== (form === 6))) return null;
  return parseIpAddress(bare);
}

function isPort(digits: string | undefined): boolean {
  return digits === undefined || Number(digits) <= 65_535;
}

function isTrusted(address: IpAddress, trust: Trust): boolean {
  return trust.networks.some((network) => contains(network, address));
}

function contains(network: Network, address: IpAddress): boolean {
  if (network.family !== address.family) return false;
  const hostBits = BigInt((network.family === 4 ? 32 : 128) - network.prefixLength);
  return address.bits >> hostBits === network.bits >> hostBits;
}

/** The prefix length of `::ffff:10.0.0.0/104` counts from the front of the IPv6 form: it is 8. */
function readPrefix(digits: string, addressText: string, address: IpAddress): number | null {
  if (!/^(?:0|[1-9]\d{0,2})$/.test(digits)) return null;
  const written = Number(digits);
  const mapped = address.family === 4 && addressText.includes(":");
  const length = mapped ? written - mappedPrefix : written;
  return length >= 0 && length <= (address.family === 4 ? 32 : 128) ? length : null;
}

function writeBits(family: 4 | 6, bits: bigint): string {
  const size = family === 4 ? 8n : 16n;
  const parts: string[] = [];
  for (let shift = family === 4 ? 24n : 112n; shift >= 0n; shift -= size) {
    parts.push(((bits >> shift) & ((1n << size) - 1n)).toString(family === 4 ? 10 : 16));
  }
  const text = parts.join(family === 4 ? "." : ":");
  return parseIpAddress(text)?.text ?? text;
}
