import { writeFile } from "node:fs/promises";
import { needProgram } from "./debian.ts";
import { createPorts, untilReady } from "./ports.ts";
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

/** Starts a real nginx in a folder of its own, as whoever runs the tests; returns when all its ports answer. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const program = await needProgram("nginx");
  if (program === null) throw new Error('nginx is missing: skip this test, see needProgram("nginx")');
  const folder = temporaryFolder();
  const ports = createPorts();
  const configurationFile = folder.file("nginx.conf");
  const errorLog = () => Bun.file(folder.file("error.log")).text();
  const write = async (http: string) => {
    const filled = (await ports.fill(http)).replaceAll("@folder@", folder.path);
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
    return ports.allAnswer();
  };
  const reload = async (http?: string) => {
    if (http !== undefined) await write(http);
    const before = (await errorLog()).length;
    child.kill("SIGHUP");
    await untilReady("nginx", async () => {
      const news = (await errorLog()).slice(before);
      if (news.includes("[emerg]")) throw new Error(`nginx refused the new configuration:\n${news}`);
      // Said by the old workers when the new ones have the listening sockets.
      return news.includes("gracefully shutting down") && (await listens());
    });
  };
  try {
    await untilReady("nginx", listens);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    folder: folder.path,
    processId: child.pid,
    port: ports.port,
    reload,
    errorLog,
    stop,
    [Symbol.asyncDispose]: stop,
  };
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
