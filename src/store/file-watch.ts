import { type FSWatcher, watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Tells when something happens to a file, or to those beside it whose names begin with its name. */
export interface FileWatch {
  /** Ends as soon as something has happened since the last call, at the latest after this time. Gives whether something has. */
  next(timeoutMs: number): Promise<boolean>;
  /** Ends `next` now. */
  wake(): void;
  close(): void;
}

/** Where the system cannot watch, `next` takes its whole time. */
export function watchFile(path: string): FileWatch {
  let hasHappened = false;
  let end: (() => void) | null = null;
  const wake = () => {
    hasHappened = true;
    end?.();
  };
  const watcher = watchFolder(dirname(path), (name) => {
    if (name === null || name.startsWith(basename(path))) wake();
  });

  return {
    async next(timeoutMs) {
      if (!hasHappened) {
        const { promise, resolve } = Promise.withResolvers<void>();
        end = resolve;
        const timeout = setTimeout(resolve, timeoutMs);
        await promise;
        clearTimeout(timeout);
        end = null;
      }
      const result = hasHappened;
      hasHappened = false;
      return result;
    },
    wake,
    close: () => watcher?.close(),
  };
}

function watchFolder(folder: string, happens: (name: string | null) => void): FSWatcher | null {
  try {
    const watcher = watch(folder, (_event, name) => happens(name));
    watcher.on("error", () => {});
    return watcher;
  } catch {
    // Too many watches on this machine, or a file system without them.
    return null;
  }
}
