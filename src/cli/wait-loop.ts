import { statSync } from "node:fs";
import { awaitSidecars, type Reached } from "../actions/await-sidecars.ts";
import type { Config } from "../config/keys.ts";
import type { InstantMs } from "../gate/period.ts";
import { type Database, databasePath } from "../store/database.ts";
import { codeOf, databaseFault } from "../store/fault.ts";
import type { Interrupt } from "./interrupt.ts";
import { reading } from "./session.ts";
import { createWatch, type Look } from "./wait-watch.ts";

/** How often the database is looked at, beside the instants at which something begins or ends. */
const lookEveryMs = 250;
/** How long a statement waits for another process's lock: nothing else happens meanwhile. */
const busyTimeoutMs = 250;
/** How long the sidecars have for one answer. Then the database is looked at again. */
const sidecarsMs = 5_000;

/** Read-only is neither. */
export type Wanted = "open" | "closed";

export interface Wish {
  readonly config: Config;
  readonly wanted: Wanted;
  /** Of sites; none: all that there are. */
  readonly names: readonly string[];
  /** Infinity: none. */
  readonly timeoutMs: number;
  /** Whether sites are closed although no sidecar is registered. */
  readonly offline: boolean;
  readonly interrupt: Interrupt;
}

export type Ending = "met" | "timed-out" | "interrupted";

/** How far the waiting has come. */
export interface Progress {
  /** The last one; null: the database could not be read. */
  readonly look: Look | null;
  /** What the sidecars said of what was seen then; null: they were not asked, or had not answered yet. */
  readonly reached: Reached | null;
  /** What has kept this command from the database since; null: nothing. */
  readonly fault: string | null;
}

export interface Waited extends Progress {
  readonly ending: Ending;
  readonly waitedMs: number;
}

/** Waits, whoever locks the database. Throws LullError when it cannot be used for another reason. */
export async function waitFor(clock: () => InstantMs, wish: Wish): Promise<Waited> {
  const { config, interrupt } = wish;
  // Not the wall clock, which may be set.
  const startedAtMs = performance.now();
  const leftMs = () => startedAtMs + wish.timeoutMs - performance.now();
  let progress: Progress = { look: null, reached: null, fault: null };

  /** null: it goes on. */
  async function pause(): Promise<Ending | null> {
    if (interrupt.hasHappened()) return "interrupted";
    if (leftMs() <= 0) return "timed-out";
    const changesAt = progress.look?.changesAt ?? Number.POSITIVE_INFINITY;
    const untilChangeMs = Math.max(1, changesAt - clock());
    await interrupt.sleep(Math.min(lookEveryMs, untilChangeMs, leftMs()));
    return null;
  }

  async function isServed(database: Database, { revision }: Look): Promise<boolean> {
    const timeMs = Math.max(1, Math.min(sidecarsMs, leftMs()));
    const reached = await interrupt.during(awaitSidecars(database, { revision, changed: false }, timeMs));
    progress = { ...progress, reached };
    return reached?.kind === "served" || (reached?.kind === "no-sidecar" && wish.offline);
  }

  async function isMet(database: Database, look: () => Promise<Look>): Promise<boolean> {
    const seen = await look();
    progress = { look: seen, reached: null, fault: null };
    if (!hasCome(seen, wish.wanted)) return false;
    if (wish.wanted === "open") return true;
    if (!(await isServed(database, seen))) return false;
    // The sidecars took their time.
    const again = await look();
    progress = { ...progress, look: again };
    return again.revision === seen.revision && hasCome(again, wish.wanted);
  }

  /** `inode`: where the path led before the file was opened. null: another file has taken its place. */
  async function follow(database: Database, inode: bigint | null): Promise<Ending | null> {
    await database.setBusyTimeout(busyTimeoutMs);
    const watch = createWatch(database, config, wish.names);
    while (inodeOf(database.path) === inode) {
      try {
        if (await isMet(database, () => watch.look(clock()))) return "met";
      } catch (error) {
        noteLock(error);
        await reconnect(database);
      }
      const ending = await pause();
      if (ending !== null) return ending;
    }
    return null;
  }

  /** Throws what is no lock. */
  function noteLock(error: unknown): void {
    if (!isLocked(error)) throw error;
    progress = { ...progress, fault: databaseFault(error, databasePath(config.database)).message };
  }

  for (;;) {
    let ending: Ending | null = null;
    try {
      const inode = inodeOf(databasePath(config.database));
      ending = await reading(config, (database) => follow(database, inode));
    } catch (error) {
      noteLock(error);
    }
    ending ??= await pause();
    if (ending !== null) return { ...progress, ending, waitedMs: performance.now() - startedAtMs };
  }
}

function hasCome({ sites }: Look, wanted: Wanted): boolean {
  // Nothing is closed where there is nothing.
  return (wanted === "open" || sites.length > 0) && sites.every(({ state }) => state === wanted);
}

function isLocked(error: unknown): boolean {
  return ["SQLITE_BUSY", "SQLITE_LOCKED"].includes(codeOf(error));
}

/** After a statement that waited in vain the connection is begun anew, as soon as the lock allows it. */
async function reconnect(database: Database): Promise<void> {
  try {
    await database.reconnect();
  } catch (error) {
    if (!isLocked(error)) throw error;
  }
}

/** null: the path leads nowhere. */
function inodeOf(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}
