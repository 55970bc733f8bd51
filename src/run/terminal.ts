import { openSync } from "node:fs";
import { constants } from "node:os";
import { statusOf } from "./process-group.ts";
import { type SystemCalls, systemConstants } from "./system-calls.ts";

/** The terminal that controls lull, and whose turn it is there: one process group at a time reads from it. */
export interface Terminal {
  /** Whether it is lull's group's. */
  isOurs(): boolean;
  handTo(group: number): void;
  takeBack(): void;
  /** The signal with which the child was stopped since this was asked last; null: it was not. */
  stopSignalOf(processId: number): number | null;
  /** Whether anybody is there to continue lull's group when it stops: a shell with job control. */
  canSuspend(): boolean;
}

/** Of <asm-generic/siginfo.h>. */
const infoBytes = 128;
const codeAt = 2;
const statusAt = 6;

/** Null: there is none, or system calls are out of reach. */
export function controllingTerminal(openCalls: () => SystemCalls | null): Terminal | null {
  const descriptor = openTerminal();
  const calls = descriptor === null ? null : openCalls();
  const own = statusOf(process.pid);
  if (descriptor === null || calls === null || own === null) return null;
  const { ignoringHandler, waitForProcess, waitWithoutHanging, waitForStopped, childStopped } = systemConstants;
  // Else lull would be stopped when it speaks, or takes the terminal back, while that is COMMAND's.
  calls.signal(constants.signals.SIGTTOU, BigInt(ignoringHandler));
  return {
    isOurs: () => calls.tcgetpgrp(descriptor) === own.group,
    handTo(group) {
      calls.tcsetpgrp(descriptor, group);
    },
    takeBack() {
      calls.tcsetpgrp(descriptor, own.group);
    },
    stopSignalOf(processId) {
      const info = new Int32Array(infoBytes / 4);
      const found = calls.waitid(waitForProcess, processId, info, waitForStopped + waitWithoutHanging) === 0;
      return found && info[codeAt] === childStopped ? (info[statusAt] ?? null) : null;
    },
    canSuspend() {
      const leader = statusOf(own.group);
      const starter = leader === null ? null : statusOf(leader.parent);
      return starter !== null && starter.session === own.session && starter.group !== own.group;
    },
  };
}

function openTerminal(): number | null {
  try {
    return openSync("/dev/tty", "r+");
  } catch {
    return null;
  }
}
