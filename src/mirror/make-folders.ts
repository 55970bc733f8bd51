import { chmod, chown, mkdir, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { flagKinds, makeFlagSource } from "./flags.ts";
import { folderMode, processOfPartial, syncFolder } from "./place-file.ts";

export const pagesFolder = "pages";

/** The folders of a mirror; the first is its own. */
export const folders = ["", ...flagKinds, pagesFolder] as const;

/**
 * Makes what is missing of a mirror's folders, and clears away what killed processes were writing there. The folder in
 * which the mirror lies must be there. Throws the system's error.
 */
export async function makeFolders(root: string, isAlive: (processId: number) => boolean): Promise<void> {
  for (const name of folders) {
    const folder = join(root, name);
    await makeFolder(folder);
    for (const file of await readdir(folder)) {
      const processId = processOfPartial(file);
      if (processId !== null && !isAlive(processId)) await rm(join(folder, file), { force: true });
    }
  }
  await makeFlagSource(root);
}

async function makeFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found === null) {
    await mkdir(folder, folderMode);
    await giveToOwnerAround(folder);
    await syncFolder(dirname(folder));
  }
  // The umask may have taken from it, and a folder that the proxy cannot enter says that all sites are open.
  const mode = (found ?? (await stat(folder))).mode & 0o777;
  if ((mode & folderMode) !== folderMode) await chmod(folder, mode | folderMode);
}

/** What root makes must be the sidecar's to change. */
async function giveToOwnerAround(folder: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  const { uid, gid } = await stat(dirname(folder));
  await chown(folder, uid, gid);
}
