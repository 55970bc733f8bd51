import { afterAll, describe, expect, test } from "bun:test";
import { readdirSync, readlinkSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { lockElsewhere } from "../store/locking-process.ts";
import { noon, openConsole } from "./console.ts";

const children: Bun.Subprocess[] = [];
afterAll(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map((child) => child.exited));
});

function spawnWait(path: string, ...options: readonly string[]) {
  const main = join(import.meta.dir, "../../src/main.ts");
  const environment = { PATH: process.env["PATH"], LULL_DATABASE: `file:${path}`, LULL_TIMEZONE: "UTC" };
  const child = Bun.spawn([process.execPath, main, "wait", ...options], {
    env: environment,
    stdout: "pipe",
    stderr: "pipe",
  });
  children.push(child);
  return child;
}

/** Whether a process has the file open. */
function hasOpen(pid: number, path: string): boolean {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).some((name) => {
    try {
      return readlinkSync(join(folder, name)) === path;
    } catch {
      // It was closed in between.
      return false;
    }
  });
}

/** Whether a process has a handler for SIGINT: bit 2 of the mask in /proc. */
async function catchesInterrupts(pid: number): Promise<boolean> {
  const status = await Bun.file(`/proc/${pid}/status`).text();
  return (Number.parseInt(/^SigCgt:\s*[0-9a-f]*([0-9a-f])$/m.exec(status)?.[1] ?? "0", 16) & 2) !== 0;
}

/** libSQL closes a file when its statements are collected. */
async function letGo(path: string): Promise<void> {
  while (hasOpen(process.pid, path)) {
    Bun.gc(true);
    await Bun.sleep(1);
  }
}

describe.if(process.platform === "linux")("wait outlives", () => {
  test("a lock that lets nobody read", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    await letGo(console.path);
    await using lock = await lockElsewhere(console.path, "everything");
    // Of another process, because it blocks its thread.
    const child = spawnWait(console.path, "--open");
    while (!(await catchesInterrupts(child.pid))) await Bun.sleep(5);
    await lock.release();
    expect(await child.exited).toBe(0);
  });

  test.concurrent("the same until the time-out", async () => {
    await using console = openConsole();
    await console.lull("migrate");
    await letGo(console.path);
    await using _lock = await lockElsewhere(console.path, "everything");
    const child = spawnWait(console.path, "--open", "--timeout", "1s");
    expect(await child.exited).toBe(6);
    expect(await child.stderr.text()).toMatch(/^timed out after \ds: database [^\n]+: another process holds it locked/);
  }, 20_000);

  test("another file in the database's place", async () => {
    await using console = openConsole();
    console.clock.elapsedMs = Date.now() - noon;
    await console.lull("migrate");
    await console.lull(`backup ${console.file("open.db")}`);
    await console.lull("setmaintenance on --offline");
    const child = spawnWait(console.path, "--open", "--timeout", "60s");
    while (!hasOpen(child.pid, console.path)) await Bun.sleep(5);
    await rename(console.file("open.db"), console.path);
    expect(await child.exited).toBe(0);
  }, 20_000);
});

describe.if(process.platform === "linux")("Ctrl-C", () => {
  test("ends it with 130, and it says what still closes", async () => {
    await using console = openConsole();
    console.clock.elapsedMs = Date.now() - noon;
    await console.lull("downtime_start --offline");
    const child = spawnWait(console.path, "--open");
    while (!(await catchesInterrupts(child.pid))) await Bun.sleep(5);
    child.kill("SIGINT");
    expect(await child.exited).toBe(130);
    expect(child.signalCode).toBeNull();
    expect(await child.stderr.text()).toMatch(/^interrupted after \ds: .+\n$/);
  });
});
