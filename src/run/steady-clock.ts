import { readFileSync } from "node:fs";

/**
 * Milliseconds on a clock that every process of this machine reads alike and that nobody sets. On Linux it counts the
 * time asleep too (CLOCK_BOOTTIME, in steps of 10 ms): a lease runs out while a laptop's lid is closed. Elsewhere it is
 * the wall clock of the process's start, plus what has passed since. Throws when /proc/uptime cannot be read.
 */
export function steadyNowMs(): number {
  if (process.platform !== "linux") return Math.round(performance.timeOrigin + performance.now());
  const seconds = Number(readFileSync("/proc/uptime", "utf8").split(" ", 1)[0]);
  if (!Number.isFinite(seconds)) throw new Error("/proc/uptime does not begin with a number");
  return Math.round(seconds * 1000);
}
