import type { InstantMs } from "../gate/period.ts";
import { createAcknowledgement, type PlacedRevision } from "./acknowledgement.ts";
import { databasePath } from "./database.ts";
import { codeOf, databaseFault } from "./fault.ts";
import { DatabaseReplaced, type FollowedDatabase, openFollowed } from "./followed-database.ts";
import { readMeta } from "./meta.ts";
import type { Registration, Served } from "./registration.ts";
import { readRecords } from "./snapshot.ts";
import type { FollowRequest, FromDatabase, ToDatabase } from "./thread-messages.ts";

/** How often the database is asked whether anybody has changed it, although nobody has told that its files change. */
const pollEveryMs = 250;
/** The same on a system that does not tell. */
const pollUntoldEveryMs = 60;
/** The same just after its files have changed, and twice as long each time: a change counts only when it is synchronised. */
const pollFirstAfterMs = 2;
/** How often the serving thread is told that its snapshot is still the newest. */
const confirmEveryMs = 500;
/** A database that cannot be used is tried again after this time, and after twice as long each time. */
const retryFirstAfterMs = 250;
const retryMostMs = 2_000;
/** Small enough that the serving thread takes one chunk in without a gap. */
const sitesInChunk = 100;
/** A snapshot keeps periods that were over for less than this, for a clock that is set back. */
const keepPastMs = 24 * 60 * 60 * 1000;

/** Follows the database's revision and hands every new one over, chunk by chunk. */
export interface Follower {
  receive(message: ToDatabase): void;
}

export function createFollower(send: (message: FromDatabase) => void): Follower {
  let announced = false;
  let registered = false;
  let stopping = false;
  let watching: FollowedDatabase | null = null;
  let answer: (() => void) | null = null;
  let endPause: (() => void) | null = null;
  let confirmedAtMs = Number.NEGATIVE_INFINITY;
  /** The fault that was told last and is not over. */
  let told: string | null = null;

  /** Sends, and waits for the serving thread to have taken it in. */
  function hand(message: FromDatabase): Promise<void> {
    return new Promise((resolve) => {
      answer = resolve;
      send(message);
    });
  }

  async function pause(timeMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    endPause = resolve;
    const timeout = setTimeout(resolve, timeMs);
    await promise;
    clearTimeout(timeout);
  }

  function tellFault(error: unknown, path: string): void {
    const { message } = databaseFault(error, path);
    if (message === told) return;
    told = message;
    send({ kind: "fault", message, passing: codeOf(error) === "SQLITE_BUSY" });
  }

  /** What is read is the newest, even where something hinders writing. */
  function confirm(at: InstantMs, isHindered: boolean): void {
    const nowMs = performance.now();
    const isOver = told !== null && !isHindered;
    if (!isOver && nowMs - confirmedAtMs < confirmEveryMs) return;
    confirmedAtMs = nowMs;
    if (isOver) {
      told = null;
      send({ kind: "recovered" });
    }
    send({ kind: "confirmed", at });
  }

  /** Gives the revision that is in place now. */
  async function handOver(
    { database, databaseId, verifyPath }: FollowedDatabase,
    served: number | null,
  ): Promise<PlacedRevision> {
    const endsAfter = Date.now() - keepPastMs;
    const records = await readRecords(database, served === null ? { endsAfter } : { endsAfter, changedAfter: served });
    // What was read of a file that was replaced meanwhile may be of both.
    await verifyPath();
    const { revision, removed, everywhere, changedAt } = records;
    const fresh = served === null;
    send({ kind: "begin", fresh, removed });
    for (let start = 0; start < records.sites.length; start += sitesInChunk) {
      await hand({ kind: "sites", sites: records.sites.slice(start, start + sitesInChunk) });
    }
    await hand({ kind: "seal", databaseId, revision, everywhere });
    return { revision, changedAt, fresh };
  }

  async function register(registration: Registration | null, served: Served): Promise<Error | null> {
    if (!announced) return null;
    const hindrance = (await registration?.renew(served)) ?? null;
    if (!registered && hindrance === null) {
      registered = true;
      send({ kind: "registered" });
    }
    return hindrance;
  }

  /** Follows one open file until something is wrong with it. Throws. */
  async function watch(followed: FollowedDatabase): Promise<void> {
    const { database, registration } = followed;
    const acknowledgement = createAcknowledgement();
    let placed: number | null = null;
    let heardCall = 0;
    let seenVersion = -1;
    let mostMs = pollEveryMs;
    let waitMs = pollFirstAfterMs;
    let isTold = true;
    watching = followed;
    while (!stopping) {
      const at = Date.now();
      await followed.inspect();
      const dataVersion = await followed.readDataVersion();
      const isSame = dataVersion === seenVersion;
      if (!isSame) {
        const { revision, schemaVersion, rollCall } = await readMeta(database.orm);
        if (schemaVersion !== followed.schemaVersion) throw new DatabaseReplaced();
        // A lower revision is an older copy's, put back into the same file.
        if (revision !== placed) {
          const from = revision < (placed ?? 0) ? null : placed;
          const next = await handOver(followed, from);
          acknowledgement.place(next);
          placed = next.revision;
        }
        if (announced && rollCall !== heardCall) await hand({ kind: "roll-call" });
        heardCall = rollCall;
        if (!isTold && waitMs === mostMs) mostMs = pollUntoldEveryMs;
        seenVersion = dataVersion;
      }
      // Handing over may have taken long.
      await followed.verifyPath();
      const { served, lag } = acknowledgement.look(Date.now(), heardCall);
      const hindrance = (placed === null ? null : await register(registration, served)) ?? lag;
      if (hindrance !== null) tellFault(hindrance, database.path);
      confirm(at, hindrance !== null);
      if (isSame) await followed.tidy();
      isTold = await followed.watch.next(waitMs);
      waitMs = isTold ? pollFirstAfterMs : Math.min(2 * waitMs, mostMs);
    }
  }

  async function run(request: FollowRequest): Promise<void> {
    let { databaseId } = request;
    let retryAfterMs = retryFirstAfterMs;
    while (!stopping) {
      let followed: FollowedDatabase | null = null;
      try {
        followed = await openFollowed({ ...request, databaseId });
        databaseId = followed.databaseId;
        retryAfterMs = retryFirstAfterMs;
        await watch(followed);
        await followed.verifyPath();
        await followed.registration?.end();
        await followed.close();
      } catch (error) {
        await followed?.abandon();
        if (error instanceof DatabaseReplaced) continue;
        tellFault(error, databasePath(request.url));
        await pause(retryAfterMs);
        retryAfterMs = Math.min(2 * retryAfterMs, retryMostMs);
      }
    }
    send({ kind: "stopped" });
  }

  return {
    receive(message) {
      switch (message.kind) {
        case "open":
          void run(message.request);
          return;
        case "taken":
        case "placed":
          answer?.();
          return;
        case "announce":
          announced = true;
          watching?.watch.wake();
          return;
        case "stop":
          stopping = true;
          // A snapshot that nobody takes in any more must not keep the thread.
          answer?.();
          watching?.watch.wake();
          endPause?.();
          return;
      }
    },
  };
}
