import { isDeepStrictEqual } from "node:util";
import type { InstantMs } from "../gate/period.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import { createMirrorFolder, type FolderExtent, type FolderOptions } from "./mirror-folder.ts";
import { createLookout } from "./outlook.ts";
import { commandInstance, readWritten, type Scribe, type Written } from "./scribe.ts";

export interface Viewpoint extends Pick<Scribe, "machine" | "pid"> {
  readonly isAlive: (processId: number) => boolean;
}

/** Whether who has written the mirror last lives, and goes on writing. */
export function isLivingScribe(written: Written | null, { machine, pid, isAlive }: Viewpoint): boolean {
  if (written === null || written.instance === commandInstance) return false;
  return written.machine === machine && written.pid !== pid && isAlive(written.pid);
}

export interface OnceOptions extends Pick<FolderOptions, "root" | "renderPage" | "isAlive"> {
  readonly scribe: Scribe;
  readonly now: InstantMs;
  /** What the record said before the snapshot was read. */
  readonly before: Written | null;
}

/**
 * Writes what a snapshot says now, for a machine on which nobody keeps the mirror in step; leaves what somebody has
 * written meanwhile from a newer revision. Throws LullError.
 */
export async function writeMirrorOnce(snapshot: Snapshot, options: OnceOptions): Promise<FolderExtent> {
  const { root, scribe, before } = options;
  const own = { ...scribe, database: snapshot.databaseId, revision: snapshot.revision };
  const isSuperseded = async () => {
    const found = await readWritten(root);
    // A newer one that was there before is of a database that was put back since.
    if (found === null || isDeepStrictEqual(found, before)) return false;
    return found.database === own.database && found.revision > own.revision;
  };
  if (await isSuperseded()) return "superseded";
  const folder = createMirrorFolder({ ...options, isSuperseded });
  const outlook = await createLookout().look(snapshot, options.now);
  if ((await folder.writeStates(snapshot, outlook, own)) === "superseded") return "superseded";
  await folder.writePages(outlook, () => false);
  return "written";
}
