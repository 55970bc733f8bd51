import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readTemplateFile } from "./template-file.ts";

const mostFiles = 500;

/**
 * The files named `.eta` that templates of a folder can include, by path: those in it and in the folders in it, and no
 * deeper. All are read at once, so that visitors wait for no file and a file that is being edited serves nobody.
 */
export async function readPartials(folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const inside = await namesIn(folder);
  const paths = inside.map((name) => join(folder, name));
  for (const path of paths) await read(path);
  for (const path of paths) for (const name of await namesIn(path)) await read(join(path, name));
  return files;

  async function read(path: string): Promise<void> {
    if (!path.endsWith(".eta") || files.size >= mostFiles) return;
    try {
      const bytes = await readTemplateFile(path);
      if (bytes !== null) files.set(path, bytes);
    } catch {
      // Whoever includes it hears that it is not there.
    }
  }
}

/** None of what is no folder. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}
