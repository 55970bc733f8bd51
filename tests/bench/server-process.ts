import { binaryPath } from "../support/binary.ts";
import type { TemporaryFolder } from "../support/temporary-folder.ts";

/** A server under measurement, in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  /** The path of its unix socket. */
  readonly socket: string;
}

export interface SidecarOptions {
  readonly folder: TemporaryFolder;
  /** Of the database and socket, in the folder. */
  readonly name: string;
  /** The one core that it may use; both unless given. */
  readonly core?: number;
}

/** `file:` URL of the database of the sidecar with this name. */
export function databaseUrl(folder: TemporaryFolder, name: string): string {
  return `file:${folder.file(`${name}.db`)}`;
}

/** Starts `lull serve`, the binary, on its database; returns when it serves. */
export async function startSidecar({ folder, name, core }: SidecarOptions): Promise<ServerProcess> {
  const command = [await binaryPath(), "serve", "--json", "--database", folder.file(`${name}.db`)];
  const listen = `127.0.0.1:0,unix:${folder.file(`${name}.sock`)}`;
  const environment = await isolatedEnvironment(folder, { LULL_LISTEN: listen, LULL_LOG_LEVEL: "error" });
  return startServer(command, environment, core);
}

/** An environment in which nothing of this machine configures lull. */
export async function isolatedEnvironment(
  folder: TemporaryFolder,
  more: Readonly<Record<string, string>> = {},
): Promise<Readonly<Record<string, string>>> {
  const configuration = folder.file("lull.toml");
  await Bun.write(configuration, "");
  return { PATH: "/usr/bin:/bin", HOME: folder.path, LULL_CONFIG: configuration, ...more };
}

/** Starts a server that prints `{"addresses":["127.0.0.1:PORT","unix:PATH"]}`, alone or among others, when it serves. */
export async function startServer(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  core?: number,
): Promise<ServerProcess> {
  const pinned = core === undefined ? command : ["taskset", "-c", String(core), ...command];
  const child = Bun.spawn([...pinned], { env, stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  const stop = async () => {
    child.kill("SIGKILL");
    await child.exited;
  };
  const reader = child.stdout.getReader();
  const decoder = new TextDecoder();
  let text = "";
  while (!text.includes("]")) {
    const { value, done } = await reader.read();
    if (done) {
      await stop();
      throw new Error(`${command.join(" ")} ended before it served: ${text}`);
    }
    text += decoder.decode(value, { stream: true });
  }
  const [, port, socket] = /"127\.0\.0\.1:(\d+)",\s*"unix:([^"]+)"/.exec(text) ?? [];
  if (port === undefined || socket === undefined) throw new Error(`${command[0]} says no addresses: ${text}`);
  return { pid: child.pid, port: Number(port), socket, [Symbol.asyncDispose]: stop };
}
