/**
 * Holds a database locked from a process of its own until its standard input ends:
 * `bun locking-process.ts <file> writing|everything`. Prints "locked".
 */
import { openDatabase } from "../../src/store/database.ts";
import { optionsFor } from "./store-fixture.ts";

/** Whether others may still read. */
export type LockOn = "writing" | "everything";

async function main([path = "", lockOn]: readonly string[]): Promise<void> {
  const database = await openDatabase(optionsFor(path));
  if (lockOn === "everything") await database.client.execute("PRAGMA locking_mode = EXCLUSIVE");
  const transaction = await database.client.transaction("write");
  await transaction.execute("UPDATE meta SET revision = revision");
  console.log("locked");
  await Bun.stdin.bytes();
  await transaction.rollback();
}

if (import.meta.main) await main(process.argv.slice(2));

export interface Lock extends AsyncDisposable {
  release(): Promise<void>;
}

/** Returns when the lock is held. */
export async function lockElsewhere(path: string, lockOn: LockOn): Promise<Lock> {
  const child = Bun.spawn([process.execPath, import.meta.path, path, lockOn], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const { value } = await child.stdout.getReader().read();
  if (new TextDecoder().decode(value).trim() !== "locked") throw new Error("the database could not be locked");
  const release = async () => {
    await child.stdin.end();
    await child.exited;
  };
  return { release, [Symbol.asyncDispose]: release };
}
