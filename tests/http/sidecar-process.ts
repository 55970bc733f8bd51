/** A sidecar in a process of its own, with site 1 closed: `bun sidecar-process.ts <instance> <takeover|plain> <address>...` */

import { startServer } from "../../src/http/server.ts";
import { createServingState } from "../../src/http/state.ts";
import { machineIdentity } from "../../src/http/takeover.ts";
import { createLog } from "../../src/log.ts";
import { baseConfig, snapshotOf } from "./sidecar-fixture.ts";

export interface SidecarProcess extends AsyncDisposable {
  readonly pid: number;
  /** Where it listens, or null and the reason. */
  readonly addresses: readonly string[] | null;
  readonly refusal: string;
  readonly exited: Promise<number>;
  kill(signal: NodeJS.Signals): void;
}

/** Returns when it listens or has given up. */
export async function startSidecarProcess(
  instance: string,
  takeover: "takeover" | "plain",
  addresses: readonly string[],
): Promise<SidecarProcess> {
  const child = Bun.spawn([process.execPath, import.meta.path, instance, takeover, ...addresses], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  const first: unknown = JSON.parse(new TextDecoder().decode(value));
  const listening = Array.isArray(first) ? first.map(String) : null;
  return {
    pid: child.pid,
    addresses: listening,
    refusal: String(first),
    exited: child.exited,
    kill: (signal) => child.kill(signal),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

async function main([instance = "", takeover, ...listen]: readonly string[]): Promise<void> {
  const serving = createServingState();
  serving.swap(snapshotOf({ periods: [{}] }));
  const level = () => "error" as const;
  try {
    const server = await startServer({
      config: baseConfig(listen),
      socketGroupId: null,
      takeover: takeover === "takeover",
      serving,
      identity: { version: "1.2.3", commit: null, instance, pid: process.pid, machine: machineIdentity() },
      log: createLog({ level, now: Date.now, write: (line) => void process.stderr.write(line) }),
      now: Date.now,
      redeem: async () => "redeemed",
      admitStaff: () => Promise.reject(new Error("nobody is asked")),
    });
    // Nothing may outlive a test run that is cut off.
    process.stdin.on("end", () => process.exit(1)).resume();
    process.on("SIGTERM", () => void server.drain().then(() => process.exit(0)));
    process.stdout.write(`${JSON.stringify(server.addresses)}\n`);
  } catch (error) {
    process.stdout.write(`${JSON.stringify(error instanceof Error ? error.message : error)}\n`);
    process.exitCode = 1;
  }
}

if (import.meta.main) await main(process.argv.slice(2));
