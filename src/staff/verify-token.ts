import { decodeProtectedHeader, errors, type JWTVerifyOptions, jwtVerify } from "jose";
import type { TokenSettings } from "../config/staff.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Claims } from "./token-claims.ts";
import { boundToKey, refusalOf, type TokenRefusal, unfitType } from "./token-refusal.ts";
import type { VerifyingKeys } from "./verifying-keys.ts";

export type Verification =
  | { readonly kind: "verified"; readonly claims: Claims }
  /** Of none of these keys; there may be newer ones. */
  | { readonly kind: "unknown-key"; readonly refusal: TokenRefusal }
  | { readonly kind: "refused"; readonly refusal: TokenRefusal };

export type TokenRules = Pick<TokenSettings, "issuer" | "audience" | "algorithms" | "clockSkewMs">;

/** Of those that a token without a key's name can be signed with. */
const mostTries = 4;
/** RFC 7519, 5.1, and RFC 9068, 2.1; without a type it is one as well. What is made for something else says so (RFC 8725, 3.11). */
const types = /^(?:application\/)?(?:at\+)?jwt$/i;

/** Verifies a token (RFC 7519, 7.2) that must expire. Never rejects: whatever is wrong with it, or with a key, it is not verified. */
export async function verifyToken(
  token: string,
  keys: VerifyingKeys,
  at: { readonly rules: TokenRules; readonly now: InstantMs },
): Promise<Verification> {
  const options = optionsOf(at.rules, at.now);
  try {
    const { protectedHeader, payload } = await verified(token, keys, options);
    const isFit = protectedHeader.typ === undefined || types.test(protectedHeader.typ);
    // RFC 7800: only who proves to have another key may bear it, and nobody can prove that here.
    if (isFit && payload["cnf"] === undefined) return { kind: "verified", claims: payload };
    return { kind: "refused", refusal: isFit ? boundToKey : unfitType };
  } catch (error) {
    const named = namesKey(token);
    const refusal = refusalOf(error, keys, { rules: at.rules, named });
    const isOfNoKey = error instanceof errors.JWSSignatureVerificationFailed && keys.kind === "set" && !named;
    return { kind: isOfNoKey || error instanceof errors.JWKSNoMatchingKey ? "unknown-key" : "refused", refusal };
  }
}

/** What has no header that can be read names nothing. */
function namesKey(token: string): boolean {
  try {
    return decodeProtectedHeader(token).kid !== undefined;
  } catch {
    return false;
  }
}

async function verified(token: string, keys: VerifyingKeys, options: JWTVerifyOptions) {
  if (keys.kind === "secret") return await jwtVerify(token, keys.secret, options);
  try {
    return await jwtVerify(token, keys.find, options);
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    return await verifiedByOneOf(token, error, options);
  }
}

async function verifiedByOneOf(token: string, keys: AsyncIterable<CryptoKey>, options: JWTVerifyOptions) {
  let tries = 0;
  for await (const key of keys) {
    try {
      return await jwtVerify(token, key, options);
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
    }
    tries += 1;
    if (tries === mostTries) break;
  }
  throw new errors.JWSSignatureVerificationFailed();
}

function optionsOf({ issuer, audience, algorithms, clockSkewMs }: TokenRules, now: InstantMs): JWTVerifyOptions {
  return {
    algorithms: [...algorithms],
    requiredClaims: ["exp"],
    clockTolerance: clockSkewMs / 1000,
    currentDate: new Date(now),
    ...(issuer === "" ? {} : { issuer }),
    ...(audience === "" ? {} : { audience }),
  };
}
