import { readdirSync, readlinkSync } from "node:fs";
import type { Log } from "../log.ts";
import { openSystemLibrary } from "../system-library.ts";

/**
 * How many connections may wait to be accepted; the kernel lowers it to net.core.somaxconn. Bun asks for 512: a burst
 * of visitors gets EAGAIN from the unix socket above that, which a proxy takes for a sidecar that is away.
 */
const backlogConnections = 4096;

const functions = {
  getsockopt: { args: ["int", "int", "int", "ptr", "ptr"], returns: "int" },
  listen: { args: ["int", "int"], returns: "int" },
} as const;

/** Of Linux on x86-64 and arm64: <asm-generic/socket.h>. */
const solSocket = 1;
const soAcceptConn = 30;

/** Lengthens the queue of every socket on which this process listens. On Linux only; a failure is a line in the log. */
export function raiseBacklog(log: Log): void {
  if (process.platform !== "linux") return;
  try {
    const library = openSystemLibrary(functions);
    try {
      const { getsockopt, listen } = library.symbols;
      const isListening = (descriptor: number) => {
        const value = new Int32Array(1);
        const lengthBytes = new Uint32Array([value.byteLength]);
        return getsockopt(descriptor, solSocket, soAcceptConn, value, lengthBytes) === 0 && value[0] === 1;
      };
      const listening = openSockets().filter(isListening);
      if (listening.length === 0) throw new Error("no listening socket was found in /proc/self/fd");
      // A second listen(2) changes the backlog and nothing else.
      const kept = listening.filter((descriptor) => listen(descriptor, backlogConnections) !== 0);
      if (kept.length > 0) throw new Error(`listen failed on ${kept.length} of ${listening.length} sockets`);
    } finally {
      library.close();
    }
  } catch (fault) {
    log.warn("backlog-not-raised", { fault: fault instanceof Error ? fault.message : fault });
  }
}

function openSockets(): readonly number[] {
  return readdirSync("/proc/self/fd").filter(isSocket).map(Number);
}

function isSocket(name: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${name}`).startsWith("socket:");
  } catch {
    // The one with which the folder was read.
    return false;
  }
}
