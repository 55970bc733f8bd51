import type { Problem } from "./problem.ts";

/** `UNAVAILABLE` (gRPC, status codes): clients may try again. */
const unavailable = "14";
/** gRFC A6: a signed number of 32 bits; a client that cannot read it does not come again. */
const longestPushbackMs = 2 ** 31 - 1;
/** Characters: encoded, they still fit into the header buffers of proxies. */
const longestMessage = 150;

/**
 * A response of trailers alone (gRPC over HTTP/2, "Responses"): headers, no body. The pushback tells clients with a
 * retry policy when to come again (gRFC A6).
 */
export function grpcHeaders(problem: Problem, contentType: string): Readonly<Record<string, string>> {
  return {
    "Content-Type": contentType,
    "grpc-status": unavailable,
    "grpc-message": percentEncoded(problem.detail.slice(0, longestMessage)),
    "grpc-retry-pushback-ms": String(Math.min(problem.retryAfter * 1_000, longestPushbackMs)),
  };
}

/** `Percent-Encoded` of the same document: everything but printable ASCII, and `%` itself. */
function percentEncoded(message: string): string {
  return message.toWellFormed().replace(/[^ -~]+|%/gu, encodeURIComponent);
}
