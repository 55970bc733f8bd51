import { networkContains, type Peer, parseNetwork } from "../gate/client-ip.ts";

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
