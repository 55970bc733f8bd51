import { isGroupRunning, signalGroup } from "./process-group.ts";

export interface Ending {
  readonly group: number;
  /** From SIGTERM to SIGKILL; may be 0. */
  readonly graceMs: number;
}

/** How a group ended; `not-ended`: a part of it still runs, because it is another user's or the kernel holds it. */
export type GroupEnd = "after-sigterm" | "after-sigkill" | "not-ended";

const shortestWaitMs = 10;
const longestWaitMs = 200;
/** SIGKILL needs no longer, unless it cannot. */
const killLimitMs = 1_000;

/** SIGTERM to all of the group, also to what is stopped; SIGKILL to what is left after the grace. */
export async function endGroup({ group, graceMs }: Ending): Promise<GroupEnd> {
  signalGroup(group, "SIGTERM");
  signalGroup(group, "SIGCONT");
  if (await hasEnded(group, graceMs)) return "after-sigterm";
  signalGroup(group, "SIGKILL");
  return (await hasEnded(group, killLimitMs)) ? "after-sigkill" : "not-ended";
}

async function hasEnded(group: number, limitMs: number): Promise<boolean> {
  const startMs = performance.now();
  for (let waitMs = shortestWaitMs; isGroupRunning(group); waitMs = Math.min(longestWaitMs, 2 * waitMs)) {
    const restMs = startMs + limitMs - performance.now();
    if (restMs <= 0) return false;
    await Bun.sleep(Math.min(waitMs, restMs));
  }
  return true;
}
