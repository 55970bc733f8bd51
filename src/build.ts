/**
 * `bun src/build.ts [--target linux-arm64] [--quiet]` makes one executable that needs nothing beside it: the Bun
 * runtime, our code as bytecode, libSQL's native module, migrations and templates.
 * The same commit gives the same bytes: no time, no path of this machine goes in.
 */
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { LullError } from "./gate/error.ts";

interface Target {
  readonly runtime: Bun.Build.CompileTarget;
  /** The package of libSQL's native module. */
  readonly native: string;
  readonly os: "linux" | "darwin" | "win32";
  readonly cpu: "x64" | "arm64";
}

const TARGETS: ReadonlyMap<string, Target> = new Map([
  ["linux-x64", { runtime: "bun-linux-x64", native: "@libsql/linux-x64-gnu", os: "linux", cpu: "x64" }],
  ["linux-arm64", { runtime: "bun-linux-arm64", native: "@libsql/linux-arm64-gnu", os: "linux", cpu: "arm64" }],
  ["linux-x64-musl", { runtime: "bun-linux-x64-musl", native: "@libsql/linux-x64-musl", os: "linux", cpu: "x64" }],
  ["darwin-arm64", { runtime: "bun-darwin-arm64", native: "@libsql/darwin-arm64", os: "darwin", cpu: "arm64" }],
  ["darwin-x64", { runtime: "bun-darwin-x64", native: "@libsql/darwin-x64", os: "darwin", cpu: "x64" }],
  ["windows-x64", { runtime: "bun-windows-x64", native: "@libsql/win32-x64-msvc", os: "win32", cpu: "x64" }],
]);

const GLIBC_LOADERS = ["/lib64/ld-linux-x86-64.so.2", "/lib/ld-linux-aarch64.so.1"];

/** The function of libSQL's loader that computes the name of the native module, which no bundler can follow. */
const LOADER = /function requireNative\(\) \{\n[\s\S]*?\n {2}return require\(`@libsql\/\$\{target\}`\);\n\}\n/;

interface BuildRequest {
  /** The folder of package.json. */
  readonly root: string;
  readonly targetName: string;
  readonly isForThisMachine: boolean;
}

/** Answers the path of the executable. */
export async function build({ root, targetName, isForThisMachine }: BuildRequest): Promise<string> {
  const target = TARGETS.get(targetName);
  if (target === undefined) {
    throw new LullError("usage", `"${targetName}" is not a target: name one of ${[...TARGETS.keys()].join(", ")}`);
  }
  const folder = join(root, "dist");
  const suffix = target.os === "win32" ? ".exe" : "";
  const executable = join(folder, isForThisMachine ? `lull${suffix}` : `lull-${targetName}${suffix}`);
  await mkdir(folder, { recursive: true });
  // Built aside and renamed, so that a running lull is replaced, not overwritten, and no half one is ever there.
  const workFolder = await mkdtemp(join(folder, ".build-"));
  // Always the same name, because the source map holds it.
  const foreignFolder = join(folder, `.modules-${targetName}`);
  try {
    const modules = isForThisMachine ? root : await installFor(target, { root, folder: foreignFolder });
    const built = join(workFolder, `lull${suffix}`);
    await compile({ root, target, outfile: built, native: join(modules, "node_modules", target.native, "index.node") });
    await rename(built, executable);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
    await rm(foreignFolder, { recursive: true, force: true });
  }
  return executable;
}

interface CompileRequest {
  readonly root: string;
  readonly target: Target;
  readonly outfile: string;
  /** The native module's file. */
  readonly native: string;
}

async function compile({ root, target, outfile, native }: CompileRequest): Promise<void> {
  await Bun.build({
    // The database thread is an entry point of its own: a Worker starts from a file, also inside the executable.
    entrypoints: [join(root, "src/main.ts"), join(root, "src/store/thread-worker.ts")],
    // Both lie side by side in the executable, where `new URL("./thread-worker.ts", import.meta.url)` finds the second.
    naming: { entry: "[name].[ext]" },
    target: "bun",
    format: "esm",
    bytecode: true,
    // A command loads the files that it needs, and no others.
    splitting: true,
    // Elysia reads the source of handlers, so names stay.
    minify: { whitespace: true, syntax: true, identifiers: false },
    sourcemap: "linked",
    define: { "process.env.NODE_ENV": '"production"', LULL_COMMIT: JSON.stringify(commitOf(root)) },
    compile: { target: target.runtime, outfile, autoloadDotenv: false, autoloadBunfig: false },
    plugins: [embedNativeModule(native)],
  });
}

function embedNativeModule(native: string): Bun.BunPlugin {
  return {
    name: "libsql",
    setup(builder) {
      builder.onLoad({ filter: /[\\/]node_modules[\\/]libsql[\\/]index\.js$/ }, async ({ path }) => {
        const source = await Bun.file(path).text();
        if (!LOADER.test(source)) throw new Error(`${path} has no ${LOADER}: teach src/build.ts libsql's new loader`);
        return { contents: source.replace(LOADER, 'function requireNative() { return require("libsql-native"); }\n') };
      });
      // A name of its own, because this text goes into the source map, where a path would differ from machine to machine.
      builder.onResolve({ filter: /^libsql-native$/ }, () => ({ path: native }));
    },
  };
}

/** Installs from the lock file, so with its integrity hashes, what another machine would; answers the folder. */
async function installFor(target: Target, place: { readonly root: string; readonly folder: string }): Promise<string> {
  await mkdir(place.folder, { recursive: true });
  for (const name of ["package.json", "bun.lock"]) await copyFile(join(place.root, name), join(place.folder, name));
  const options = ["--frozen-lockfile", "--production", "--ignore-scripts", `--os=${target.os}`, `--cpu=${target.cpu}`];
  const install = Bun.spawnSync([process.execPath, "install", ...options], { cwd: place.folder });
  if (!install.success) throw new Error(`bun install ${options.join(" ")} failed: ${install.stderr.toString().trim()}`);
  return place.folder;
}

/** The commit that is built, with `-dirty` when files differ from it; null outside a git repository. */
function commitOf(root: string): string | null {
  if (Bun.which("git") === null) return null;
  const options = { cwd: root, stderr: "ignore" } as const;
  const described = Bun.spawnSync(["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"], options);
  return described.success ? described.stdout.toString().trim() : null;
}

function thisMachine(): string {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const isMusl = system === "linux" && !GLIBC_LOADERS.some((path) => existsSync(path));
  return `${system}-${process.arch}${isMusl ? "-musl" : ""}`;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { target: { type: "string" }, quiet: { type: "boolean", default: false } } });
  const targetName = values.target ?? thisMachine();
  const isForThisMachine = values.target === undefined;
  try {
    const executable = await build({ root: join(import.meta.dir, ".."), targetName, isForThisMachine });
    const note = targetName === thisMachine() ? "" : ": built, but not run, this machine is another";
    if (!values.quiet) console.log(`${relative(process.cwd(), executable)} (${targetName})${note}`);
  } catch (error) {
    console.error(error instanceof LullError ? error.message : error);
    process.exitCode = 1;
  }
}
