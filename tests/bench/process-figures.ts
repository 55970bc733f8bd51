import { readFileSync } from "node:fs";

/** Of /proc/<pid>/stat, on every Linux that Bun runs on. */
const ticksPerSecond = 100;

/** The processor time that a process has used, all threads, in user and kernel; in seconds. */
export function processorSeconds(pid: number): number {
  // The name of the program, in brackets, may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/** What of a process is in memory, in MB (1,000,000 bytes). */
export function residentMegabytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1];
  return (Number(kibibytes) * 1024) / 1e6;
}
