import { describe, expect, test } from "bun:test";
import { closeSync, constants, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createLogWriter } from "../src/log-writer.ts";
import { type Address, sendRaw } from "./support/raw-http.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const main = join(import.meta.dir, "../src/main.ts");

describe("what is logged", () => {
  test("is written in order, and there when the flush returns", async () => {
    await using folder = temporaryFolder();
    const descriptor = openSync(folder.file("log"), "w");
    const writer = createLogWriter({ descriptor, onDropped() {} });
    const lines = Array.from({ length: 500 }, (_, number) => `line ${number}\n`);
    for (const line of lines) writer.write(line);
    await writer.flush(5_000);
    closeSync(descriptor);
    expect(readFileSync(folder.file("log"), "utf8")).toBe(lines.join(""));
  });

  test("is dropped above 1,000 lines, and the gap is told where it is", async () => {
    await using folder = temporaryFolder();
    const descriptor = openSync(folder.file("log"), "w");
    const writer = createLogWriter({ descriptor, onDropped: (lines) => writer.write(`dropped ${lines}\n`) });
    // One is being written, 1,000 wait.
    for (let number = 0; number < 1_251; number++) writer.write(`${number}\n`);
    await writer.flush(5_000);
    writer.write("after\n");
    await writer.flush(5_000);
    closeSync(descriptor);
    const written = readFileSync(folder.file("log"), "utf8").trimEnd().split("\n");
    expect(written).toEqual([...Array.from({ length: 1_001 }, (_, number) => `${number}`), "dropped 250", "after"]);
  });

  test("is given up when it cannot be written", async () => {
    const writer = createLogWriter({ descriptor: 1_000_000, onDropped() {} });
    writer.write("nobody\n");
    await writer.flush(5_000);
  });
});

/** A pipe that is full and that nobody reads. */
function stalledPipe(path: string): number {
  expect(Bun.spawnSync(["mkfifo", path]).exitCode).toBe(0);
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const bytes = Buffer.alloc(4_096, "x");
  try {
    while (true) writeSync(descriptor, bytes);
  } catch {
    return descriptor;
  }
}

async function answers(address: Address): Promise<boolean> {
  try {
    return (await sendRaw(address, "GET /check/nginx HTTP/1.1\r\nHost: x\r\n\r\n")).status === 403;
  } catch {
    return false;
  }
}

test.skipIf(process.platform === "win32")(
  "a sidecar whose output nobody reads answers checks, and SIGTERM ends it within 5 s",
  async () => {
    await using folder = temporaryFolder();
    const address = { unix: folder.file("lull.sock") };
    const pipe = folder.file("pipe");
    const descriptor = stalledPipe(pipe);
    await Bun.write(folder.file("lull.toml"), `listen = ["unix:${address.unix}"]\n`);
    const words = [process.execPath, main, "serve", "--closed", "--config", folder.file("lull.toml")];
    // Opened by the shell, so that it blocks: how it is open is the opener's own.
    const command = ["sh", "-c", `exec "$@" >"$0" 2>"$0"`, pipe, ...words];
    await using sidecar = Bun.spawn(command, { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
    try {
      const deadline = performance.now() + 10_000;
      while (!(await answers(address))) {
        if (performance.now() > deadline) throw new Error("it never answered");
        await Bun.sleep(20);
      }
      for (let reload = 0; reload < 20; reload++) {
        sidecar.kill("SIGHUP");
        expect(await answers(address)).toBe(true);
      }
      const started = performance.now();
      sidecar.kill("SIGTERM");
      expect(await sidecar.exited).toBe(0);
      expect(performance.now() - started).toBeLessThan(5_000);
    } finally {
      sidecar.kill("SIGKILL");
      closeSync(descriptor);
    }
  },
  20_000,
);
