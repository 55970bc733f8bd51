import { lstat, readFile, stat } from "node:fs/promises";

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
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return absent(path);
    throw new Error(`it cannot be read (${error.message})`);
  }
}

/** The text of a template. Throws for what would be shown as something else than was meant. */
export function templateText(bytes: Uint8Array): string {
  const text = decode(bytes);
  const tag = /\{%|\{\{/.exec(text)?.[0];
  if (tag === undefined) return text;
  throw new Error(`${asDjango(tag)} for "{{ message }}"`);
}

/** The text of a page that is sent as it is. Throws as `templateText`; `template`: what it should be called instead. */
export function finishedText(bytes: Uint8Array, template: string): string {
  const text = decode(bytes);
  const tag = /\{%|\{\{|<%/.exec(text)?.[0];
  if (tag === undefined) return text;
  if (tag === "<%") throw new Error(`it holds "<%", so it is a template: name it ${template}`);
  throw new Error(`${asDjango(tag)} for "{{ message }}", and name the file ${template}`);
}

function asDjango(tag: string): string {
  return `it holds "${tag}", so it is a Django template: write "<%= it.message %>"`;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error("it is not UTF-8: save it as UTF-8");
  }
}

/** Whoever made a link meant a file. */
async function absent(path: string): Promise<null> {
  const isLink = await lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (isLink) throw new Error("it is a link to what is not there");
  return null;
}
