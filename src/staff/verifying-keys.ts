import { createLocalJWKSet, type JSONWebKeySet, type JWK } from "jose";
import { LullError } from "../gate/error.ts";

/** By what signatures are verified. */
export type VerifyingKeys =
  | { readonly kind: "secret"; readonly secret: Uint8Array }
  | { readonly kind: "set"; readonly find: ReturnType<typeof createLocalJWKSet> };

export interface KeyReading {
  readonly keys: VerifyingKeys;
  /** Why nothing can be verified although it was read; null: something can. */
  readonly fault: string | null;
}

const mostKeys = 100;
/** RFC 7518, 3.2: as long as what the hash gives, or longer. */
const secretBytes: Readonly<Record<string, number>> = { HS256: 32, HS384: 48, HS512: 64 };
const keyTypes: Readonly<Record<string, string>> = { RS: "RSA", PS: "RSA", ES: "EC", Ed: "OKP" };

/** A shared secret: the bytes of its file, without the line feed that editors add. Throws LullError: too short. */
export function readSecret(file: Uint8Array, algorithms: readonly string[]): KeyReading {
  const secret = file.subarray(0, file.length - lineEndBytes(file));
  const least = Math.max(...algorithms.map((name) => secretBytes[name] ?? 0));
  if (secret.length < least)
    throw new LullError(
      "refused",
      `has ${secret.length} bytes; ${algorithms.join(", ")} needs ${least} that nobody guesses (openssl rand -hex ${least})`,
    );
  return { keys: { kind: "secret", secret }, fault: null };
}

/**
 * The public keys of a JWK Set (RFC 7517, 5) that can be meant by these algorithms. Others are left out: symmetric ones,
 * which anybody may have read, private ones, those for encryption. A set without any is one all the same: what its
 * issuer has withdrawn must not count. Throws LullError for what is no such set.
 */
export function readKeySet(file: Uint8Array, algorithms: readonly string[]): KeyReading {
  const given = keysIn(file);
  if (given.length > mostKeys)
    throw new LullError("refused", `holds ${given.length} keys; ${mostKeys} are the most that are looked through`);
  const types = new Set(algorithms.map((name) => keyTypes[name.slice(0, 2)]));
  const keys = given.filter(isPublicKey).filter(({ kty }) => types.has(kty));
  const set: JSONWebKeySet = { keys };
  const fault = `holds ${given.length} keys, none of them public and for signatures by ${algorithms.join(", ")}; see jwt_algorithms`;
  return { keys: { kind: "set", find: createLocalJWKSet(set) }, fault: keys.length === 0 ? fault : null };
}

/** Whether a file is a JWK Set with keys that nobody else should know: private ones (`d`), or symmetric ones (`k`). */
export function holdsPrivateKeys(file: Uint8Array): boolean {
  try {
    return keysIn(file).some((key) => typeof key === "object" && key !== null && ("d" in key || "k" in key));
  } catch {
    return false;
  }
}

function keysIn(file: Uint8Array): readonly unknown[] {
  const set = parsed(file);
  if (typeof set !== "object" || set === null || !("keys" in set) || !Array.isArray(set.keys))
    throw new LullError(
      "refused",
      'is no JWK Set: {"keys":[...]} is meant (RFC 7517, 5), as issuers name it in jwks_uri',
    );
  return set.keys;
}

function parsed(file: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(file));
  } catch {
    // What it holds may be anything, also a secret: no log is told.
    throw new LullError("refused", "is not JSON; a JWK Set is meant (RFC 7517, 5), as issuers name it in jwks_uri");
  }
}

function isPublicKey(value: unknown): value is JWK & { readonly kty: string } {
  if (typeof value !== "object" || value === null || !("kty" in value) || typeof value.kty !== "string") return false;
  return !("d" in value) && (!("use" in value) || value.use === "sig");
}

function lineEndBytes(file: Uint8Array): number {
  if (file.at(-1) !== 10) return 0;
  return file.at(-2) === 13 ? 2 : 1;
}
