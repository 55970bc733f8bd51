import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type JWTPayload, SignJWT } from "jose";
import type { TokenSettings } from "../../src/config/staff.ts";
import { type Credentials, noCredentials } from "../../src/gate/bypass.ts";

export const start = Date.UTC(2026, 10, 20, 9);
export const startSeconds = start / 1000;
export const issuer = "https://id.example.com/";
export const audience = "shop";

/** Who signs. */
export interface Signer {
  readonly algorithm: string;
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  /** As its issuer publishes it. */
  readonly published: Readonly<Record<string, unknown>>;
}

export function signer(algorithm: string, keyId: string, bits = 2_048): Signer {
  const { privateKey, publicKey } = pair(algorithm, bits);
  const published = { ...publicKey.export({ format: "jwk" }), kid: keyId, use: "sig", alg: algorithm };
  return { algorithm, keyId, privateKey, publicKey, published };
}

function pair(algorithm: string, modulusLength: number) {
  if (algorithm === "EdDSA") return generateKeyPairSync("ed25519");
  if (algorithm.startsWith("ES")) return generateKeyPairSync("ec", { namedCurve: `P-${algorithm.slice(2)}` });
  return generateKeyPairSync("rsa", { modulusLength });
}

/** A JWK Set as it is published. */
export function keySet(...keys: readonly unknown[]): string {
  return JSON.stringify({ keys });
}

/** A token's claims that hold at `start`, with some of them changed; undefined leaves one out. */
export function claims(change: Readonly<Record<string, unknown>> = {}): JWTPayload {
  const all = { iss: issuer, aud: audience, exp: startSeconds + 300, groups: ["users", "staff"] };
  return { ...all, ...change };
}

export function sign(
  by: Pick<Signer, "algorithm" | "keyId"> & { readonly privateKey: KeyObject | Uint8Array },
  payload: JWTPayload = claims(),
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const protectedHeader = { alg: by.algorithm, kid: by.keyId, ...header };
  return new SignJWT(payload).setProtectedHeader(protectedHeader).sign(by.privateKey);
}

/** Base64url of what JSON writes, or of a text as it is. */
export function part(content: unknown): string {
  return Buffer.from(typeof content === "string" ? content : JSON.stringify(content)).toString("base64url");
}

export function tokenSettings(change: Partial<TokenSettings>): TokenSettings {
  return {
    keys: "",
    secretFile: "",
    issuer,
    audience,
    algorithms: ["RS256", "ES256", "EdDSA"],
    cookie: "",
    clockSkewMs: 30_000,
    staff: { name: "groups", value: "staff" },
    superuser: { name: "groups", value: "admin" },
    ...change,
  };
}

export function bearer(token: string): Credentials {
  return { ...noCredentials, authorization: `Bearer ${token}` };
}
