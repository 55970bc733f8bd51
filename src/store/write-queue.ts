import type { Database } from "./database.ts";
import { databaseFault } from "./fault.ts";
import type { FollowedDatabase } from "./followed-database.ts";
import type { WriteRequest, WriteResult } from "./thread-messages.ts";
import { beginClaimed } from "./write-claim.ts";

/** What the database thread has been asked to write. A connection does one thing at a time, so they wait for their turn. */
export interface WriteQueue<Wanted> {
  put(request: WriteRequest<Wanted>): void;
  /** Does what waits by now. Gives whether the database may have been written. Throws when another file has taken its place. */
  serve(followed: FollowedDatabase): Promise<boolean>;
  /** Ends what waits: the database cannot be used. */
  refuse(fault: string): void;
}

export interface WriteQueueMeans<Wanted, Outcome> {
  readonly write: (database: Database, wanted: Wanted) => Promise<Outcome>;
  readonly answer: (result: WriteResult<Outcome>) => void;
}

export function createWriteQueue<Wanted, Outcome>({
  write,
  answer,
}: WriteQueueMeans<Wanted, Outcome>): WriteQueue<Wanted> {
  const waiting: WriteRequest<Wanted>[] = [];

  async function perform({ database }: FollowedDatabase, { ticket, wanted }: WriteRequest<Wanted>): Promise<void> {
    try {
      answer({ ticket, kind: "done", outcome: await write(database, wanted) });
    } catch (error) {
      answer({ ticket, kind: "not-done", fault: databaseFault(error, database.path).message });
    }
  }

  return {
    put: (request) => void waiting.push(request),
    async serve(followed) {
      let hasBegun = false;
      // What comes meanwhile has its turn after what else is to be done: nobody keeps changes away by asking.
      for (let left = waiting.length; left > 0; left--) {
        await followed.verifyPath();
        const request = waiting.shift();
        if (request === undefined || !beginClaimed(request.claim)) continue;
        hasBegun = true;
        await perform(followed, request);
      }
      return hasBegun;
    },
    refuse(fault) {
      for (const { ticket } of waiting.splice(0)) answer({ ticket, kind: "not-done", fault });
    },
  };
}
