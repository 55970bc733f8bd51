import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  statSync,
} from "node:fs";
import { dirname } from "node:path";

// What root makes is given to the owner of the folder around it, so that a sidecar that runs as that owner can use it.

/**
 * Makes an empty file that its owner alone may use (0600), or also a group (0660).
 * Throws the system's error, EEXIST where something is there already.
 */
export function createPrivateFile(path: string, groupId: number | null): void {
  const file = openSync(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600);
  try {
    const owner = ownerFor(path, groupId);
    if (owner !== null) fchownSync(file, owner.userId, owner.groupId);
    if (groupId !== null) fchmodSync(file, 0o660);
  } finally {
    closeSync(file);
  }
  syncFolder(dirname(path));
}

/** Makes a folder, and those above it that are missing, for the owner alone (0700) or also for a group (2770). Throws the system's error. */
export function createPrivateFolder(folder: string, groupId: number | null): void {
  const first = mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const owner = ownerFor(first, groupId);
  for (let made = folder; ; made = dirname(made)) {
    if (owner !== null) chownSync(made, owner.userId, owner.groupId);
    if (groupId !== null) chmodSync(made, 0o2770);
    syncFolder(dirname(made));
    if (made === first) return;
  }
}

/**
 * Lets a group use a file that was made before it was named, and its folder if that is its owner's alone.
 * Leaves what others own as it is.
 */
export function shareWithGroup(path: string, groupId: number): void {
  for (const each of [path, `${path}-wal`, `${path}-shm`]) share(each, { groupId, mode: 0o660 });
  const folder = dirname(path);
  if ((statSync(folder).mode & 0o777) === 0o700) share(folder, { groupId, mode: 0o2770 });
}

function share(path: string, { groupId, mode }: { readonly groupId: number; readonly mode: number }): void {
  const found = statSync(path, { throwIfNoEntry: false });
  const userId = process.geteuid?.();
  if (found === undefined || (userId !== 0 && userId !== found.uid)) return;
  if (found.gid !== groupId) chownSync(path, found.uid, groupId);
  if ((found.mode & 0o7777) !== mode) chmodSync(path, mode);
}

/** Who is to own what is made at a path; null: who makes it. */
function ownerFor(path: string, groupId: number | null): { readonly userId: number; readonly groupId: number } | null {
  const userId = process.geteuid?.() ?? null;
  if (userId === null || (userId !== 0 && groupId === null)) return null;
  const folder = statSync(dirname(path));
  return { userId: userId === 0 ? folder.uid : userId, groupId: groupId ?? folder.gid };
}

/** Makes the names in a folder survive a power cut. */
export function syncFolder(folder: string): void {
  // Windows has no such call for folders.
  if (process.platform !== "win32") syncFile(folder);
}

/** Makes what a file holds survive a power cut. Not for a database that this process has open: closing the file would drop its locks. */
export function syncFile(path: string): void {
  const handle = openSync(path, constants.O_RDONLY);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
