import type { Answer } from "../answer/answer.ts";
import type { HeaderClaims } from "../gate/standing.ts";
import type { OpenWhy } from "../gate/verdict.ts";
import type { RawVisit } from "../gate/visit.ts";
import type { Arrival } from "./arrival.ts";

/** Headers whose names are configured. */
export interface NamedHeaders {
  /**
   * In which the proxy says who its client is (`client_address_header`), in small letters; null: nobody has configured
   * one, and each dialect looks into that of its own family.
   */
  readonly address: string | null;
  readonly claims: HeaderClaims;
}

/** What else is said of who passes. */
export interface Told {
  /** What `X-Lull-Upcoming` says; null: it is not there. */
  readonly upcoming: string | null;
  /** As whom somebody passes a closed site: `X-Lull: bypass`, and this in `X-Lull-Why`; null: neither is there. */
  readonly why: OpenWhy | null;
}

/** A visit that is held. */
export interface HeldCheck {
  readonly retryAfterSeconds: number;
  /** Say `Connection: close`. */
  readonly close: boolean;
  /** What the visitor is to receive, made when it is asked for: 503, or 302 where the site sends its visitors elsewhere. */
  readonly answer: () => Answer;
}

/** How one proxy asks and how it must be answered. `close`: say `Connection: close`. */
export interface Dialect {
  readonly name: string;
  /** Whether the proxy hands on to the visitor what is not a pass: then even an answer that knows nothing has words. */
  readonly facesVisitors: boolean;
  /** Reads nothing but what the proxy's configuration overwrites, and says nothing about what it means. */
  read(arrival: Arrival, headers: NamedHeaders): RawVisit;
  pass(close: boolean, told: Told): Response;
  /** Never 2xx where 2xx lets the visitor through. */
  hold(held: HeldCheck): Response;
}
