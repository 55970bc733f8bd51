import { statSync } from "node:fs";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import { type Database, databasePath, openDatabase, openOrCreateDatabase } from "./database.ts";
import { codeOf, databaseFault } from "./fault.ts";
import { readRevision } from "./meta.ts";
import { migrate, schemaState } from "./migrate.ts";
import { createRegistration, type Registration } from "./registration.ts";
import { readRecords } from "./snapshot.ts";
import type { FromDatabase, SidecarIdentity, ToDatabase } from "./thread-messages.ts";

/** How often the database is asked whether anybody has changed it. One question takes about 20 us. */
const pollEveryMs = 20;
/** How often the serving thread is told that its snapshot is still the newest. */
const confirmEveryMs = 500;
const retryFaultAfterMs = 250;
/** Small enough that the serving thread takes one chunk in without a gap. */
const sitesInChunk = 100;
/** A snapshot keeps periods that were over for less than this, for a clock that is set back. */
const keepPastMs = 24 * 60 * 60 * 1000;
const startTimeoutMs = 5_000;
const runningTimeoutMs = 250;

/** An open database and what has been handed over of it. */
interface Followed {
  readonly database: Database;
  /** The file's identity: another one takes its place when a copy is restored. */
  readonly inode: bigint;
  readonly registration: Registration | null;
  dataVersion: number;
  revision: number;
}

/** Follows the database's revision and hands every new one over, chunk by chunk. */
export interface Follower {
  receive(message: ToDatabase): void;
}

export function createFollower(send: (message: FromDatabase) => void): Follower {
  let followed: Followed | null = null;
  let opened = false;
  let announced = false;
  let stopping = false;
  let faultSent = false;
  let confirmedAt: InstantMs = 0;
  let answer: (() => void) | null = null;

  /** Sends, and waits for the serving thread to have taken it in. */
  function hand(message: FromDatabase): Promise<void> {
    return new Promise((resolve) => {
      answer = resolve;
      send(message);
    });
  }

  async function handOver(current: Followed, fresh: boolean): Promise<void> {
    const endsAfter = Date.now() - keepPastMs;
    const records = await readRecords(
      current.database,
      fresh ? { endsAfter } : { endsAfter, changedAfter: current.revision },
    );
    const { revision, removed, everywhere } = records;
    send({ kind: "begin", fresh, removed });
    for (let start = 0; start < records.sites.length; start += sitesInChunk) {
      await hand({ kind: "sites", sites: records.sites.slice(start, start + sitesInChunk) });
    }
    await hand({ kind: "seal", revision, everywhere });
    current.revision = revision;
    if (announced) await current.registration?.renew(revision);
  }

  async function open(url: string, groupId: number | null, identity: SidecarIdentity): Promise<Followed> {
    const options = { url, groupId, busyTimeoutMs: startTimeoutMs };
    // Only the first time: a database that vanishes later must not come back empty, and open.
    const database = await (opened ? openDatabase(options) : openOrCreateDatabase(options));
    try {
      const inode = statSync(database.path, { bigint: true }).ino;
      const state = await schemaState(database);
      if (opened && state.kind === "empty") {
        throw new LullError(
          "unreachable",
          `database ${database.path}: it has become empty; put a copy made by "lull backup" in its place`,
        );
      }
      const writable = state.kind !== "newer-readable";
      if (writable) await migrate(database, Date.now());
      await database.client.execute(`PRAGMA busy_timeout = ${runningTimeoutMs}`);
      opened = true;
      const registration = writable ? createRegistration(database, identity) : null;
      return { database, inode, registration, dataVersion: -1, revision: 0 };
    } catch (error) {
      database.close();
      throw error;
    }
  }

  async function look(current: Followed): Promise<void> {
    const result = await current.database.client.execute("PRAGMA data_version");
    const dataVersion = Number(result.rows[0]?.[0]);
    if (dataVersion !== current.dataVersion) {
      const revision = await readRevision(current.database.orm);
      // A lower revision is another database's, put back from a copy.
      if (revision !== current.revision) await handOver(current, current.revision === 0 || revision < current.revision);
      current.dataVersion = dataVersion;
    }
    const now = Date.now();
    if (now - confirmedAt >= confirmEveryMs || faultSent) {
      if (statSync(current.database.path, { bigint: true }).ino !== current.inode) throw new FileReplaced();
      confirmedAt = now;
      faultSent = false;
      send({ kind: "confirmed", at: now });
    }
    if (announced) await current.registration?.renew(current.revision);
  }

  async function follow(url: string, groupId: number | null, identity: SidecarIdentity): Promise<void> {
    const path = databasePath(url);
    while (!stopping) {
      try {
        followed ??= await open(url, groupId, identity);
        await look(followed);
        await Bun.sleep(pollEveryMs);
      } catch (error) {
        followed?.database.close();
        followed = null;
        if (error instanceof FileReplaced) continue;
        faultSent = true;
        send({ kind: "fault", message: databaseFault(error, path).message, passing: codeOf(error) === "SQLITE_BUSY" });
        await Bun.sleep(retryFaultAfterMs);
      }
    }
    await followed?.registration?.end();
    followed?.database.close();
    send({ kind: "stopped" });
  }

  return {
    receive(message) {
      switch (message.kind) {
        case "open":
          void follow(message.url, message.groupId, message.identity);
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

class FileReplaced extends Error {}
