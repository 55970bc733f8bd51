import { createServer } from "node:net";
import { openConnection } from "./raw-http.ts";

/** Free ports for the configuration of a program that is started by a test. */
export interface Ports {
  /** Puts a free port in place of every `@port.NAME@`: the same for the same name. */
  fill(configuration: string): Promise<string>;
  /** What `@port.NAME@` became. Throws when it stands nowhere. */
  port(name: string): number;
  /** Whether somebody takes connections on every one. */
  allAnswer(): Promise<boolean>;
}

const START_LIMIT_MS = 10_000;
const POLL_MS = 10;

export function createPorts(): Ports {
  const ports = new Map<string, number>();
  return {
    async fill(configuration) {
      for (const [, name = ""] of configuration.matchAll(/@port\.([\w-]+)@/g)) {
        if (!ports.has(name)) ports.set(name, await freePort());
      }
      return configuration.replaceAll(/@port\.([\w-]+)@/g, (_, name: string) => `${ports.get(name)}`);
    },
    port(name) {
      const number = ports.get(name);
      if (number === undefined) throw new Error(`the configuration has no @port.${name}@`);
      return number;
    },
    async allAnswer() {
      return (await Promise.all([...ports.values()].map(answers))).every((answered) => answered);
    },
  };
}

/** Waits until a program that was started is ready, for 10 s at the most. */
export async function untilReady(program: string, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${program} was not ready within ${START_LIMIT_MS} ms`);
    await Bun.sleep(POLL_MS);
  }
}

/** Free a moment ago: nothing better can be known before the program binds it. */
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
