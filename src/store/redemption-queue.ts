import { redeemBypass } from "./bypasses.ts";
import { databaseFault } from "./fault.ts";
import type { FollowedDatabase } from "./followed-database.ts";
import { beginClaimed } from "./redemption-claim.ts";
import type { RedeemRequest, RedemptionResult } from "./thread-messages.ts";

/** The redemptions that the database thread has been asked for. A connection does one thing at a time, so they wait for their turn. */
export interface RedemptionQueue {
  put(request: RedeemRequest): void;
  /** Does what waits by now. Gives whether the database may have been written. Throws when another file has taken its place. */
  serve(followed: FollowedDatabase): Promise<boolean>;
  /** Ends what waits: the database cannot be used. */
  refuse(fault: string): void;
}

export function createRedemptionQueue(answer: (result: RedemptionResult) => void): RedemptionQueue {
  const waiting: RedeemRequest[] = [];

  async function redeem(followed: FollowedDatabase, { ticket, redemption }: RedeemRequest): Promise<void> {
    const { database } = followed;
    try {
      const outcome = await redeemBypass(database, { ...redemption, now: Date.now() });
      answer({ ticket, outcome });
    } catch (error) {
      answer({ ticket, outcome: null, fault: databaseFault(error, database.path).message });
    }
  }

  return {
    put: (request) => void waiting.push(request),
    async serve(followed) {
      let hasBegun = false;
      // What comes meanwhile has its turn after what else is to be done: nobody keeps changes away by redeeming.
      for (let left = waiting.length; left > 0; left--) {
        await followed.verifyPath();
        const request = waiting.shift();
        if (request === undefined || !beginClaimed(request.claim)) continue;
        hasBegun = true;
        await redeem(followed, request);
      }
      return hasBegun;
    },
    refuse(fault) {
      for (const { ticket } of waiting.splice(0)) answer({ ticket, outcome: null, fault });
    },
  };
}
