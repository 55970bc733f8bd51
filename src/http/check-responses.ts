import type { Dialect, HeldCheck } from "./dialect.ts";
import { upcomingHeader } from "./upcoming-header.ts";

type Lines = Readonly<Record<string, string>>;

const nothing: Lines = {};

/** A pass with an empty body: nginx gives connections up on others. `more`: what is always said. */
export function createPass(status: 200 | 204, more: Lines = nothing): Dialect["pass"] {
  // Given again and again. Only without headers: Bun sends those of a Response with its first use alone.
  const bare = more === nothing ? new Response(null, { status }) : null;
  return (close, { upcoming, why }) => {
    if (bare !== null && !close && upcoming === null && why === null) return bare;
    const told = upcoming === null ? more : { ...more, [upcomingHeader]: upcoming };
    const headers = why === null ? told : { ...told, "X-Lull": "bypass", "X-Lull-Why": why };
    return new Response(null, { status, headers: closing(headers, close) });
  };
}

/** For proxies that take the answer to the visitor from elsewhere: 403, and nothing in it. */
export function holdEmpty({ retryAfterSeconds, close }: HeldCheck): Response {
  const headers = { "X-Lull": "closed", "Retry-After": String(retryAfterSeconds) };
  return new Response(null, { status: 403, headers: closing(headers, close) });
}

/** For proxies that hand the answer on to the visitor as it is. `unavailable`: what stands for 503, where that means something else. */
export function holdWhole({ close, answer }: HeldCheck, unavailable: 403 | 503): Response {
  const { status, headers, body } = answer();
  return new Response(body, {
    status: status === 503 ? unavailable : status,
    headers: closing({ ...headers, "X-Lull": "closed" }, close),
  });
}

function closing(headers: Lines, close: boolean): Record<string, string> {
  return close ? { ...headers, Connection: "close" } : { ...headers };
}
