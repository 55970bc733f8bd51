import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { needProgram } from "./debian.ts";
import { openConnection } from "./raw-http.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface NginxOptions {
  /**
   * What stands in `http {}`. `@port.NAME@` becomes a free port, the same for the same name; `@folder@` the folder of
   * this nginx.
   */
  readonly http: string;
  /** Default 1. */
  readonly workerProcesses?: number;
}

export interface Nginx extends AsyncDisposable {
  readonly folder: string;
  readonly processId: number;
  /** The port that `@port.NAME@` became. */
  port(name: string): number;
  /** Takes the new configuration, or the old one again, and returns when it serves. */
  reload(http?: string): Promise<void>;
  errorLog(): Promise<string>;
  /** A fast shutdown; returns when it has ended. */
  stop(): Promise<void>;
}

const START_LIMIT_MS = 10_000;
const POLL_MS = 10;

/** Starts a real nginx in a folder of its own, as whoever runs the tests; returns when all its ports answer. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const program = await needProgram("nginx");
  if (program === null) throw new Error('nginx is missing: skip this test, see needProgram("nginx")');
  const folder = temporaryFolder();
  const ports = new Map<string, number>();
  const configurationFile = folder.file("nginx.conf");
  const errorLog = () => Bun.file(folder.file("error.log")).text();
  const write = async (http: string) => {
    for (const [, name = ""] of http.matchAll(/@port\.([\w-]+)@/g)) {
      if (!ports.has(name)) ports.set(name, await freePort());
    }
    const filled = http
      .replaceAll(/@port\.([\w-]+)@/g, (_, name: string) => `${ports.get(name)}`)
      .replaceAll("@folder@", folder.path);
    await writeFile(configurationFile, configuration(filled, options.workerProcesses ?? 1));
  };

  await write(options.http);
  const command = [program, "-p", folder.path, "-e", folder.file("error.log"), "-c", configurationFile];
  const child = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
  const stop = async () => {
    child.kill("SIGTERM");
    await child.exited;
    await folder.remove();
  };
  const listens = async () => {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}:\n${await errorLog()}`);
    // Written when the listening sockets are open; then each port is tried as a visitor would.
    if (!(await Bun.file(folder.file("nginx.pid")).exists())) return false;
    return (await Promise.all([...ports.values()].map(answers))).every((answered) => answered);
  };
  const reload = async (http?: string) => {
    if (http !== undefined) await write(http);
    const before = (await errorLog()).length;
    child.kill("SIGHUP");
    await until(async () => {
      const news = (await errorLog()).slice(before);
      if (news.includes("[emerg]")) throw new Error(`nginx refused the new configuration:\n${news}`);
      // Said by the old workers when the new ones have the listening sockets.
      return news.includes("gracefully shutting down") && (await listens());
    });
  };
  try {
    await until(listens);
  } catch (error) {
    await stop();
    throw error;
  }
  const port = (name: string) => {
    const number = ports.get(name);
    if (number === undefined) throw new Error(`the configuration has no @port.${name}@`);
    return number;
  };
  return { folder: folder.path, processId: child.pid, port, reload, errorLog, stop, [Symbol.asyncDispose]: stop };
}

function configuration(http: string, workerProcesses: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${kind};`);
  return `daemon off;
${process.getuid?.() === 0 ? "user root root; # its folder is the tester's alone" : ""}
worker_processes ${workerProcesses};
pid nginx.pid;
error_log error.log notice;
events { worker_connections 8192; }
http {
access_log off;
${temporary.join("\n")}
${http}
}
`;
}

/** Free a moment ago: nothing better can be known before nginx binds it. */
async function freePort(): Promise<number> {
  const server = createServer();
  const listening = Promise.withResolvers<void>();
  server.listen(0, "127.0.0.1", listening.resolve);
  await listening.promise;
  const address = server.address();
  const closed = Promise.withResolvers<void>();
  server.close(() => closed.resolve());
  await closed.promise;
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

async function answers(port: number): Promise<boolean> {
  try {
    await using _ = await openConnection({ host: "127.0.0.1", port });
    return true;
  } catch {
    return false;
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`nginx was not ready within ${START_LIMIT_MS} ms`);
    await Bun.sleep(POLL_MS);
  }
}
