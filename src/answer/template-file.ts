import { readFile, stat } from "node:fs/promises";

const longestBytes = 1_048_576;

/** The bytes of a file of the operator's; null: there is none. Throws, with a line that says why, when it cannot serve. */
export async function readTemplateFile(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Error("it is no file");
    if (found.size > longestBytes) throw new Error(`it has ${found.size} bytes, and at most ${longestBytes} serve`);
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    if (error.code === "ENOENT") return null;
    throw new Error(`it cannot be read (${error.message})`);
  }
}

/** Throws for what would be shown as something else than was meant. */
export function templateText(bytes: Uint8Array): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not UTF-8: save it as UTF-8");
  }
  const tag = /\{%|\{\{/.exec(text)?.[0];
  if (tag === undefined) return text;
  throw new Error(`it holds "${tag}", so it is a Django template: write "<%= it.message %>" for "{{ message }}"`);
}
