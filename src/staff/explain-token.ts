import type { TokenSettings } from "../config/staff.ts";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Standing } from "../gate/standing.ts";
import { keySourceOf } from "./key-source.ts";
import { isToken } from "./shown-tokens.ts";
import { standingOfClaims } from "./token-claims.ts";
import { notStaff } from "./token-refusal.ts";
import { verifyToken } from "./verify-token.ts";

/** What a token is worth. `reason`: why it makes nobody staff; null: it does. */
export interface TokenExplanation {
  readonly standing: Standing | null;
  readonly reason: string | null;
}

const nothing = "no token counts, because neither jwt_keys nor jwt_secret_file is set";
const unlikeToken = "it is not a signed JWT: three parts of base64url with dots between, at most 8 KB in all";

/** What a sidecar that starts now would make of a token. Throws LullError when its keys cannot be had. */
export async function explainToken(
  token: string,
  settings: TokenSettings | null,
  now: InstantMs,
): Promise<TokenExplanation> {
  if (settings === null) return { standing: null, reason: nothing };
  if (!isToken(token)) return { standing: null, reason: unlikeToken };
  const { keys, fault } = await keysOf(settings);
  const verification = await verifyToken(token, keys, { rules: settings, now });
  if (verification.kind !== "verified") {
    const { reason } = verification.refusal;
    return { standing: null, reason: fault === null ? reason : `${reason}: ${fault}` };
  }
  const standing = standingOfClaims(verification.claims, settings);
  return { standing, reason: standing === null ? notStaff(verification.claims, settings).reason : null };
}

async function keysOf(settings: TokenSettings) {
  const source = keySourceOf(settings, () => {});
  try {
    const { keys, fault } = source.read(await source.load(new AbortController().signal));
    return { keys, fault: fault === null ? null : `${source.name} ${fault}` };
  } catch (error) {
    if (!(error instanceof LullError)) throw error;
    throw new LullError(error.kind, `${source.name} ${error.message}; nobody can say what the token is worth`, {
      cause: error,
    });
  }
}
