import type { TokenClaim, TokenSettings } from "../config/staff.ts";
import type { Standing } from "../gate/standing.ts";

/** The claims of a token (RFC 7519, 4), as its issuer has signed them. */
export type Claims = Readonly<Record<string, unknown>>;

/** What claims make their bearer; null: nobody. */
export function standingOfClaims(
  claims: Claims,
  { staff, superuser }: Pick<TokenSettings, "staff" | "superuser">,
): Standing | null {
  if (superuser !== null && says(claims, superuser)) return "superuser";
  return staff !== null && says(claims, staff) ? "staff" : null;
}

/** A list says each of its texts; a truth value and a number say what JSON writes. Letter by letter, nothing inherited. */
function says(claims: Claims, { name, value }: TokenClaim): boolean {
  const said = Object.hasOwn(claims, name) ? claims[name] : valueAt(claims, name.split("."));
  if (Array.isArray(said)) return said.includes(value);
  return typeof said === "string"
    ? said === value
    : (typeof said === "boolean" || typeof said === "number") && JSON.stringify(said) === value;
}

/** Through objects alone: a list has a length, which nobody has claimed. */
function valueAt(claims: unknown, steps: readonly string[]): unknown {
  let at = claims;
  for (const step of steps) {
    if (!isObject(at) || !Object.hasOwn(at, step)) return undefined;
    at = at[step];
  }
  return at;
}

function isObject(value: unknown): value is Claims {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
