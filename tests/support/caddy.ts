import { writeFile } from "node:fs/promises";
import { needProgram } from "./debian.ts";
import { createPorts, untilReady } from "./ports.ts";
import { temporaryFolder } from "./temporary-folder.ts";

export interface Caddy extends AsyncDisposable {
  /** The port that `@port.NAME@` became. */
  port(name: string): number;
  log(): Promise<string>;
  /** Returns when it has ended. */
  stop(): Promise<void>;
}

/** Without certificates and without an address for administration. */
const GLOBAL = "{\n\tadmin off\n\tauto_https off\n}\n";

/**
 * Starts a real Caddy in a folder of its own with these sites of a Caddyfile; returns when all its ports answer.
 * `@port.NAME@` becomes a free port, the same for the same name.
 */
export async function startCaddy(sites: string): Promise<Caddy> {
  const program = await needProgram("caddy");
  if (program === null) throw new Error('caddy is missing: skip this test, see needProgram("caddy")');
  const folder = temporaryFolder();
  const ports = createPorts();
  const file = folder.file("Caddyfile");
  await writeFile(file, GLOBAL + (await ports.fill(sites)));
  const child = Bun.spawn([program, "run", "--config", file, "--adapter", "caddyfile"], {
    cwd: folder.path,
    env: { HOME: folder.path, XDG_DATA_HOME: folder.file("data"), XDG_CONFIG_HOME: folder.file("config") },
    stdin: "ignore",
    stdout: "ignore",
    stderr: Bun.file(folder.file("caddy.log")),
  });
  const log = () => Bun.file(folder.file("caddy.log")).text();
  const stop = async () => {
    child.kill("SIGTERM");
    await child.exited;
    await folder.remove();
  };
  try {
    await untilReady("caddy", async () => {
      if (child.exitCode !== null) throw new Error(`caddy ended with ${child.exitCode}:\n${await log()}`);
      return ports.allAnswer();
    });
  } catch (error) {
    await stop();
    throw error;
  }
  return { port: ports.port, log, stop, [Symbol.asyncDispose]: stop };
}
