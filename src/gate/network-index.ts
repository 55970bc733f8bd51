import type { Network } from "./client-ip.ts";
import { parseIpAddress } from "./ip-address.ts";

/** The positions, in order, of the networks that contain the address; none for an address that cannot be read. */
export type NetworkIndex = (address: string) => readonly number[];

interface Length {
  readonly family: 4 | 6;
  readonly hostBits: bigint;
  /** The leading bits of a network to its positions. */
  readonly positions: Map<bigint, number[]>;
}

/** One look-up for each prefix length in use, however many networks there are. */
export function compileNetworks(networks: readonly Network[]): NetworkIndex {
  const lengths = new Map<string, Length>();
  networks.forEach((network, position) => {
    const key = `${network.family}/${network.prefixLength}`;
    const width = network.family === 4 ? 32 : 128;
    const length = lengths.get(key) ?? {
      family: network.family,
      hostBits: BigInt(width - network.prefixLength),
      positions: new Map(),
    };
    lengths.set(key, length);
    const front = network.bits >> length.hostBits;
    const positions = length.positions.get(front);
    if (positions === undefined) length.positions.set(front, [position]);
    else positions.push(position);
  });
  const all = [...lengths.values()];
  return (text) => {
    const address = parseIpAddress(text);
    if (address === null) return [];
    const found: number[] = [];
    for (const { family, hostBits, positions } of all) {
      if (family === address.family) found.push(...(positions.get(address.bits >> hostBits) ?? []));
    }
    return found.sort((a, b) => a - b);
  };
}
