import { describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { request, startFixture } from "./sidecar-fixture.ts";
import { startSidecarProcess } from "./sidecar-process.ts";

const isLinux = process.platform === "linux";
/** The kernel's own limit on what can wait. */
const mostWaiting = isLinux ? Number(readFileSync("/proc/sys/net/core/somaxconn", "utf8")) : 0;
const visitors = 2_000;

interface Burst {
  readonly sockets: readonly Socket[];
  /** Of those that were refused. */
  readonly faults: readonly string[];
}

/** All at once, each with its request sent. */
async function burst(path: string, count: number): Promise<Burst> {
  const faults: string[] = [];
  const opened = Array.from({ length: count }, () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = connect(path, () => {
      socket.write(request("/check/nginx"));
      resolve();
    });
    socket.on("error", (error) => {
      faults.push("code" in error ? String(error.code) : error.message);
      resolve();
    });
    return { socket, promise };
  });
  await Promise.all(opened.map(({ promise }) => promise));
  return { sockets: opened.map(({ socket }) => socket), faults };
}

function statusOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once("data", (data) => resolve(data.toString("latin1", 9, 12))));
}

describe.skipIf(mostWaiting < visitors)("connections that wait for the sidecar", () => {
  test(`${visitors} at once are all kept while it can accept none, and answered when it can`, async () => {
    await using folder = temporaryFolder();
    const path = folder.file("lull.sock");
    await using sidecar = await startSidecarProcess("x", "plain", [`unix:${path}`]);
    sidecar.kill("SIGSTOP");
    const { sockets, faults } = await burst(path, visitors);
    try {
      expect(faults).toEqual([]);
      const answers = Promise.all(sockets.map(statusOf));
      sidecar.kill("SIGCONT");
      expect(new Set(await answers)).toEqual(new Set(["403"]));
    } finally {
      sidecar.kill("SIGCONT");
      for (const socket of sockets) socket.destroy();
    }
  }, 20_000);
});

test("raising the limit leaves no word in the log", async () => {
  await using sidecar = await startFixture();
  expect(sidecar.logged.map(({ event }) => event)).toEqual(["listening"]);
});
