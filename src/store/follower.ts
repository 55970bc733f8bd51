import type { InstantMs } from "../gate/period.ts";
import { databasePath } from "./database.ts";
import { codeOf, databaseFault } from "./fault.ts";
import { DatabaseReplaced, type FollowedDatabase, openFollowed } from "./followed-database.ts";
import { readMeta } from "./meta.ts";
import { readRecords } from "./snapshot.ts";
import type { FollowRequest, FromDatabase, ToDatabase } from "./thread-messages.ts";

/** How often the database is asked whether anybody has changed it. One question takes about 20 us. */
const pollEveryMs = 20;
/** How often the serving thread is told that its snapshot is still the newest. */
const confirmEveryMs = 500;
const retryFaultAfterMs = 250;
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
  let stopping = false;
  let answer: (() => void) | null = null;
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
    if (isOver) told = null;
    send({ kind: "confirmed", at });
  }

  /** Gives the revision that is in place now. */
  async function handOver({ database, databaseId, verifyPath }: FollowedDatabase, served: number | null) {
    const endsAfter = Date.now() - keepPastMs;
    const records = await readRecords(database, served === null ? { endsAfter } : { endsAfter, changedAfter: served });
    // What was read of a file that was replaced meanwhile may be of both.
    await verifyPath();
    const { revision, removed, everywhere } = records;
    send({ kind: "begin", fresh: served === null, removed });
    for (let start = 0; start < records.sites.length; start += sitesInChunk) {
      await hand({ kind: "sites", sites: records.sites.slice(start, start + sitesInChunk) });
    }
    await hand({ kind: "seal", databaseId, revision, everywhere });
    return revision;
  }

  /** Follows one open file until something is wrong with it. Throws. */
  async function watch(followed: FollowedDatabase): Promise<void> {
    const { database, registration } = followed;
    let served: number | null = null;
    let seenVersion = -1;
    while (!stopping) {
      const at = Date.now();
      await followed.inspect();
      const dataVersion = await followed.readDataVersion();
      const isSame = dataVersion === seenVersion;
      if (!isSame) {
        const { revision, schemaVersion } = await readMeta(database.orm);
        if (schemaVersion !== followed.schemaVersion) throw new DatabaseReplaced();
        // A lower revision is an older copy's, put back into the same file.
        if (revision !== served) served = await handOver(followed, revision < (served ?? 0) ? null : served);
        seenVersion = dataVersion;
      }
      const hindrance = announced && served !== null ? ((await registration?.renew(served)) ?? null) : null;
      if (hindrance !== null) tellFault(hindrance, database.path);
      confirm(at, hindrance !== null);
      if (isSame) await followed.tidy();
      await Bun.sleep(pollEveryMs);
    }
  }

  async function run(request: FollowRequest): Promise<void> {
    let { databaseId } = request;
    while (!stopping) {
      let followed: FollowedDatabase | null = null;
      try {
        followed = await openFollowed({ ...request, databaseId });
        databaseId = followed.databaseId;
        await watch(followed);
        await followed.registration?.end();
        await followed.database.close();
      } catch (error) {
        await followed?.abandon();
        if (error instanceof DatabaseReplaced) continue;
        tellFault(error, databasePath(request.url));
        await Bun.sleep(retryFaultAfterMs);
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
          return;
        case "stop":
          stopping = true;
          // A snapshot that nobody takes in any more must not keep the thread.
          answer?.();
          return;
      }
    },
  };
}
