import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { LocalAddress } from "./address.ts";

/** Larger files, and pages, are nobody's maintenance page. */
export const mostBytes = 1_048_576;

/** Where files may be taken from. Both without symbolic links. */
export interface Surroundings {
  /** What relative addresses count from. */
  readonly folder: string;
  /** Nothing outside of it is read. */
  readonly root: string;
  /** Whether `root` is also what addresses that begin with `/` count from. */
  readonly isSiteRoot: boolean;
}

/** What is behind a local address. Paths are real ones, without symbolic links, except of what is not there. */
export type LocalFile =
  | { readonly kind: "file"; readonly path: string; readonly bytes: number }
  /** It counts from the site's root, and nobody said where that is. */
  | { readonly kind: "rootless" }
  | { readonly kind: "absent"; readonly path: string }
  | { readonly kind: "outside"; readonly path: string };

/** Looks a file up and reads nothing of it. */
export async function findLocalFile({ path }: LocalAddress, surroundings: Surroundings): Promise<LocalFile> {
  const { folder, root, isSiteRoot } = surroundings;
  if (path.startsWith("/") && !isSiteRoot) return { kind: "rootless" };
  // No file has a name with NUL in it.
  const named = path.startsWith("/") ? join(root, path) : resolve(folder, path.replaceAll("\0", "\ufffd"));
  // What is outside is not even looked at.
  if (!isWithin(named, root)) return { kind: "outside", path: named };
  try {
    const real = await realpath(named);
    if (!isWithin(real, root)) return { kind: "outside", path: real };
    const found = await stat(real);
    return found.isFile() ? { kind: "file", path: real, bytes: found.size } : { kind: "absent", path: named };
  } catch {
    return { kind: "absent", path: named };
  }
}

function isWithin(path: string, root: string): boolean {
  const way = relative(root, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
