import type { LeaseTimes } from "./lease-times.ts";
import { steadyNowMs } from "./steady-clock.ts";

export interface RenewalOptions {
  readonly times: LeaseTimes;
  /** When the lease was last taken or renewed, by the steady clock, before it was begun. */
  readonly leasedAtMs: number;
  readonly renew: () => Promise<void>;
  readonly onRenewed: (deadlineMs: number) => void;
  readonly say: (line: string) => void;
}

export interface Renewals {
  /** At once: lull was frozen. */
  hurry(): void;
  stop(): void;
}

/** Renews a lease every quarter of its length, one renewal at a time, and says each fault once. */
export function keepRenewing({ times, leasedAtMs, renew, onRenewed, say }: RenewalOptions): Renewals {
  let isStopped = false;
  let isRunning = false;
  let lastFault: string | null = null;
  let timer = runAt(leasedAtMs + times.renewEveryMs);

  function runAt(atMs: number): NodeJS.Timeout {
    return setTimeout(run, Math.max(0, atMs - steadyNowMs()));
  }

  async function run(): Promise<void> {
    clearTimeout(timer);
    if (isRunning || isStopped) return;
    isRunning = true;
    const begunAtMs = steadyNowMs();
    const fault = await renewalFault(renew);
    isRunning = false;
    if (isStopped) return;
    if (fault === null) onRenewed(begunAtMs + times.leaseMs);
    if (fault !== null && fault !== lastFault) say(`the hold could not be renewed, and is tried again: ${fault}`);
    if (fault === null && lastFault !== null) say("the hold is renewed again");
    lastFault = fault;
    timer = runAt(begunAtMs + (fault === null ? times.renewEveryMs : times.retryAfterMs));
  }

  return {
    hurry: () => void run(),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

/** Null: it succeeded. */
async function renewalFault(renew: () => Promise<void>): Promise<string | null> {
  try {
    await renew();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
