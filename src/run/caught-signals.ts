import { readFileSync } from "node:fs";
import { constants } from "node:os";

/** The signals that are COMMAND's, not lull's, while COMMAND runs. */
const forwarded = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGWINCH",
  "SIGTSTP",
  "SIGCONT",
] as const satisfies readonly NodeJS.Signals[];

/** Of these, what would end lull. */
const ending: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2"];

/** What Bun ignores itself, whatever it was before: <asm-generic/signal.h>. */
const ignoredByBun: ReadonlySet<number> = new Set([constants.signals.SIGPIPE, constants.signals.SIGXFSZ]);

/** From when it is made until it is released, no signal that can be caught ends lull. */
export interface CaughtSignals {
  /** The first that would have ended lull before there was a COMMAND; null: none came. */
  first(): NodeJS.Signals | null;
  /** From now on each goes there, and nowhere else. */
  forward(to: (signal: NodeJS.Signals) => void): void;
  /** Numbers of the signals that lull was started to ignore (nohup, a script's `&`), which COMMAND ignores too. */
  readonly ignored: readonly number[];
  release(): void;
}

export function catchSignals(): CaughtSignals {
  const ignored = ignoredSignals();
  const names = forwarded.filter((name) => !ignored.includes(constants.signals[name]));
  let first: NodeJS.Signals | null = null;
  let to = (signal: NodeJS.Signals) => {
    if (ending.includes(signal)) first ??= signal;
  };
  const handler = (signal: NodeJS.Signals) => to(signal);
  for (const name of names) process.on(name, handler);
  return {
    first: () => first,
    forward(target) {
      to = target;
    },
    ignored,
    release() {
      for (const name of names) process.off(name, handler);
    },
  };
}

/** The exit code of a shell's command that the signal ended. */
export function codeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}

function ignoredSignals(): readonly number[] {
  try {
    const mask = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
    const bits = BigInt(`0x${mask}`);
    const all = Array.from({ length: 64 }, (_, index) => index + 1);
    return all.filter((number) => (bits >> BigInt(number - 1)) % 2n === 1n && !ignoredByBun.has(number));
  } catch {
    // Only Linux says it.
    return [];
  }
}
