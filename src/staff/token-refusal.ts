import { errors } from "jose";
import type { TokenSettings } from "../config/staff.ts";
import type { Claims } from "./token-claims.ts";
import type { VerifyingKeys } from "./verifying-keys.ts";

/**
 * Why a token makes nobody staff, for who runs the sidecar. `reason` says nothing that a token says, but the names of
 * claims that its issuer has signed.
 */
export interface TokenRefusal {
  readonly reason: string;
  /** `stranger`: anybody can make such a token. `issuer`: a key has signed it. `visitor`: it is good, and not of staff. */
  readonly of: "stranger" | "issuer" | "visitor";
}

const mostNames = 12;
const longestName = 40;

export const noKeys: TokenRefusal = {
  reason: "there are no keys yet, or they were last seen too long ago (see staff-keys-fault)",
  of: "stranger",
};
export const unfitType: TokenRefusal = { reason: "typ is neither JWT nor at+jwt", of: "issuer" };
export const boundToKey: TokenRefusal = {
  reason: "its bearer must prove to have a key (cnf), and nobody can prove that here",
  of: "issuer",
};

/** What jose has against a token. `named`: it names its key. */
export function refusalOf(
  error: unknown,
  keys: VerifyingKeys,
  token: { readonly rules: Pick<TokenSettings, "issuer" | "audience" | "algorithms">; readonly named: boolean },
): TokenRefusal {
  if (error instanceof errors.JWTExpired) return { reason: "expired", of: "issuer" };
  if (error instanceof errors.JWTClaimValidationFailed) return { reason: claimFault(error, token.rules), of: "issuer" };
  return { reason: strangersFault(error, keys, token), of: "stranger" };
}

/** The claims are good, and nobody's who is meant. */
export function notStaff(
  claims: Claims,
  { staff, superuser }: Pick<TokenSettings, "staff" | "superuser">,
): TokenRefusal {
  const wanted = [staff, superuser].flatMap((claim) =>
    claim === null ? [] : [`${JSON.stringify(claim.name)} with the value ${JSON.stringify(claim.value)}`],
  );
  return { reason: `no claim ${wanted.join(", nor ")}: it has ${namesIn(claims)}`, of: "visitor" };
}

function namesIn(claims: Claims): string {
  const names = Object.keys(claims);
  const shown = names.slice(0, mostNames).map((name) => {
    const plain = name.replace(/[^\x21-\x7e]/g, "?");
    return plain.length > longestName ? `${plain.slice(0, longestName)}...` : plain;
  });
  const more = names.length - shown.length;
  return `${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function claimFault(
  { claim, reason }: errors.JWTClaimValidationFailed,
  { issuer, audience }: Pick<TokenSettings, "issuer" | "audience">,
): string {
  if (reason === "missing") return `it has no ${claim}`;
  if (reason === "invalid") return `${claim} is not a number`;
  if (claim === "iss") return `iss is not jwt_issuer ${JSON.stringify(issuer)}`;
  if (claim === "aud") return `aud is not jwt_audience ${JSON.stringify(audience)}, nor holds it`;
  return claim === "nbf" ? "it has not begun (nbf)" : `${claim} does not hold`;
}

function strangersFault(
  error: unknown,
  keys: VerifyingKeys,
  token: { readonly rules: Pick<TokenSettings, "algorithms">; readonly named: boolean },
): string {
  if (error instanceof errors.JOSEAlgNotAllowed)
    return `alg is none of jwt_algorithms (${token.rules.algorithms.join(", ")})`;
  if (error instanceof errors.JWKSNoMatchingKey)
    return token.named ? "no key with that kid, for its alg" : "no key for its alg";
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    if (keys.kind === "secret") return "it is not signed with the secret of jwt_secret_file";
    return token.named ? "it is not signed with the key that its kid names" : "it is not signed with any of the keys";
  }
  if (error instanceof errors.JOSENotSupported) return "its header asks for what lull does not know (crit)";
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return "it is not a signed JWT";
  return "the key that it names is of no use, such as an RSA key of less than 2048 bits";
}
