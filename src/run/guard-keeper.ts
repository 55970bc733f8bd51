import { type Guard, type Guarded, startGuard } from "./guard.ts";

export interface KeeperOptions {
  readonly program: readonly string[];
  /** One that is ready. */
  readonly first: Guard;
  readonly guarded: Guarded;
  /** One was gone, and another watches. */
  readonly onReplaced: () => void;
  /** A guard is gone, and no other can be had. */
  readonly onUnguarded: (fault: string) => void;
}

/** Sees to it that a guard is there until COMMAND has ended. */
export interface GuardKeeper {
  renewed(deadlineMs: number): void;
  /** Returns when the guard is gone, and tells whether it has ended COMMAND. */
  finish(): Promise<boolean>;
}

/** So many replacements within a minute are enough to see that none stays. */
const mostReplacements = 10;
const replacementWindowMs = 60_000;

/** Returns when the first guard watches. Throws Error when it is gone already. */
export async function keepGuard({
  program,
  first,
  guarded,
  onReplaced,
  onUnguarded,
}: KeeperOptions): Promise<GuardKeeper> {
  let guard = first;
  let deadlineMs = guarded.deadlineMs;
  let isFinished = false;
  let replacedAtMs: readonly number[] = [];
  await first.watch(guarded);
  const keeping = keep();

  async function keep(): Promise<void> {
    for (;;) {
      await guard.gone;
      if (isFinished || guard.isEnding()) return;
      try {
        guard = await replacement();
      } catch (error) {
        if (!isFinished) onUnguarded(error instanceof Error ? error.message : String(error));
        return;
      }
    }
  }

  async function replacement(): Promise<Guard> {
    const nowMs = performance.now();
    replacedAtMs = [...replacedAtMs.filter((atMs) => nowMs - atMs < replacementWindowMs), nowMs];
    if (replacedAtMs.length > mostReplacements)
      throw new Error(`the guard process was killed ${mostReplacements} times`);
    const next = await startGuard(program);
    await next.watch({ ...guarded, deadlineMs });
    // Renewed, or over, while it started.
    next.deadline(deadlineMs);
    if (isFinished) next.done();
    else onReplaced();
    return next;
  }

  return {
    renewed(nextDeadlineMs) {
      deadlineMs = nextDeadlineMs;
      guard.deadline(deadlineMs);
    },
    async finish() {
      isFinished = true;
      guard.done();
      // One that is ending COMMAND's group still ends what COMMAND has left behind.
      await Promise.race([keeping, Bun.sleep(guarded.times.graceMs + guarded.times.slackMs)]);
      return guard.isEnding();
    },
  };
}
