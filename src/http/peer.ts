import type { ListenAddress } from "../config/listen.ts";
import { networkContains, type Peer, parseNetwork } from "../gate/client-ip.ts";

/** Tells who has sent a request. */
export type PeerOf = (request: Request, server: Bun.Server<undefined>) => Peer;

const loopback = [parseNetwork("127.0.0.0/8"), parseNetwork("::1")];

/** Whether the other end is on this machine: a unix socket or loopback, also as `::ffff:127.0.0.1`. */
export function isLocalPeer(peer: Peer): boolean {
  switch (peer.kind) {
    case "unix":
      return true;
    case "ip":
      return loopback.some((network) => networkContains(network, peer.address));
  }
}

/**
 * Asking Bun costs more than a whole verdict, so it is asked only where the answer is open: a listener on a loopback
 * address has peers of this machine alone, which could take that very address.
 */
export function peerOf(address: ListenAddress): PeerOf {
  const peer: Peer = address.kind === "unix" ? { kind: "unix" } : { kind: "ip", address: address.host };
  if (isLocalPeer(peer)) return () => peer;
  // Bun forgets the address of a client that has gone: "" is one that nothing trusts.
  return (request, server) => ({ kind: "ip", address: server.requestIP(request)?.address ?? "" });
}
