import type { RawVisit } from "../gate/visit.ts";
import type { Arrival } from "./arrival.ts";

/** How one proxy asks and how it must be answered. `close`: say `Connection: close`. */
export interface Dialect {
  readonly name: string;
  /**
   * Reads nothing but what the proxy's configuration overwrites, and says nothing about what it means.
   * `addressHeader`: in which the proxy says who its client is (`client_address_header`).
   */
  read(arrival: Arrival, addressHeader: string): RawVisit;
  /**
   * `upcoming`: what `X-Lull-Upcoming` says; null: it is not there. `mark`: what `X-Lull` says, of who passes a closed
   * site as a person who may; null: it is not there.
   */
  pass(close: boolean, upcoming: string | null, mark: "bypass" | null): Response;
  /** Never 2xx where 2xx lets the visitor through. */
  hold(retryAfterSeconds: number, close: boolean): Response;
}
