import type { Config } from "../config/keys.ts";
import {
  clientAddress,
  type ExplainedAddress,
  explainAddress,
  type Peer,
  parseTrust,
  type Trust,
} from "../gate/client-ip.ts";
import { LullError } from "../gate/error.ts";
import type { Given } from "./arguments.ts";
import { refuseBoth } from "./refuse-both.ts";

/** How a visitor's address came to be known. */
export interface AddressSource extends ExplainedAddress {
  /** The header that named it, or would have; null: the address was given as the visitor's own. */
  readonly header: string | null;
  /** What it says; null: the proxy did not send it. */
  readonly sent: string | null;
  readonly peer: Peer;
  readonly trust: Trust;
}

/** Nobody is trusted: an address that is given is the visitor's own. */
const nobody = parseTrust([]);

/** Reads `--ip`, or `--peer` and `--forwarded` as a sidecar with this configuration would. Throws LullError. */
export function addressSourceOf(given: Given, config: Config): AddressSource {
  refuseBoth(given, "ip", "peer");
  refuseBoth(given, "ip", "forwarded");
  const sent = given.text("forwarded") ?? null;
  const named = given.text("peer");
  if (sent === null && named === undefined) {
    const address = given.text("ip");
    const peer: Peer = address === undefined ? { kind: "unix" } : ipPeer("ip", address);
    return { ...explainAddress(peer, null, nobody), header: null, sent, peer, trust: nobody };
  }
  const { trustedProxies, clientAddressHeader: header } = config;
  // As the shipped configuration of nginx asks.
  const peer: Peer = named === undefined || named === "unix" ? { kind: "unix" } : ipPeer("peer", named);
  const trust = parseTrust(trustedProxies, header);
  return { ...explainAddress(peer, sent, trust), header, sent, peer, trust };
}

function ipPeer(option: string, address: string): Peer {
  const peer: Peer = { kind: "ip", address };
  if (clientAddress(peer, null, nobody).address !== null) return peer;
  const unix = option === "peer" ? ', or "unix" for a unix socket' : "";
  throw new LullError(
    "usage",
    `--${option} "${address}" is not an address; write one such as 192.0.2.7 or 2001:db8::7${unix}`,
  );
}
