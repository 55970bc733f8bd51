import type { Hop, Peer } from "../gate/client-ip.ts";
import { forwardedHops } from "../gate/forwarded.ts";
import type { AddressSource } from "./address-source.ts";

/** More of a text than this buries what matters. */
const longestShown = 60;

/** A visitor's address in words, and which hop it came from. */
export function describeAddress(source: AddressSource): string {
  const { client } = source;
  const address = client.known && client.address !== null ? client.address : "unknown, so no network covers it";
  const how = howKnown(source);
  return how === "" ? address : `${address}${client.known ? "," : ";"} ${how}`;
}

function howKnown({ client, header, sent, peer, hops, hopCount }: AddressSource): string {
  if (header === null) return "";
  if (!client.isPeerTrusted) {
    const what = peer.kind === "unix" ? "a unix socket has none" : "the address of the peer itself";
    return `${what}: it is not among trusted_proxies, so ${header} does not count`;
  }
  const from = `from the trusted peer ${nameOf(peer)}`;
  if (sent === null) return `nothing else counts than ${header}, which did not come ${from}`;
  const last = hops.at(-1);
  if (last === undefined) return `${header} ${from} names nobody`;
  const by = `by ${header} ${from}`;
  if (hopCount === 1 && client.known) return by;
  const place = `hop ${hops.length} of ${hopCount} from the right`;
  return `${by}: ${place}${behind(hops.slice(0, -1))}${whyThere(last, client.known, header)}`;
}

function behind(trusted: readonly Hop[]): string {
  return trusted.length === 0
    ? ""
    : `, behind trusted ${trusted.map(({ address, text }) => address ?? text).join(", ")}`;
}

/** Why the walk ended at this hop. */
function whyThere({ text, address, isTrusted }: Hop, isKnown: boolean, header: string): string {
  if (address === null) {
    const advice = header.toLowerCase() === "forwarded" ? quotesMissing(text) : "";
    return `, is no address: ${shown(text)}${advice}`;
  }
  if (!isKnown) return ", and more hops than are followed";
  return isTrusted ? ", trusted itself, and there is none before it" : "";
}

/** RFC 7239, 4: a colon or a bracket stands in quotation marks alone. */
function quotesMissing(element: string): string {
  const quoted = element.replace(/\bfor=([\d.:a-f[\]]+)/i, 'for="$1"');
  if (quoted === element || forwardedHops.read(quoted) === null) return "";
  return element.includes("[") ? ", with brackets it needs quotes" : ", with a port it needs quotes";
}

function nameOf(peer: Peer): string {
  switch (peer.kind) {
    case "unix":
      return "unix socket";
    case "ip":
      return peer.address;
  }
}

function shown(text: string): string {
  return JSON.stringify(text.length > longestShown ? `${text.slice(0, longestShown)}...` : text);
}
