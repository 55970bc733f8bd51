const headers = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };

/** One or more lines for people and scripts; the final line feed is added. */
export function plainText(status: number, text: string): Response {
  return new Response(`${text}\n`, { status, headers });
}

/** For whoever may look further. */
export function noSnapshot(): Response {
  return plainText(503, "no snapshot yet: see /readyz");
}

export function notFound(): Response {
  return plainText(404, "not found");
}
