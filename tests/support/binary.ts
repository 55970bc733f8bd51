import { stat } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(import.meta.dir, "../..");
const INPUTS = ["package.json", "bun.lock", "src", "db", "templates"];

let path: Promise<string> | undefined;

/** The path of the compiled binary, which is built first, once in a run, when a source is newer. */
export function binaryPath(): Promise<string> {
  path ??= buildIfOld();
  return path;
}

async function buildIfOld(): Promise<string> {
  const binary = join(ROOT, "dist", process.platform === "win32" ? "lull.exe" : "lull");
  const builtAtMs = await modifiedAtMs(binary);
  if (builtAtMs !== null && (await newestInputMs()) < builtAtMs) return binary;
  const child = Bun.spawn([process.execPath, "src/build.ts", "--quiet"], { cwd: ROOT, stdout: "pipe", stderr: "pipe" });
  const [code, output, errors] = await Promise.all([child.exited, child.stdout.text(), child.stderr.text()]);
  if (code !== 0) throw new Error(`bun src/build.ts ended with ${code}:\n${output}${errors}`);
  return binary;
}

/** Folders count too: theirs changes when a file is taken away. */
async function newestInputMs(): Promise<number> {
  const paths = INPUTS.flatMap((input) => {
    const inside = new Bun.Glob(`${input}/**`).scanSync({ cwd: ROOT, onlyFiles: false });
    return [input, ...inside];
  });
  const times = await Promise.all(paths.map((each) => modifiedAtMs(join(ROOT, each))));
  return Math.max(...times.map((time) => time ?? 0));
}

/** Null when there is no such file. */
async function modifiedAtMs(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs;
  } catch {
    return null;
  }
}
