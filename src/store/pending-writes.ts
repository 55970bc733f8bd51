import { LullError } from "../gate/error.ts";
import type { WriteRequest, WriteResult } from "./thread-messages.ts";
import { createClaim, giveUpClaimed } from "./write-claim.ts";

/** What has not begun by then is given up: no visitor waits for longer. */
const beginWithinMs = 1_500;
/** What has begun is nearly over: it waits for no lock for longer than the rest of two seconds. */
const endWithinMs = 300;
/** More of them would not be done in time. */
const mostPending = 100;

/** What the serving thread has asked the database thread to write. */
export interface PendingWrites<Wanted, Outcome> {
  /** Rejects (LullError) within two seconds when the database is away or slow. What was given up then is not done later. */
  readonly write: (wanted: Wanted) => Promise<Outcome>;
  /** The database thread has answered. */
  settle(result: WriteResult<Outcome>): void;
}

/** `undone`: what it means that nothing was written, for whoever reads the log. */
export function createPendingWrites<Wanted, Outcome>(
  ask: (request: WriteRequest<Wanted>) => void,
  undone: string,
): PendingWrites<Wanted, Outcome> {
  const pending = new Map<number, PromiseWithResolvers<Outcome>>();
  let lastTicket = 0;

  function slow(): LullError {
    return new LullError("unreachable", `the database has not answered in time, so ${undone}; try again in a moment`);
  }

  return {
    async write(wanted) {
      if (pending.size >= mostPending) throw slow();
      lastTicket++;
      const ticket = lastTicket;
      const claim = createClaim();
      const asked = Promise.withResolvers<Outcome>();
      pending.set(ticket, asked);
      let timeout = setTimeout(() => {
        if (giveUpClaimed(claim)) asked.reject(slow());
        else timeout = setTimeout(() => asked.reject(slow()), endWithinMs);
      }, beginWithinMs);
      try {
        ask({ ticket, claim, wanted });
        return await asked.promise;
      } finally {
        clearTimeout(timeout);
        pending.delete(ticket);
      }
    },
    settle(result) {
      const asked = pending.get(result.ticket);
      if (result.kind === "done") asked?.resolve(result.outcome);
      else asked?.reject(new LullError("unreachable", result.fault));
    },
  };
}
