import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { InstantMs } from "../gate/period.ts";
import { placeFile } from "./place-file.ts";

/** Who writes a mirror. */
export interface Scribe {
  /** Unique for each start. */
  readonly instance: string;
  readonly pid: number;
  /** Within which process ids mean the same. */
  readonly machine: string;
  readonly startedAt: InstantMs;
}

/** What `mirror.json` says: who has written the mirror last, and from what. */
export interface Written extends Scribe {
  /** The database's id; empty: there is none. */
  readonly database: string;
  readonly revision: number;
}

/** The instance of commands: they write once, and do not go on, however long they live. */
export const commandInstance = "command";

export const recordName = "mirror.json";

/** null: there is none, or none that can be read. Throws nothing. */
export async function readWritten(root: string): Promise<Written | null> {
  try {
    const read: unknown = JSON.parse(await readFile(join(root, recordName), "utf8"));
    if (typeof read !== "object" || read === null) return null;
    if (!("instance" in read && "pid" in read && "machine" in read && "startedAt" in read)) return null;
    if (!("database" in read && "revision" in read)) return null;
    const { instance, pid, machine, startedAt, database, revision } = read;
    if (typeof instance !== "string" || typeof machine !== "string" || typeof database !== "string") return null;
    if (typeof pid !== "number" || typeof startedAt !== "number" || typeof revision !== "number") return null;
    return Number.isSafeInteger(pid) && pid > 1 ? { instance, pid, machine, startedAt, database, revision } : null;
  } catch {
    return null;
  }
}

/** Throws the system's error. */
export function recordWritten(root: string, written: Written): Promise<void> {
  return placeFile(join(root, recordName), `${JSON.stringify({ schemaVersion: 1, ...written })}\n`);
}

/**
 * Whether another process that lives is to write in our place, as during a takeover: who knows the newer revision, and
 * of two that know the same the one that started later. What a dead one wrote is anybody's to correct,
 * and what a command wrote as well: it does not go on.
 */
export function yieldsTo(own: Written, other: Written | null, isAlive: (processId: number) => boolean): boolean {
  if (other === null || other.instance === own.instance || other.machine !== own.machine) return false;
  if (other.instance === commandInstance) return false;
  if (other.pid === own.pid || !isAlive(other.pid)) return false;
  if (other.database === own.database && other.revision !== own.revision) return other.revision > own.revision;
  return other.startedAt > own.startedAt || (other.startedAt === own.startedAt && other.instance > own.instance);
}

/** Whether what another has written is no older than what we would write. */
export function covers(other: Written | null, own: Written): boolean {
  return other !== null && other.database === own.database && other.revision >= own.revision;
}
