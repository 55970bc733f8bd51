import type { InstantMs } from "../gate/period.ts";
import type { TokenRefusal } from "./token-refusal.ts";

const minuteMs = 60_000;
/** Reasons in a minute; whoever sends nonsense takes none away from what issuers have signed. */
const most: Readonly<Record<TokenRefusal["of"], number>> = { stranger: 3, issuer: 3, visitor: 3 };

/** Tells whether it is a refusal's turn to be told: each reason once a minute, and few reasons in all. */
export function createRefusalTurns(): (refusal: TokenRefusal, now: InstantMs) => boolean {
  const told = { stranger: new Map<string, InstantMs>(), issuer: new Map(), visitor: new Map() };
  return ({ reason, of }, now) => {
    const recent = told[of];
    // A clock that was set back holds nothing up.
    for (const [each, at] of recent) if (Math.abs(now - at) >= minuteMs) recent.delete(each);
    if (recent.has(reason) || recent.size >= most[of]) return false;
    recent.set(reason, now);
    return true;
  };
}
