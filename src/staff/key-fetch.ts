import { LullError } from "../gate/error.ts";
import { addressFaultOf } from "./key-fault-words.ts";

const mostBytes = 1_048_576;

/**
 * What an address answers with 200, at most 1 MB, within `timeoutMs` in all. It is asked directly, as nobody in
 * particular, and follows nobody elsewhere. Throws LullError, whose text goes on behind the name of the address.
 */
export async function fetchKeys(url: string, timeoutMs: number, stopped: AbortSignal): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([timeout, stopped]),
      headers: {
        Accept: "application/jwk-set+json, application/json",
        // A few bytes could stand for gigabytes.
        "Accept-Encoding": "identity",
        "User-Agent": "lull",
      },
      decompress: false,
      redirect: "manual",
      keepalive: false,
      proxy: false,
      // Whatever the environment says.
      tls: { rejectUnauthorized: true },
    });
    return await bodyOf(response);
  } catch (error) {
    if (error instanceof LullError) throw error;
    if (timeout.aborted)
      throw new LullError("unreachable", `has not answered within ${timeoutMs / 1000} s; check the address`);
    throw new LullError("unreachable", addressFaultOf(nameOf(error)), { cause: error });
  }
}

async function bodyOf(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  if (response.status !== 200) {
    await response.body?.cancel();
    const hint = response.status >= 300 && response.status < 400 ? "redirects are not followed; " : "";
    throw new LullError("unreachable", `answers ${response.status}, not 200; ${hint}check the address`);
  }
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    // Leaving the loop ends the connection.
    if (bytes > mostBytes) throw new LullError("refused", "is larger than 1 MB; a JWK Set is meant; check the address");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
