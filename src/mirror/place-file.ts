import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What a reader of the mirror may do: the proxy runs as another user. */
export const fileMode = 0o644;
export const folderMode = 0o755;

/** Temporary names, by process: what a killed one left is known by it. */
const partial = /^\.lull-(\d{1,10})-/;

/** The process that was writing a file under its temporary name; null: it is no such name. */
export function processOfPartial(name: string): number | null {
  const [, processId] = partial.exec(name) ?? [];
  return processId === undefined ? null : Number(processId);
}

/**
 * Puts a file in place whole: whoever opens it finds the old one or the new one, and after a power cut as well. Its
 * folder is the caller's to synchronise. Throws the system's error.
 */
export async function placeFile(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = join(dirname(path), `.lull-${process.pid}-${basename(path)}`);
  try {
    // Over what a killed process with our number left.
    const file = await open(temporary, "w", fileMode);
    try {
      // The umask may have taken from it.
      await file.chmod(fileMode);
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Makes the names in a folder survive a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
