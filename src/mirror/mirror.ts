import { LullError } from "../gate/error.ts";
import type { InstantMs } from "../gate/period.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import { createMirrorFolder } from "./mirror-folder.ts";
import type { Extent, RenderPage } from "./mirror-pages.ts";
import { createLookout, type Outlook } from "./outlook.ts";
import { covers, readWritten, type Scribe, type Written, yieldsTo } from "./scribe.ts";

export interface MirrorOptions {
  /** Absolute. The folder around it must be there. */
  readonly root: string;
  readonly scribe: Scribe;
  readonly renderPage: RenderPage;
  readonly isAlive: (processId: number) => boolean;
  readonly now: () => InstantMs;
  /** Whether the folder holds what the snapshot says, but for pages of single sites; told when that changes, or the span for which it was written. */
  onStep(step: MirrorStep, span: WrittenSpan): void;
  /** The folder cannot be written, in one line; each time it is something else. */
  onFault(fault: string): void;
  onRecovered(): void;
  /** Somebody else has changed what is ours, and it is written again. */
  onRepair(): void;
}

/** What was written holds from that instant on, and up to when time changes something of it. */
export interface WrittenSpan {
  readonly from: InstantMs;
  readonly until: InstantMs;
}

/** `yielding`: another sidecar of this machine writes what we would write, or something newer. */
export type MirrorStep = "in-step" | "behind" | "yielding";

/** Keeps the files from which a proxy can answer in step with a snapshot and with the clock. */
export interface Mirror {
  readonly step: MirrorStep;
  /** null: nothing is wrong. */
  readonly fault: string | null;
  /** Writes what this snapshot says; soon, and never in the caller's turn. */
  follow(snapshot: Snapshot): void;
  /** Pages may be others now. */
  refresh(): void;
  /** Leaves the folder as it is, at most a second later. */
  stop(): Promise<void>;
}

/** So soon a clock that was set, or a machine that slept, is noticed, where time can change anything at all. */
const clockLookMs = 30;
/** How often is looked whether the folder is as it was written. */
const inspectEveryMs = 2_000;
const retryFirstAfterMs = 250;
const retryMostMs = 2_000;
/** A file system that takes longer is one that hangs. */
const slowMs = 3_000;
/** Where thousands of sites close at once their pages take longer. The common one serves until they are there. */
const pagePatienceMs = 500;
const stopTimeoutMs = 1_000;

interface StatesWritten {
  readonly next: MirrorStep;
  /** null: another writes. */
  readonly outlook: Outlook | null;
}

export function createMirror(options: MirrorOptions): Mirror {
  const { root, scribe, now } = options;
  const folder = createMirrorFolder(options);
  const lookout = createLookout();
  let snapshot: Snapshot | null = null;
  let step: MirrorStep = "behind";
  let fault: string | null = null;
  /** How often somebody has asked for a write, and how many of these calls are answered. */
  let asked = 0;
  let answered = 0;
  let writing: Promise<void> | null = null;
  /** null: what is decisive is written. */
  let writingSinceMs: number | null = null;
  let inspecting = false;
  let inspectedAtMs = 0;
  let retryAtMs = 0;
  let retryAfterMs = retryFirstAfterMs;
  /** What was written holds from `writtenAt` up to here. */
  let writtenAt: InstantMs = Number.NEGATIVE_INFINITY;
  let until: InstantMs = Number.POSITIVE_INFINITY;
  /** The span that was told last began then. */
  let toldAt: InstantMs = writtenAt;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | null = null;

  function moveTo(next: MirrorStep): void {
    step = next;
    toldAt = writtenAt;
    options.onStep(next, { from: writtenAt, until });
  }

  function fail(message: string): void {
    if (message === fault) return;
    fault = message;
    options.onFault(message);
  }

  function demand(): void {
    asked++;
    if (step !== "behind") moveTo("behind");
    start();
  }

  function start(): void {
    if (writing !== null || stopped || snapshot === null || performance.now() < retryAtMs) return;
    writing = write().finally(() => {
      writing = null;
    });
  }

  /** Until nobody has asked meanwhile. Never rejects. */
  async function write(): Promise<void> {
    // Not in the turn of who asked.
    await null;
    while (answered < asked && snapshot !== null && !stopped) {
      const answering = asked;
      writingSinceMs = performance.now();
      try {
        const { next, outlook } = await writeStates(snapshot, now());
        writingSinceMs = null;
        const settle = () => {
          if (answering === asked && (next !== step || toldAt !== writtenAt)) moveTo(next);
        };
        const patience = setTimeout(settle, pagePatienceMs);
        const extent = await writePages(outlook, answering).finally(() => {
          clearTimeout(patience);
          settle();
        });
        if (extent === "cut-short") continue;
        answered = answering;
        inspectedAtMs = performance.now();
        retryAfterMs = retryFirstAfterMs;
        if (fault !== null) options.onRecovered();
        fault = null;
      } catch (error) {
        fail(error instanceof LullError ? error.message : `mirror ${root}: ${String(error)}`);
        retryAtMs = performance.now() + retryAfterMs;
        retryAfterMs = Math.min(2 * retryAfterMs, retryMostMs);
        return;
      }
    }
  }

  /** Whether time alone has changed what was written. */
  function isPast(at: InstantMs): boolean {
    return at >= until || at < writtenAt;
  }

  /** Gives no outlook where it is not ours to write. */
  async function writeStates(current: Snapshot, at: InstantMs): Promise<StatesWritten> {
    const own = ownRecord(current);
    const outlook = await lookout.look(current, at);
    writtenAt = at;
    until = outlook.until;
    const other = await readWritten(root);
    if (yieldsTo(own, other, options.isAlive)) {
      folder.forget();
      return { next: covers(other, own) ? "yielding" : "behind", outlook: null };
    }
    // It has ended, or knows less: what it wrote since is not known.
    if (other?.instance !== scribe.instance) folder.forget();
    await folder.writeStates(current, outlook, own);
    return { next: "in-step", outlook };
  }

  async function writePages(outlook: Outlook | null, answering: number): Promise<Extent> {
    if (outlook === null) return "whole";
    return folder.writePages(outlook, () => stopped || asked !== answering || isPast(now()));
  }

  function ownRecord({ databaseId, revision }: Snapshot): Written {
    return { ...scribe, database: databaseId, revision };
  }

  async function inspect(current: Snapshot): Promise<void> {
    const isYielding = step === "yielding";
    const isFine = isYielding
      ? yieldsTo(ownRecord(current), await readWritten(root), options.isAlive)
      : await folder.isUntouched();
    // What has begun meanwhile will see for itself.
    if (isFine || writing !== null || stopped) return;
    if (!isYielding) {
      const other = await readWritten(root);
      if (other === null || other.instance === scribe.instance) options.onRepair();
    }
    folder.forget();
    demand();
  }

  function look(): void {
    const at = now();
    const atMs = performance.now();
    if (writing !== null) {
      if (writingSinceMs !== null && atMs - writingSinceMs > slowMs) {
        fail(`mirror ${root}: writing takes longer than ${slowMs / 1_000} s`);
      }
    } else if (isPast(at)) {
      // What could not be written, a page perhaps, keeps no period waiting.
      retryAtMs = 0;
      demand();
    } else if (answered < asked) {
      start();
    } else if (snapshot !== null && !inspecting && atMs - inspectedAtMs >= inspectEveryMs) {
      inspecting = true;
      inspectedAtMs = atMs;
      void inspect(snapshot).finally(() => {
        inspecting = false;
      });
    }
    timer = setTimeout(look, pauseMs());
  }

  /** A site that neither is closed nor will be has no clock to follow. */
  function pauseMs(): number {
    const isTimeless = snapshot === null || !dependsOnTime(snapshot);
    if (isTimeless && answered === asked) return retryFirstAfterMs;
    return Math.max(1, Math.min(clockLookMs, until - now()));
  }

  function wake(): void {
    if (stopped) return;
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(look, pauseMs());
  }

  return {
    get step() {
      return step;
    },
    get fault() {
      return fault;
    },
    follow(next) {
      if (next === snapshot || stopped) return;
      snapshot = next;
      demand();
      wake();
    },
    refresh() {
      if (stopped || snapshot === null) return;
      folder.renderAgain();
      demand();
    },
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await Promise.race([writing, Bun.sleep(stopTimeoutMs)]);
    },
  };
}

function dependsOnTime({ everywhere, siteTimelines }: Snapshot): boolean {
  return everywhere.timeline.length > 0 || siteTimelines.length > 0;
}
