import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { binaryPath } from "../../support/binary.ts";

export interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** One `lull serve`. */
export interface SidecarProcess {
  readonly processId: number;
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
  log(): Promise<string>;
}

/** The compiled binary with a configuration of its own, which touches nothing outside its folder. */
export interface Lull {
  readonly socket: string;
  readonly database: string;
  /** Runs a command, whatever it ends with. */
  run(...words: readonly string[]): Promise<Ended>;
  /** Runs a command that must succeed, and returns what it printed. */
  command(...words: readonly string[]): Promise<string>;
  /** Starts `lull serve`; returns when it listens. */
  serve(...words: readonly string[]): Promise<SidecarProcess>;
  /** Kills every sidecar that was started here and still runs. */
  stop(): Promise<void>;
}

/** `settings`: keys of the configuration and their values as environment variables have them. */
export async function installLull(folder: string, settings: Readonly<Record<string, string>> = {}): Promise<Lull> {
  const binary = await binaryPath();
  const socket = join(folder, "lull.sock");
  const database = join(folder, "lull.db");
  const configurationFile = join(folder, "lull.toml");
  // An empty one of our own, or the machine's would be read.
  await writeFile(configurationFile, "");
  const keys = { database: `file:${database}`, listen: `unix:${socket}`, ...settings };
  const environment = {
    PATH: "/usr/bin:/bin",
    HOME: folder,
    XDG_DATA_HOME: join(folder, "data"),
    XDG_CONFIG_HOME: join(folder, "config"),
    TMPDIR: folder,
    LULL_CONFIG: configurationFile,
    ...Object.fromEntries(Object.entries(keys).map(([key, value]) => [`LULL_${key.toUpperCase()}`, value])),
  };
  const options = { cwd: folder, env: environment, stdin: "ignore", stdout: "pipe" } as const;
  const sidecars: { readonly kill: (signal: NodeJS.Signals) => void; readonly exited: Promise<number> }[] = [];

  const run = async (...words: readonly string[]): Promise<Ended> => {
    const child = Bun.spawn([binary, ...words], { ...options, stderr: "pipe" });
    const [output, errors, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
    return { code, output, errors };
  };
  return {
    socket,
    database,
    run,
    async command(...words) {
      const { code, output, errors } = await run(...words);
      if (code !== 0) throw new Error(`lull ${words.join(" ")} ended with ${code}:\n${output}${errors}`);
      return output;
    },
    async serve(...words) {
      const logFile = join(folder, `serve-${sidecars.length}.log`);
      const child = Bun.spawn([binary, "serve", ...words], { ...options, stderr: Bun.file(logFile) });
      const log = () => Bun.file(logFile).text();
      const kill = (signal: NodeJS.Signals) => child.kill(signal);
      sidecars.push({ kill, exited: child.exited });
      // Said when it listens, and not before.
      const reader = child.stdout.getReader();
      const { done } = await reader.read();
      reader.releaseLock();
      if (done) throw new Error(`lull serve ended with ${await child.exited}:\n${await log()}`);
      return { processId: child.pid, exited: child.exited, kill, log };
    },
    async stop() {
      for (const sidecar of sidecars) sidecar.kill("SIGKILL");
      await Promise.all(sidecars.map(({ exited }) => exited));
    },
  };
}
