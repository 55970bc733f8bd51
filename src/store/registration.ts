import type { Database } from "./database.ts";
import { deleteSidecar, readSidecars, upsertSidecar } from "./sidecars.ts";
import type { SidecarIdentity } from "./thread-messages.ts";

/** How often a sidecar says that it lives. */
export const renewEveryMs = 5_000;
/** A row of this machine that is silent for this long was left by a process that is gone, even if its number lives again. */
const silentTooLongMs = 60_000;
const retryAfterMs = 1_000;

/** The sidecar's row in the database. */
export interface Registration {
  /** Says which revision is served. Does nothing when that was said a moment ago. A database that is locked is tried again later. */
  renew(revision: number): Promise<void>;
  /** Takes the row away. */
  end(): Promise<void>;
}

export function createRegistration(database: Database, identity: SidecarIdentity): Registration {
  let said: { readonly revision: number; readonly at: number } | null = null;
  let failedAt: number | null = null;

  return {
    async renew(revision) {
      const now = Date.now();
      if (said !== null && said.revision === revision && now - said.at < renewEveryMs) return;
      if (failedAt !== null && now - failedAt < retryAfterMs) return;
      try {
        if (said === null) await clearAway(database, identity, now);
        await upsertSidecar(database.orm, { ...identity, seenAt: now, revision });
        said = { revision, at: now };
        failedAt = null;
      } catch {
        failedAt = now;
        // Locked, full or read-only: the snapshot is in place all the same, and whoever waits for this row says that it is missing.
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

/** Takes away what processes of this machine that ended without a clean stop have left. */
async function clearAway(database: Database, identity: SidecarIdentity, now: number): Promise<void> {
  for (const row of await readSidecars(database.orm)) {
    if (row.hostname !== identity.hostname || row.instance === identity.instance) continue;
    if (!isAlive(row.processId) || now - row.seenAt > silentTooLongMs) await deleteSidecar(database.orm, row.instance);
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
