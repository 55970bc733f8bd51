import type { InstantMs } from "../gate/period.ts";
import type { Database } from "./database.ts";
import { codeOf, databaseFault } from "./fault.ts";
import { deleteSidecar, readSidecars, type Sidecar, upsertSidecar } from "./sidecars.ts";
import type { SidecarIdentity } from "./thread-messages.ts";

/** How often a sidecar says that it lives. */
export const renewEveryMs = 5_000;
/** A row of this machine that is silent for this long is looked at again. */
const silentTooLongMs = 60_000;
const retryAfterMs = 1_000;

/** What the serving thread has in place and has answered, as far as its clock has reached it. */
export type Served = Pick<Sidecar, "revision" | "rollCall">;

/** The sidecar's row in the database. */
export interface Registration {
  /**
   * Says which revision is served, and which roll call was heard. Does nothing when that was said a moment ago. Gives what hindered it, and tries again
   * later: the snapshot is in place all the same, and whoever waits for this row says that it is missing.
   */
  renew(served: Served): Promise<Error | null>;
  /** Takes the row away. */
  end(): Promise<void>;
}

export function createRegistration(database: Database, identity: SidecarIdentity): Registration {
  // Not the wall clock, which may be set back.
  let said: (Served & { readonly atMs: number }) | null = null;
  let failed: { readonly error: Error; readonly atMs: number } | null = null;

  return {
    async renew({ revision, rollCall }) {
      const nowMs = performance.now();
      const isSaid = said !== null && said.revision === revision && said.rollCall === rollCall;
      if (isSaid && said !== null && nowMs - said.atMs < renewEveryMs) return null;
      if (failed !== null && nowMs - failed.atMs < retryAfterMs) return failed.error;
      try {
        const now = Date.now();
        await clearAway(database, { identity, now, first: said === null });
        await upsertSidecar(database.orm, { ...identity, seenAt: now, revision, rollCall });
        said = { revision, rollCall, atMs: nowMs };
        failed = null;
        return null;
      } catch (error) {
        if (codeOf(error) === "SQLITE_BUSY") await database.reconnect();
        failed = { error: databaseFault(error, database.path), atMs: performance.now() };
        return failed.error;
      }
    },
    async end() {
      try {
        await deleteSidecar(database.orm, identity.instance);
      } catch {
        // The next start on this machine clears it away.
      }
    },
  };
}

interface Sweep {
  readonly identity: SidecarIdentity;
  readonly now: InstantMs;
  readonly first: boolean;
}

/** Takes away what processes of this machine that ended without a clean stop have left. */
async function clearAway(database: Database, sweep: Sweep): Promise<void> {
  for (const row of await readSidecars(database.orm)) {
    if (wasLeft(row, sweep)) await deleteSidecar(database.orm, row.instance);
  }
}

function wasLeft(row: Sidecar, { identity, now, first }: Sweep): boolean {
  if (row.hostname !== identity.hostname || row.instance === identity.instance) return false;
  // Else only once: containers that share a host name do not see each other's processes, and a row that was taken away comes back.
  if (!first && now - row.seenAt <= silentTooLongMs) return false;
  // Silence alone proves nothing: a process that was frozen answers when it goes on, by the snapshot that it had. What
  // remains is a row whose process is gone and whose number is another's now: it needs "lull sidecar remove".
  return row.processId === identity.processId || !isAlive(row.processId);
}

/** Whether there is such a process, be it another user's. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
