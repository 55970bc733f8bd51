import type { Bypass } from "../gate/bypass.ts";
import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Standing } from "../gate/standing.ts";
import { windowAround } from "../gate/unroll-window.ts";
import { createAcknowledgement, type MirrorState, type PlacedRevision } from "./acknowledgement.ts";
import { type RedeemOutcome, type Redemption, redeemBypass } from "./bypasses.ts";
import type { ClockReading } from "./clock-steps.ts";
import { databasePath } from "./database.ts";
import { codeOf, databaseFault } from "./fault.ts";
import { DatabaseReplaced, type FollowedDatabase, openFollowed } from "./followed-database.ts";
import { readMeta } from "./meta.ts";
import { readLeaseEnds } from "./periods.ts";
import type { Registration, Served } from "./registration.ts";
import { type Records, readRecords } from "./snapshot.ts";
import { chunksOf } from "./snapshot-chunks.ts";
import { admitStaff } from "./staff-bypasses.ts";
import type { FollowRequest, FromDatabase, ToDatabase } from "./thread-messages.ts";
import { createUnroller, type RecurrenceFault } from "./unroller.ts";
import { createWriteQueue } from "./write-queue.ts";

/** How often the database is asked whether anybody has changed it, although nobody has told that its files change. */
const pollEveryMs = 400;
/** The same on a system that does not tell. */
const pollUntoldEveryMs = 60;
/** The same just after its files have changed, and twice as long each time: a change counts only when it is synchronised. */
const pollFirstAfterMs = 2;
/** How often the serving thread is told that its snapshot is still the newest. */
const confirmEveryMs = 500;
/** A database that cannot be used is tried again after this time, and after twice as long each time. */
const retryFirstAfterMs = 250;
const retryMostMs = 2_000;
/** What recurrences yield is unrolled again after this time, so that the snapshot always reaches 400 days ahead. */
const unrollEveryMs = 12 * 60 * 60 * 1000;
const clockSetBackMs = 60_000;
/** A snapshot keeps periods that were over for less than this, for a clock that is set back. */
const keepPastMs = 24 * 60 * 60 * 1000;

interface Placed extends Omit<PlacedRevision, "fresh"> {
  readonly leaseEnds: ReadonlyMap<number, InstantMs>;
  /** Whether any recurrence was unrolled. */
  readonly recurs: boolean;
  /** What of it cannot be used. */
  readonly faults: readonly RecurrenceFault[];
}

/** Follows the database's revision and hands every new one over, chunk by chunk. */
export interface Follower {
  receive(message: ToDatabase): void;
}

export function createFollower(send: (message: FromDatabase) => void): Follower {
  const unroller = createUnroller();
  const redemptions = createWriteQueue<Redemption, RedeemOutcome>({
    write: (database, redemption) => redeemBypass(database, { ...redemption, now: Date.now() }),
    answer: (result) => send({ kind: "redemption", result }),
  });
  const admissions = createWriteQueue<Standing, Bypass>({
    write: (database, standing) => admitStaff(database, standing, Date.now()),
    answer: (result) => send({ kind: "staff-admitted", result }),
  });
  let announced = false;
  let registered = false;
  let stopping = false;
  let mirror: MirrorState = "in-step";
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
  function confirm(read: ClockReading, isHindered: boolean): void {
    const nowMs = performance.now();
    const isOver = told !== null && !isHindered;
    if (!isOver && nowMs - confirmedAtMs < confirmEveryMs) return;
    confirmedAtMs = nowMs;
    if (isOver) {
      told = null;
      send({ kind: "recovered" });
    }
    send({ kind: "confirmed", read });
  }

  /** Gives what is in place now. Reads everything, or what has changed since `before`. */
  async function handOver(
    { database, databaseId, verifyPath }: FollowedDatabase,
    { before, read }: { readonly before: Placed | null; readonly read: ClockReading },
  ): Promise<Placed> {
    const { now } = read;
    const request = { unroller, window: windowAround(now), endsAfter: now - keepPastMs };
    const records = await readRecords(
      database,
      before === null ? request : { ...request, changedAfter: before.revision },
    );
    // They are never older than the rows.
    const leaseEnds = await readLeaseEnds(database.orm, now - keepPastMs);
    // What was read of a file that was replaced meanwhile may be of both.
    await verifyPath();
    const { revision, removed, everywhere, bypasses, bypassKeys, changedAt } = records;
    send({ kind: "begin", fresh: before === null, removed, leaseEnds, read });
    for (const sites of chunksOf(records.sites)) await hand({ kind: "sites", sites });
    await hand({ kind: "seal", databaseId, revision, rest: { everywhere, bypasses, bypassKeys } });
    const recurs =
      before?.recurs === true || [everywhere, ...records.sites].some(({ recurring }) => recurring.length > 0);
    return { revision, changedAt, leaseEnds, recurs, faults: [...faultsLeft(before, records), ...records.faults] };
  }

  /** What was renewed without a new revision. Gives what is in place now. */
  async function hearLeases({ database }: FollowedDatabase, placed: Placed, now: InstantMs): Promise<Placed> {
    const leaseEnds = await readLeaseEnds(database.orm, now - keepPastMs);
    if (!hasSameEntries(leaseEnds, placed.leaseEnds)) send({ kind: "leases", ends: leaseEnds });
    return { ...placed, leaseEnds };
  }

  function refuse(fault: string): void {
    redemptions.refuse(fault);
    admissions.refuse(fault);
  }

  /** Something waits to be written. */
  function wakeOrRefuse(): void {
    if (watching !== null) watching.watch.wake();
    else if (told !== null) refuse(told);
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
    let placed: Placed | null = null;
    let wholeAt: InstantMs = 0;
    let fault: LullError | null = null;
    let heardCall = 0;
    let seenVersion = -1;
    let mostMs = pollEveryMs;
    let waitMs = pollFirstAfterMs;
    let isTold = true;
    watching = followed;
    while (!stopping) {
      const read = readClocks();
      const at = read.now;
      await followed.inspect();
      const dataVersion = await followed.readDataVersion();
      // The data version does not count what its own connection writes.
      const hasRedeemed = await redemptions.serve(followed);
      const hasWritten = (await admissions.serve(followed)) || hasRedeemed;
      // What is over, or lies far ahead, was left out by the clock of then.
      const isSetBack = at < wholeAt - clockSetBackMs;
      const isStale = isSetBack || (placed?.recurs === true && at - wholeAt >= unrollEveryMs);
      const isSame = dataVersion === seenVersion && !isStale && !hasWritten;
      if (!isSame) {
        const { revision, schemaVersion, rollCall } = await readMeta(database.orm);
        if (schemaVersion !== followed.schemaVersion) throw new DatabaseReplaced();
        // A lower revision is an older copy's, put back into the same file.
        const last: Placed | null = placed;
        const fresh = last === null || revision < last.revision;
        if (fresh || isStale || revision !== last.revision) {
          const isWhole = fresh || isStale;
          placed = await handOver(followed, { before: isWhole ? null : last, read });
          acknowledgement.place({ ...placed, fresh });
          if (isWhole) wholeAt = at;
          fault = describeFaults(placed.faults);
        } else {
          placed = await hearLeases(followed, last, at);
        }
        if (announced && rollCall !== heardCall) await hand({ kind: "roll-call" });
        heardCall = rollCall;
        if (!isTold && waitMs === mostMs) mostMs = pollUntoldEveryMs;
        seenVersion = dataVersion;
      }
      // Handing over may have taken long.
      await followed.verifyPath();
      const { served, lag } = acknowledgement.look(Date.now(), heardCall, mirror);
      const hindrance = (placed === null ? null : await register(registration, served)) ?? lag ?? fault;
      if (hindrance !== null) tellFault(hindrance, database.path);
      confirm(read, hindrance !== null);
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
        watching = null;
        await followed?.abandon();
        if (error instanceof DatabaseReplaced) continue;
        tellFault(error, databasePath(request.url));
        refuse(databaseFault(error, databasePath(request.url)).message);
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
        case "mirror":
          mirror = message.state;
          if (mirror !== "behind") watching?.watch.wake();
          return;
        case "announce":
          announced = true;
          watching?.watch.wake();
          return;
        case "redeem":
          redemptions.put(message.request);
          wakeOrRefuse();
          return;
        case "admit-staff":
          admissions.put(message.request);
          wakeOrRefuse();
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

/** What cannot be used of sites that were not read again. */
function faultsLeft(before: Placed | null, { sites, removed }: Records): readonly RecurrenceFault[] {
  const again = new Set<number | null>([null, ...removed, ...sites.map(({ site }) => site.id)]);
  return before?.faults.filter(({ siteId }) => !again.has(siteId)) ?? [];
}

function describeFaults(faults: readonly RecurrenceFault[]): LullError | null {
  if (faults.length === 0) return null;
  return new LullError("unreachable", faults.map(({ message }) => message).join("; "));
}

function hasSameEntries(a: ReadonlyMap<number, InstantMs>, b: ReadonlyMap<number, InstantMs>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

function readClocks(): ClockReading {
  return { now: Date.now(), steadyMs: performance.now() };
}
