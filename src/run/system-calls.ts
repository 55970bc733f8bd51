import { dlopen } from "bun:ffi";

/**
 * glibc's name, which musl takes for itself too, and where musl is. Whole paths: a name that the system does not know
 * Bun looks for in the working folder, where anybody may have put it.
 */
const libraries = ["libc.so.6", "/lib/libc.musl-x86_64.so.1", "/lib/libc.musl-aarch64.so.1"];

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

export type SystemCalls = ReturnType<typeof openLibrary>["symbols"];

/** Null: not Linux, or a system that forbids code made at run time, which the calls need. */
export function systemCalls(): SystemCalls | null {
  if (process.platform !== "linux") return null;
  try {
    return openLibrary().symbols;
  } catch {
    return null;
  }
}

function openLibrary() {
  let first: unknown = null;
  for (const name of libraries) {
    try {
      return dlopen(name, functions);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}
