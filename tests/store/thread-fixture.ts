import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { InstantMs } from "../../src/gate/period.ts";
import type { Snapshot } from "../../src/gate/snapshot.ts";
import { openOrCreateDatabase } from "../../src/store/database.ts";
import type { SnapshotSettings } from "../../src/store/settings.ts";
import { readSidecars, type Sidecar } from "../../src/store/sidecars.ts";
import { type DatabaseThread, startDatabaseThread } from "../../src/store/thread.ts";
import type { SidecarIdentity } from "../../src/store/thread-messages.ts";
import { policy } from "../gate/builders.ts";
import { startChangingProcess } from "./changing-process.ts";
import { now, optionsFor } from "./store-fixture.ts";

export const settings: SnapshotSettings = { policy: policy(), exemptions: [] };

/** Generous: what is measured is in the benchmarks. */
const patienceMs = 10_000;

/** A real database thread, and what it said. */
export interface TestThread extends AsyncDisposable {
  readonly thread: DatabaseThread;
  readonly identity: SidecarIdentity;
  readonly snapshots: readonly Snapshot[];
  readonly confirmed: readonly InstantMs[];
  readonly faults: readonly { readonly message: string; readonly passing: boolean }[];
  /** The newest snapshot. */
  readonly snapshot: Snapshot;
  /** The same, as leases are since. */
  readonly serving: Snapshot;
  /** How many faults were over. */
  recoveries: number;
  /** Is run in `place`, on the serving thread. */
  onPlace: (snapshot: Snapshot) => void;
}

export function testThread(path: string, identity: Partial<SidecarIdentity> = {}): TestThread {
  const snapshots: Snapshot[] = [];
  const confirmed: InstantMs[] = [];
  const faults: { message: string; passing: boolean }[] = [];
  const whole: SidecarIdentity = {
    instance: randomUUID(),
    hostname: hostname(),
    processId: process.pid,
    listen: "127.0.0.1:8503",
    version: "1.2.3",
    startedAt: now,
    ...identity,
  };
  let serving: Snapshot | null = null;
  let stopped: Promise<void> | null = null;
  const thread = startDatabaseThread({
    url: optionsFor(path).url,
    groupId: null,
    identity: whole,
    settings,
    place(snapshot) {
      snapshots.push(snapshot);
      serving = snapshot;
      test.onPlace(snapshot);
    },
    confirm(at, heard) {
      confirmed.push(at);
      serving = heard ?? serving;
    },
    fault: (message, passing) => void faults.push({ message, passing }),
    recover: () => test.recoveries++,
  });
  const stop = () => {
    stopped ??= thread.stop();
    return stopped;
  };
  const test: TestThread = {
    thread: { ...thread, stop },
    identity: whole,
    snapshots,
    confirmed,
    faults,
    get snapshot() {
      const last = snapshots.at(-1);
      if (last === undefined) throw new Error("there is no snapshot yet");
      return last;
    },
    get serving() {
      return serving ?? test.snapshot;
    },
    recoveries: 0,
    onPlace: () => {},
    [Symbol.asyncDispose]: stop,
  };
  return test;
}

/** One that has placed its first snapshot. */
export async function followedThread(path: string): Promise<TestThread> {
  const one = testThread(path);
  await eventually(
    () => one.snapshots.length,
    (length) => length === 1,
  );
  return one;
}

/** Waits until something holds; fails with what it found last when it does not in time. */
export async function eventually<T>(look: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const value = await look();
    if (holds(value)) return value;
    if (performance.now() > deadline) throw new Error(`in vain; found last: ${JSON.stringify(value)}`);
    await Bun.sleep(5);
  }
}

/** Makes a database in a process of its own, so that no connection of this one is in the way of what the test does to the file. */
export async function makeDatabase(path: string): Promise<void> {
  const child = startChangingProcess(path, 0, "");
  const errors = await child.stderr.text();
  if ((await child.exited) !== 0) throw new Error(errors);
}

/** Another process adds a site; gives the revision. */
export async function addSiteElsewhere(path: string, name: string): Promise<number> {
  const child = startChangingProcess(path, 1, name);
  const [text, errors] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(errors);
  return Number(text);
}

export async function sidecarsIn(path: string): Promise<readonly Sidecar[]> {
  const database = await openOrCreateDatabase(optionsFor(path));
  try {
    return await readSidecars(database.orm);
  } finally {
    await database.close();
  }
}
