import { chmod, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { LullError } from "../gate/error.ts";

/**
 * Writes a file that is whole from the moment that it has its name, so that no visitor gets half a page. One that is
 * there keeps its permissions. Throws LullError.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const before = await stat(path).catch(() => null);
  // A link stays one.
  const target = before === null ? path : await realpath(path);
  const partial = `${target}.${process.pid}.partial`;
  try {
    if (before !== null && !before.isFile()) throw new LullError("refused", `${path} is no file; name another`);
    await writeFile(partial, text, { flag: "wx" });
    if (before !== null) await chmod(partial, before.mode & 0o7777);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { force: true });
    if (error instanceof LullError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    const what = code === "ENOENT" ? `there is no folder ${dirname(path)}` : `it cannot be written (${code})`;
    throw new LullError("refused", `${path}: ${what}; name another file`, { cause: error });
  }
}
