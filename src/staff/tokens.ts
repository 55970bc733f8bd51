import type { TokenSettings } from "../config/staff.ts";
import type { Credentials } from "../gate/bypass.ts";
import type { InstantMs } from "../gate/period.ts";
import { higherStanding, type Standing } from "../gate/standing.ts";
import { type HeldKeys, type KeyLoopMeans, startKeyLoop } from "./key-loop.ts";
import { keySourceOf } from "./key-source.ts";
import { createRefusalTurns } from "./refusal-turns.ts";
import { shownTokens } from "./shown-tokens.ts";
import { standingOfClaims } from "./token-claims.ts";
import { noKeys, notStaff, type TokenRefusal } from "./token-refusal.ts";
import { verifyToken } from "./verify-token.ts";

/** Tells who is staff by JSON Web Tokens (RFC 7519), as a bearer header or a cookie. */
export interface StaffTokens {
  /** Whether a token is shown at all. */
  isShown(credentials: Credentials): boolean;
  /** What the token makes its bearer; null: nobody. Never rejects, and does no I/O: keys are in memory, or nobody is staff. */
  standingOf(credentials: Credentials, now: InstantMs): Promise<Standing | null>;
  /** For who comes after: see `StaffTokenMeans`. */
  readonly held: HeldKeys;
  /** Fetches no more keys; those that are there go on. */
  stop(): void;
}

export interface StaffTokenMeans extends Omit<KeyLoopMeans, "former"> {
  /** Whose place is taken: while new keys are on their way, its own go on when they come from the same source. */
  readonly former: StaffTokens | null;
  /** Somebody has shown tokens and is nobody by them. Seldom, however many do: each reason once a minute, and few reasons. */
  readonly onRefused: (refusal: TokenRefusal) => void;
  /** One line: others can read what nobody else should know. Once. */
  readonly onExposed: (warning: string) => void;
}

/** A check, and a start, waits for nothing; but who comes right after the start should find the keys. */
const firstKeysWithinMs = 1_000;

/**
 * Reads or fetches the keys beside everything else. Resolves when there are some, or nothing came of it, and soon in any
 * case; never rejects.
 */
export async function startStaffTokens(settings: TokenSettings, means: StaffTokenMeans): Promise<StaffTokens> {
  const { cookie } = settings;
  const loop = startKeyLoop(keySourceOf(settings, means.onExposed), { ...means, former: means.former?.held ?? null });
  if (loop.held.keys === null) await Promise.race([loop.tried, Bun.sleep(firstKeysWithinMs)]);

  const isItsTurn = createRefusalTurns();

  async function standingOfToken(token: string, now: InstantMs): Promise<Standing | TokenRefusal> {
    const keys = loop.keysAt(now);
    const verification = keys === null ? null : await verifyToken(token, keys, { rules: settings, now });
    if (verification?.kind === "verified")
      return standingOfClaims(verification.claims, settings) ?? notStaff(verification.claims, settings);
    if (verification?.kind !== "refused") loop.askSooner();
    return verification?.refusal ?? noKeys;
  }

  return {
    isShown: (credentials) => shownTokens(credentials, cookie).length > 0,
    async standingOf(credentials, now) {
      let standing: Standing | null = null;
      const refusals: TokenRefusal[] = [];
      for (const token of shownTokens(credentials, cookie)) {
        const found = await standingOfToken(token, now);
        if (typeof found === "string") standing = higherStanding(standing, found);
        else refusals.push(found);
        if (standing === "superuser") break;
      }
      // Who is staff by one token needs no other.
      if (standing === null) for (const refusal of refusals) if (isItsTurn(refusal, now)) means.onRefused(refusal);
      return standing;
    },
    get held() {
      return loop.held;
    },
    stop: loop.stop,
  };
}
