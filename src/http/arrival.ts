import type { Peer } from "../gate/client-ip.ts";
import { siteInQuery } from "./site-in-query.ts";

/** One request to the sidecar, before anybody has asked what it means. */
export interface Arrival {
  readonly request: Request;
  /** Who is connected: the proxy, or who asks for the state. */
  readonly peer: Peer;
  /** The path of the request line. A visit's path comes from headers, never from here. */
  readonly path: string;
  /** The number that the proxy's configuration names, as it is written there; null: the host tells. */
  readonly site: string | null;
  /**
   * The request has no usable Host. Bun answers 400 to HTTP/1.1 without one, so that this is how it shows HTTP/1.0:
   * the version itself it does not tell.
   */
  readonly isHostless: boolean;
}

/** Takes the URL apart as Bun gives it, which is a path and a query alone when there was no usable Host. */
export function arrive(request: Request, peer: Peer): Arrival {
  const { url } = request;
  const isHostless = url.charCodeAt(0) === 47;
  const start = isHostless ? 0 : url.indexOf("/", "http://".length);
  const mark = url.indexOf("?", start);
  if (mark < 0) return { request, peer, path: url.slice(start), site: null, isHostless };
  return { request, peer, path: url.slice(start, mark), site: siteInQuery(url.slice(mark + 1)), isHostless };
}

/**
 * Whether the other side will not use this connection again: it said so, or it speaks HTTP/1.0. Bun closes such a
 * connection without a word in its answer, and a proxy that keeps connections would send the next check into the dying
 * one, so answers must say `Connection: close`.
 */
export function asksToClose({ request, isHostless }: Arrival): boolean {
  if (isHostless) return true;
  const connection = request.headers.get("connection");
  return connection !== null && /(?:^|,)\s*close\s*(?:,|$)/i.test(connection);
}
