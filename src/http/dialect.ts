import type { Peer } from "../gate/client-ip.ts";
import type { RawVisit } from "../gate/visit.ts";

/** What a dialect reads a visit from. */
export interface Asked {
  readonly headers: Headers;
  readonly peer: Peer;
  /** The number that the proxy's configuration names, as it is written there; null: the host tells. */
  readonly site: string | null;
  /** The header in which the proxy says who its client is (`client_address_header`). */
  readonly addressHeader: string;
}

/** How one proxy asks and how it must be answered. `close`: say `Connection: close`. */
export interface Dialect {
  readonly name: string;
  /** Reads nothing but what the proxy's configuration overwrites; says nothing about what it means. */
  read(asked: Asked): RawVisit;
  pass(close: boolean): Response;
  /** Never 2xx where 2xx lets the visitor through. */
  hold(retryAfterSeconds: number, close: boolean): Response;
}
