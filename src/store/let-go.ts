import { type BigIntStats, readdirSync, statSync } from "node:fs";
import type { Database } from "./database.ts";

const mostAttempts = 100;

/**
 * Closes a database without writing to it. libSQL closes the file only when its statements are collected, and closing
 * it drops all locks that this process has on the -shm of the same name. So a file that was replaced must be closed
 * before the one in its place is opened. `file` is what must be closed; null: it is enough to have begun.
 */
export async function letGo(database: Database, file: BigIntStats | null): Promise<void> {
  database.client.close();
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    Bun.gc(true);
    // Files are closed in a later turn of the event loop.
    await Bun.sleep(1);
    if (file === null || !isOpen(file)) return;
  }
}

/** Whether this process has the file open; where the system does not tell, false. */
function isOpen({ ino, dev }: BigIntStats): boolean {
  if (process.platform !== "linux") return false;
  return readdirSync("/proc/self/fd").some((name) => {
    const found = statSync(`/proc/self/fd/${name}`, { bigint: true, throwIfNoEntry: false });
    return found?.ino === ino && found.dev === dev;
  });
}
