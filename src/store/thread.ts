import type { Bypass } from "../gate/bypass.ts";
import type { InstantMs } from "../gate/period.ts";
import {
  hear,
  putSites,
  removeSites,
  type Snapshot,
  type SnapshotDraft,
  sealDraft,
  startDraft,
} from "../gate/snapshot.ts";
import type { Standing } from "../gate/standing.ts";
import type { MirrorState } from "./acknowledgement.ts";
import type { Redeem, RedeemOutcome, Redemption } from "./bypasses.ts";
import { type ClockReading, createClockSteps } from "./clock-steps.ts";
import { nativeLoadFault } from "./native-load.ts";
import { createPendingWrites } from "./pending-writes.ts";
import { type SnapshotSettings, withSettings } from "./settings.ts";
import type { AdmitStaff } from "./staff-bypasses.ts";
import type { FromDatabase, RestOfRecords, SidecarIdentity, ToDatabase } from "./thread-messages.ts";

export interface DatabaseThreadOptions {
  readonly url: string;
  readonly groupId: number | null;
  readonly identity: SidecarIdentity;
  readonly settings: SnapshotSettings;
  /** A new snapshot is whole: from the return of this call on it must answer every check. */
  place(snapshot: Snapshot): void;
  /** The snapshot in place was the newest at this instant. `heard`: the same one, as leases are since then. */
  confirm(at: InstantMs, heard: Snapshot | null): void;
  /** The database cannot be used; `passing`: another process holds it locked. */
  fault(message: string, passing: boolean): void;
  /** The last fault is over. */
  recover(): void;
}

/** The thread on which everything of the sidecar that touches libSQL runs. */
export interface DatabaseThread {
  /** Puts the sidecar on the list of those that commands wait for. Gives whether it is there: gives up after a second, and goes on trying. */
  announce(): Promise<boolean>;
  /** Builds and places a snapshot of the same rows with other settings. */
  apply(settings: SnapshotSettings): void;
  /** While the mirror is behind, no newer revision is said to be served, and no roll call is answered. */
  mirrored(state: MirrorState): void;
  /** Rejects (LullError) within two seconds when the database is away or slow. */
  readonly redeem: Redeem;
  /** The same. */
  readonly admitStaff: AdmitStaff;
  /** Takes the sidecar off the list and ends the thread; gives up after a second. */
  stop(): Promise<void>;
}

/** A thread that dies is replaced this often, then the fault stays. */
const mostReplacements = 10;
const replaceAfterMs = 1_000;
const stopTimeoutMs = 1_000;
/** A database that is locked for longer does not hold up the start. */
const announceTimeoutMs = 1_000;

/** Starts the database thread. It follows the database until it is stopped; snapshots come through `place`. */
export function startDatabaseThread(options: DatabaseThreadOptions): DatabaseThread {
  let settings = options.settings;
  let snapshot: Snapshot | null = null;
  let rest: RestOfRecords | null = null;
  let draft: SnapshotDraft | null = null;
  const clockSteps = createClockSteps();
  let leaseEnds: ReadonlyMap<number, InstantMs> = new Map();
  let databaseId: string | null = null;
  let replacements = 0;
  /** A thread has died, and the one in its place has not said that all is well. */
  let isBereft = false;
  let announced = false;
  let mirror: MirrorState = "in-step";
  let ended = false;
  let worker = start();
  const redemptions = createPendingWrites<Redemption, RedeemOutcome>(
    (request) => tell(worker, { kind: "redeem", request }),
    "the bypass was not redeemed",
  );
  const admissions = createPendingWrites<Standing, Bypass>(
    (request) => tell(worker, { kind: "admit-staff", request }),
    "there is no bypass for staff",
  );
  const registered = Promise.withResolvers<boolean>();
  const stopped = Promise.withResolvers<boolean>();

  function start(): Worker {
    const started = new Worker(new URL("./thread-worker.ts", import.meta.url).href);
    started.onmessage = (event: MessageEvent<FromDatabase>) => take(event.data);
    started.onerror = (event) => {
      event.preventDefault();
      replace(event.message);
    };
    const { url, groupId, identity } = options;
    tell(started, { kind: "open", request: { url, groupId, identity, databaseId } });
    tell(started, { kind: "mirror", state: mirror });
    if (announced) tell(started, { kind: "announce" });
    return started;
  }

  function tell(to: Worker, message: ToDatabase): void {
    to.postMessage(message);
  }

  function replace(why: string): void {
    isBereft = true;
    options.fault(nativeLoadFault(why)?.message ?? `the database thread ended: ${why}`, false);
    worker.terminate();
    if (ended || replacements === mostReplacements) return;
    replacements++;
    draft = null;
    setTimeout(() => {
      if (!ended) worker = start();
    }, replaceAfterMs);
  }

  function heardAt(read: ClockReading): InstantMs {
    const longestLeaseMs = Math.max(0, ...(snapshot?.leased ?? []).map((period) => period.leaseMs ?? 0));
    return clockSteps.heardAt(read, longestLeaseMs / 3);
  }

  function seal(from: SnapshotDraft, revision: number, sealed: RestOfRecords): void {
    rest = sealed;
    const { policy } = settings;
    const named = databaseId === null ? {} : { databaseId };
    const everywhere = withSettings(sealed.everywhere, settings);
    snapshot = sealDraft(from, { ...sealed, ...named, revision, everywhere, policy });
    options.place(snapshot);
  }

  function take(message: FromDatabase): void {
    switch (message.kind) {
      case "begin":
        leaseEnds = message.leaseEnds;
        draft = startDraft(message.fresh ? null : snapshot, { at: heardAt(message.read), leaseEnds });
        removeSites(draft, message.removed);
        return;
      case "sites":
        if (draft !== null) putSites(draft, message.sites);
        tell(worker, { kind: "taken" });
        return;
      case "seal":
        databaseId = message.databaseId;
        if (draft !== null) seal(draft, message.revision, message.rest);
        draft = null;
        tell(worker, { kind: "placed", revision: message.revision });
        return;
      case "roll-call":
        tell(worker, { kind: "taken" });
        return;
      case "redemption":
        redemptions.settle(message.result);
        return;
      case "staff-admitted":
        admissions.settle(message.result);
        return;
      case "registered":
        registered.resolve(true);
        return;
      case "confirmed":
        snapshot = snapshot === null ? null : hear(snapshot, { at: heardAt(message.read), leaseEnds });
        options.confirm(message.read.now, snapshot);
        if (isBereft) options.recover();
        isBereft = false;
        return;
      case "leases":
        leaseEnds = message.ends;
        return;
      case "fault":
        options.fault(message.message, message.passing);
        return;
      case "recovered":
        options.recover();
        return;
      case "stopped":
        stopped.resolve(true);
        return;
    }
  }

  return {
    async announce() {
      announced = true;
      tell(worker, { kind: "announce" });
      return settled(registered, announceTimeoutMs);
    },
    apply(changed) {
      settings = changed;
      if (snapshot !== null && rest !== null)
        seal(startDraft(snapshot, { at: snapshot.heardAt, leaseEnds }), snapshot.revision, rest);
    },
    mirrored(state) {
      if (state === mirror) return;
      mirror = state;
      tell(worker, { kind: "mirror", state });
    },
    redeem: redemptions.write,
    admitStaff: admissions.write,
    async stop() {
      ended = true;
      tell(worker, { kind: "stop" });
      await settled(stopped, stopTimeoutMs);
      worker.terminate();
    },
  };
}

/** Whether it was so in time. */
async function settled({ promise }: PromiseWithResolvers<boolean>, timeoutMs: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timeout = setTimeout(() => late.resolve(false), timeoutMs);
  const inTime = await Promise.race([promise, late.promise]);
  clearTimeout(timeout);
  return inTime;
}
