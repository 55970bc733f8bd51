import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open, rename, rm, stat } from "node:fs/promises";
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
  const temporary = join(dirname(path), `.lull-${process.pid}-${randomBytes(8).toString("hex")}-${basename(path)}`);
  try {
    const file = await createFile(temporary);
    try {
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

/**
 * Creates an empty file that all may read, and that who owns the folder may change. Whoever may write in the folder
 * could put a link there: none is followed. Throws the system's error.
 */
export async function createFile(path: string): Promise<FileHandle> {
  const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const file = await open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, fileMode);
  try {
    if (isRoot()) {
      const { uid, gid } = await stat(dirname(path));
      await file.chown(uid, gid);
    }
    // The umask may have taken from it.
    await file.chmod(fileMode);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

export function isRoot(): boolean {
  return process.geteuid?.() === 0;
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
