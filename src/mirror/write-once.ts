import type { InstantMs } from "../gate/period.ts";
import type { Snapshot } from "../gate/snapshot.ts";
import { createMirrorFolder, type FolderOptions } from "./mirror-folder.ts";
import { createLookout } from "./outlook.ts";
import { readWritten, type Scribe } from "./scribe.ts";

/** Whether a process that lives, and goes on writing, has written the mirror last. */
export async function hasLivingScribe(
  { root, isAlive }: Pick<FolderOptions, "root" | "isAlive">,
  { machine, pid }: Pick<Scribe, "machine" | "pid">,
): Promise<boolean> {
  const written = await readWritten(root);
  return written !== null && written.machine === machine && written.pid !== pid && isAlive(written.pid);
}

export interface OnceOptions extends FolderOptions {
  readonly scribe: Scribe;
  readonly now: InstantMs;
}

/** Writes what a snapshot says now, for a machine on which nobody keeps the mirror in step. Throws LullError. */
export async function writeMirrorOnce(snapshot: Snapshot, options: OnceOptions): Promise<void> {
  const folder = createMirrorFolder(options);
  const outlook = await createLookout().look(snapshot, options.now);
  const { databaseId, revision } = snapshot;
  await folder.writeStates(snapshot, outlook, { ...options.scribe, database: databaseId, revision });
  await folder.writePages(outlook, () => false);
}
