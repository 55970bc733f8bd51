import { LullError } from "./error.ts";
import { forwardedHops } from "./forwarded.ts";
import { type HopForm, longestHop, parseHop, plainHops, withoutSpace } from "./hop-list.ts";
import { type IpAddress, isIpv4, parseIpAddress } from "./ip-address.ts";

/** Who speaks to the sidecar. */
export type Peer = { readonly kind: "unix" } | { readonly kind: "ip"; readonly address: string };

/** Where a visit comes from. An address that is not known is for people to read; it matches no network. */
export interface ClientAddress {
  /** Canonical; null: nothing could be read. */
  readonly address: string | null;
  readonly known: boolean;
  /** Whether who speaks to the sidecar may say who the visitor is. */
  readonly isPeerTrusted: boolean;
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
  /** How the header is written in which they say it. */
  readonly form: "addresses" | "forwarded";
}

/** One hop that a header names, as far as anybody looked at it. */
export interface Hop {
  /** As it stands there. */
  readonly text: string;
  /** Canonical; null: it says none. */
  readonly address: string | null;
  readonly isTrusted: boolean;
}

/** A client's address, and how it was found. */
export interface ExplainedAddress {
  readonly client: ClientAddress;
  /** Those that were looked at, from the right: all but the last are trusted, and the last decided. */
  readonly hops: readonly Hop[];
  /** How many the header names. */
  readonly hopCount: number;
}

const nobody: ClientAddress = { address: null, known: false, isPeerTrusted: true };

/** Further hops than a real chain of proxies has: somebody plays. */
const mostHops = 32;
const forms: Readonly<Record<Trust["form"], HopForm>> = { addresses: plainHops, forwarded: forwardedHops };
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

/**
 * Reads networks, addresses, `unix` (every unix socket) and `loopback` (127.0.0.0/8 and ::1). How the header is read in
 * which they name the client tells its name: `Forwarded` as RFC 7239 has it, any other as a list of addresses.
 * Throws a LullError.
 */
export function parseTrust(entries: readonly string[], addressHeader = ""): Trust {
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
  return { unix, networks, form: addressHeader.toLowerCase() === "forwarded" ? "forwarded" : "addresses" };
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
  return locate(peer, header, trust);
}

/** The same, and what it was told by: the same code comes to both. */
export function explainAddress(peer: Peer, header: string | null, trust: Trust): ExplainedAddress {
  const hops: Hop[] = [];
  return {
    client: locate(peer, header, { ...trust, hops }),
    hops,
    hopCount: countHops(header ?? "", forms[trust.form]),
  };
}

interface Search extends Trust {
  /** Takes down what is looked at, when somebody asks. */
  readonly hops?: Hop[];
}

function locate(peer: Peer, header: string | null, search: Search): ClientAddress {
  const own = peer.kind === "ip" ? parseHop(peer.address) : null;
  const ownText = own === null ? null : own.text;
  const trusted = peer.kind === "unix" ? search.unix : own !== null && isTrusted(own, search);
  if (!trusted) return { address: ownText, known: own !== null, isPeerTrusted: false };
  if (header === null) return { address: ownText, known: false, isPeerTrusted: true };
  // nginx's X-Real-IP, the usual case: one plain address, for which trust makes no difference. Who asks for hops wants to know it.
  if (search.form === "addresses" && search.hops === undefined && header.length <= longestHop && isIpv4(header))
    return { address: header, known: true, isPeerTrusted: true };
  return walk(header, ownText, search);
}

function walk(header: string, peer: string | null, search: Search): ClientAddress {
  const { commaBefore, read } = forms[search.form];
  let nearest: IpAddress | null = null;
  let count = 0;
  for (let end = header.length; end >= 0; ) {
    const comma = commaBefore(header, end);
    const element = withoutSpace(header, comma === null ? 0 : comma + 1, end);
    end = comma ?? -1;
    if (element === "") continue;
    if (++count > mostHops) return nobody;
    const hop = comma === null ? null : read(element);
    const trusted = hop !== null && isTrusted(hop, search);
    search.hops?.push({ text: element, address: hop?.text ?? null, isTrusted: trusted });
    if (hop === null) return { address: nearest?.text ?? peer, known: false, isPeerTrusted: true };
    if (!trusted) return { address: hop.text, known: true, isPeerTrusted: true };
    nearest = hop;
  }
  return { address: nearest?.text ?? peer, known: nearest !== null, isPeerTrusted: true };
}

function countHops(header: string, { commaBefore }: HopForm): number {
  let count = 0;
  for (let end = header.length; end >= 0; ) {
    const comma = commaBefore(header, end) ?? -1;
    if (withoutSpace(header, comma + 1, end) !== "") count++;
    end = comma;
  }
  return count;
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
