import { join } from "node:path";

const mainFile = join(import.meta.dir, "../main.ts");
/** Where the compiled program's own files seem to lie. */
const insideExecutable = /^(?:\/\$bunfs\/|[A-Z]:[\\/]~BUN[\\/])/;

/** The words with which lull starts itself again: the executable, or Bun and src/main.ts. */
export function ownProgram(): readonly string[] {
  return insideExecutable.test(Bun.main) ? [process.execPath] : [process.execPath, mainFile];
}
