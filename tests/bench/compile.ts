import { join } from "node:path";

/** Compiles a program of `programs/` as src/build.ts compiles ours. */
export async function compile(name: string, folder: string): Promise<string> {
  const outfile = join(folder, name);
  await Bun.build({
    entrypoints: [join(import.meta.dir, "programs", `${name}.ts`)],
    target: "bun",
    format: "esm",
    bytecode: true,
    minify: { whitespace: true, syntax: true, identifiers: false },
    define: { "process.env.NODE_ENV": '"production"', LULL_COMMIT: "null" },
    compile: { outfile, autoloadDotenv: false, autoloadBunfig: false },
  });
  return outfile;
}
