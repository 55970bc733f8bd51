/** `lull run` dies, with a real sidecar: no site opens under a command that still runs, and every site opens. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { check, programWith } from "./program.ts";

const leaseMs = 10_000;
const held = 403;
const open = 204;

test.each([
  ["killed", "SIGKILL"],
  ["frozen", "SIGSTOP"],
] as const)(
  "lull is %s: the command ends before the site opens, and the lease opens it",
  async (_word, signal) => {
    await using folder = temporaryFolder();
    const program = await programWith({ folder, database: folder.file("lull.db") });
    await using sidecar = await program.serve();
    // A command with a child of its own, both of which end by nothing but a signal that cannot be ignored.
    const script = `trap "" TERM INT HUP; sleep 1000 & echo $$ $!; while :; do wait; done`;
    const words = program.command(["run", "--lease", `${leaseMs / 1_000}s`, "--", "sh", "-c", script]);
    const lull = Bun.spawn([...words], { env: program.environment, stdin: "ignore", stdout: "pipe", stderr: "ignore" });
    const { value } = await lull.stdout.getReader().read();
    const pids = new TextDecoder().decode(value).trim().split(" ").map(Number);
    expect(pids.length).toBe(2);
    expect(await check(sidecar.url)).toBe(held);

    lull.kill(signal);
    const killedAtMs = performance.now();
    // In this order: what runs after the site has opened ran when it opened.
    while ((await check(sidecar.url)) !== open) {
      if (performance.now() - killedAtMs > 3 * leaseMs) throw new Error("it stays closed");
      await Bun.sleep(5);
    }
    expect(pids.filter(isRunning)).toEqual([]);
    expect(performance.now() - killedAtMs).toBeGreaterThan(leaseMs / 2);
    lull.kill("SIGKILL");
    await lull.exited;
  },
  60_000,
);

function isRunning(pid: number): boolean {
  try {
    // A zombie that nobody has waited for does nothing.
    return process.kill(pid, 0) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
