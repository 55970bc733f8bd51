import type { Peer } from "../gate/client-ip.ts";

/** One request to the sidecar, before anybody has asked what it means. */
export interface Arrival {
  readonly request: Request;
  /** Who is connected: the proxy, or who asks for the state. */
  readonly peer: Peer;
  /** The path of the request line. A visit's path comes from headers, never from here. */
  readonly path: string;
  /** Without the question mark; "" when there is none. */
  readonly query: string;
}

/** The path and query of a URL as Bun gives it, which has neither scheme nor host when the request had no usable Host. */
export function splitUrl(url: string): { readonly path: string; readonly query: string } {
  const start = isRelative(url) ? 0 : url.indexOf("/", url.indexOf("//") + 2);
  const mark = url.indexOf("?", start);
  if (mark < 0) return { path: url.slice(start), query: "" };
  return { path: url.slice(start, mark), query: url.slice(mark + 1) };
}

/** A request without Host has a relative URL. Only HTTP/1.0 may be without: Bun answers 400 to a later version. */
export function isRelative(url: string): boolean {
  return url.charCodeAt(0) === 47;
}

/**
 * Whether the other side will not use this connection again: it said so, or it speaks HTTP/1.0 (which Bun tells only by
 * the missing Host). Bun closes such a connection without a word in its answer, and a proxy that keeps connections
 * would send the next check into the dying one, so answers must say `Connection: close`.
 */
export function asksToClose(request: Request): boolean {
  const connection = request.headers.get("connection");
  if (connection === null) return isRelative(request.url);
  return /(?:^|,)\s*close\s*(?:,|$)/i.test(connection) || isRelative(request.url);
}
