import { type Address, sendRaw } from "../../support/raw-http.ts";
import type { RawResponse } from "../../support/raw-response.ts";
import type { SampleApp } from "../../support/sample-app.ts";

export interface VisitParts {
  readonly method?: string;
  /** The raw request target, as bytes: one character is one byte. */
  readonly target?: string;
  readonly host?: string;
  /** Where the visitor comes from; null: 127.0.0.1, where the tests run. */
  readonly client?: string | null;
  /** Whole lines, sent after the others and as they are. */
  readonly headers?: readonly string[];
  readonly body?: string;
}

export interface Visited {
  /**
   * `pass`: the application answered 200, and it alone was asked. `held`: the sidecar's maintenance answer, complete, and
   * the application was not asked. `held by nginx`: the same, of nginx alone. Anything else is written out.
   */
  readonly outcome: string;
  readonly response: RawResponse;
}

export interface Place {
  readonly address: Address;
  readonly app: SampleApp;
}

let visits = 0;

/** Sends one request through nginx and says who answered it. */
export async function visit({ address, app }: Place, parts: VisitParts): Promise<Visited> {
  visits += 1;
  const marker = `visit-${visits}`;
  const response = await sendRaw(address, requestText(parts, [`X-Marker: ${marker}`]));
  return { outcome: outcomeOf(response, app.hits(marker)), response };
}

/** One HTTP/1.1 request. */
export function requestText(parts: VisitParts, more: readonly string[] = []): string {
  const { method = "GET", target = "/", host = "one.test", client = "203.0.113.9", headers = [], body = "" } = parts;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(host === "" ? [] : [`Host: ${host}`]),
    ...(client === null ? [] : [`X-Test-Client: ${client}`]),
    ...(body === "" ? [] : [`Content-Length: ${body.length}`]),
    ...more,
    ...headers,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

export function outcomeOf(response: RawResponse, hits: number): string {
  const { status } = response;
  const asked = hits === 1 ? "" : `, the application was asked ${hits} times`;
  if (response.header("x-app") === "sample")
    return status === 200 && hits === 1 ? "pass" : `application ${status}${asked}`;
  const untouched = hits === 0 ? "" : asked;
  if (status === 503 && isHeldAnswer(response)) {
    return `${response.header("vary") === null ? "held by nginx" : "held"}${untouched}`;
  }
  return `${status}${untouched}`;
}

/** A maintenance answer of which nothing is missing. */
function isHeldAnswer(response: RawResponse): boolean {
  const wait = response.header("retry-after") ?? "";
  return (
    /^[1-9]\d*$/.test(wait) &&
    response.header("cache-control") === "no-store" &&
    response.header("content-type") !== null
  );
}
