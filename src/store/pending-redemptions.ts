import { LullError } from "../gate/error.ts";
import type { Redeem, RedeemOutcome } from "./bypasses.ts";
import { createClaim, giveUpClaimed } from "./redemption-claim.ts";
import type { RedeemRequest, RedemptionResult } from "./thread-messages.ts";

/** What has not begun by then is given up: no visitor waits for longer. */
const beginWithinMs = 1_500;
/** What has begun is nearly over: it waits for no lock for longer than the rest of two seconds. */
const endWithinMs = 300;
/** More of them would not be done in time. */
const mostPending = 100;

/** The redemptions that the serving thread has asked for. */
export interface PendingRedemptions {
  /** Rejects (LullError) within two seconds when the database is away or slow. What was given up then is not done later. */
  readonly redeem: Redeem;
  /** The database thread has answered. */
  settle(result: RedemptionResult): void;
}

export function createPendingRedemptions(ask: (request: RedeemRequest) => void): PendingRedemptions {
  const pending = new Map<number, PromiseWithResolvers<RedeemOutcome>>();
  let lastTicket = 0;

  return {
    async redeem(redemption) {
      if (pending.size >= mostPending) throw slow();
      lastTicket++;
      const ticket = lastTicket;
      const claim = createClaim();
      const asked = Promise.withResolvers<RedeemOutcome>();
      pending.set(ticket, asked);
      let timeout = setTimeout(() => {
        if (giveUpClaimed(claim)) asked.reject(slow());
        else timeout = setTimeout(() => asked.reject(slow()), endWithinMs);
      }, beginWithinMs);
      try {
        ask({ ticket, claim, redemption });
        return await asked.promise;
      } finally {
        clearTimeout(timeout);
        pending.delete(ticket);
      }
    },
    settle(result) {
      const asked = pending.get(result.ticket);
      if (result.outcome === null) asked?.reject(new LullError("unreachable", result.fault));
      else asked?.resolve(result.outcome);
    },
  };
}

function slow(): LullError {
  return new LullError(
    "unreachable",
    "the database has not answered in time, so the bypass was not redeemed; try again in a moment",
  );
}
