import type { Library } from "bun:ffi";
import { openSystemLibrary } from "../system-library.ts";

const functions = {
  execve: { args: ["ptr", "ptr", "ptr"], returns: "int" },
  fcntl: { args: ["int", "int", "int"], returns: "int" },
  prctl: { args: ["int", "u64", "u64", "u64", "u64"], returns: "int" },
  setpgid: { args: ["int", "int"], returns: "int" },
  // Its result, the handler before, is not used; as a number it would be refused when it is SIG_ERR.
  signal: { args: ["int", "u64"], returns: "i64" },
  tcgetpgrp: { args: ["int"], returns: "int" },
  tcsetpgrp: { args: ["int", "int"], returns: "int" },
  waitid: { args: ["int", "int", "ptr", "int"], returns: "int" },
} as const;

/** Of Linux on x86-64 and arm64: <asm-generic/signal-defs.h>, <linux/prctl.h>, <asm-generic/fcntl.h>, <linux/wait.h>. */
export const systemConstants = {
  defaultHandler: 0,
  ignoringHandler: 1,
  setParentDeathSignal: 1,
  setDescriptorFlags: 2,
  closeOnExec: 1,
  waitForProcess: 1,
  waitWithoutHanging: 1,
  waitForStopped: 2,
  childStopped: 5,
} as const;

export type SystemCalls = Library<typeof functions>["symbols"];

/** Null: not Linux, or a system that forbids code made at run time, which the calls need. */
export function systemCalls(): SystemCalls | null {
  if (process.platform !== "linux") return null;
  try {
    return openSystemLibrary(functions).symbols;
  } catch {
    return null;
  }
}
