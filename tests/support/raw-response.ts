import type { ByteSource } from "./byte-source.ts";

export interface RawResponse {
  readonly status: number;
  readonly reason: string;
  /** In the order in which they came, names as they were written. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
  /** The value of a header, several joined by ", "; null when there is none. */
  header(name: string): string | null;
  /** The body as UTF-8. */
  text(): string;
}

/** Reads one response (RFC 9112, section 6); interim ones (100, 103) are skipped, 101 is final. */
export async function readResponse(source: ByteSource, method: string): Promise<RawResponse> {
  const head = await takeThrough(source, "\r\n\r\n");
  const [statusLine = "", ...lines] = head.slice(0, -4).split("\r\n");
  const [, digits, reason = ""] = /^HTTP\/1\.[01] (\d{3}) ?(.*)$/.exec(statusLine) ?? [];
  if (digits === undefined) throw new Error(`not an HTTP response: ${JSON.stringify(head.slice(0, 200))}`);
  const status = Number(digits);
  if (status < 200 && status !== 101) return await readResponse(source, method);
  const headers = lines.map((line): readonly [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const header = (name: string) => {
    const values = headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
    return values.length === 0 ? null : values.join(", ");
  };
  const hasNoBody = method === "HEAD" || status === 101 || status === 204 || status === 304;
  const body = hasNoBody ? new Uint8Array() : await readBody(source, header);
  return { status, reason, headers, body, header, text: () => new TextDecoder().decode(body) };
}

async function readBody(source: ByteSource, header: (name: string) => string | null): Promise<Uint8Array> {
  if (header("transfer-encoding")?.toLowerCase() === "chunked") return await readChunks(source);
  const length = header("content-length");
  if (length !== null) return await takeExactly(source, Number(length));
  while (await source.more());
  return source.take(source.buffered().length);
}

async function readChunks(source: ByteSource): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const size = Number.parseInt(await takeThrough(source, "\r\n"), 16);
    if (size === 0) break;
    chunks.push(await takeExactly(source, size));
    await takeExactly(source, 2);
  }
  while ((await takeThrough(source, "\r\n")) !== "\r\n");
  return Buffer.concat(chunks);
}

async function takeThrough(source: ByteSource, mark: string): Promise<string> {
  for (;;) {
    const at = source.buffered().indexOf(mark);
    if (at >= 0) return source.take(at + mark.length).toString("latin1");
    if (!(await source.more())) {
      throw new Error(`connection closed, after ${JSON.stringify(source.buffered().toString("latin1"))}`);
    }
  }
}

async function takeExactly(source: ByteSource, count: number): Promise<Uint8Array> {
  while (source.buffered().length < count) {
    if (!(await source.more())) throw new Error(`connection closed ${count - source.buffered().length} bytes early`);
  }
  return source.take(count);
}
