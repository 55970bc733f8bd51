import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** The path of a file in it, which need not exist. */
  file(name: string): string;
  remove(): Promise<void>;
}

/** A folder of the test's own, with mode 0700: `await using folder = temporaryFolder()` or `remove()` in afterAll. */
export function temporaryFolder(): TemporaryFolder {
  // Short, because the path of a unix socket may have 107 bytes at the most.
  const path = mkdtempSync(join(tmpdir(), "lull-"));
  const remove = () => rm(path, { recursive: true, force: true });
  return { path, file: (name) => join(path, name), remove, [Symbol.asyncDispose]: remove };
}
