import { constants } from "node:fs";
import { chmod, lchown, lstat, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { flagKinds } from "./flags.ts";
import { folderMode, isRoot, processOfPartial, syncFolder } from "./place-file.ts";

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
      if (processId === null || (isAlive(processId) && !(await isOlderThanWe(join(folder, file), processId)))) continue;
      await rm(join(folder, file), { force: true });
    }
  }
}

/** In containers the one before us often had our number. */
async function isOlderThanWe(file: string, processId: number): Promise<boolean> {
  if (processId !== process.pid) return false;
  const found = await lstat(file).catch(() => null);
  return found !== null && found.mtimeMs < performance.timeOrigin;
}

async function makeFolder(folder: string): Promise<void> {
  const link = await lstat(folder).catch(() => null);
  if (link?.isSymbolicLink() && isRoot() && link.uid !== 0) throw new ForeignLink();
  const found = await stat(folder).catch(() => null);
  if (found === null) {
    await mkdir(folder, folderMode);
    await giveToOwnerAround(folder);
    await syncFolder(dirname(folder));
  }
  // The umask may have taken from it, and a folder that the proxy cannot enter says that all sites are open.
  const mode = (found ?? (await stat(folder))).mode & 0o777;
  if ((mode & folderMode) !== folderMode) await setMode(folder, mode | folderMode);
}

/** What root makes must be the sidecar's to change. */
async function giveToOwnerAround(folder: string): Promise<void> {
  if (!isRoot()) return;
  const { uid, gid } = await stat(dirname(folder));
  // The owner of what is around may have put something else there since.
  await lchown(folder, uid, gid);
}

async function setMode(folder: string, mode: number): Promise<void> {
  if (!isRoot()) return chmod(folder, mode);
  const opened = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await opened.chmod(mode);
  } finally {
    await opened.close();
  }
}

/** Where it leads another user says, and root would write there for them. */
class ForeignLink extends Error {
  readonly code = "ENOTDIR";
}
