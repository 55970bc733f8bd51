import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { type Gate, lacksGate, startGate } from "./gate.ts";
import { requestText } from "./visit.ts";

const BURSTS = 3;
const VISITORS = 1_500;
const LIMIT_MS = 60_000;
/** The shipped configuration gives a check 500 ms. */
const MOST_STOPPED_MS = 150;

/** Below, the kernel itself refuses what a burst needs. */
const canWait = () =>
  process.platform === "linux" && Number(readFileSync("/proc/sys/net/core/somaxconn", "utf8")) >= VISITORS;

describe.skipIf((await lacksGate()) || !canWait())("a burst of new visitors", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate();
    await gate.lull.command("site", "add", "closed.test");
    await gate.lull.command("setmaintenance", "on", "closed.test");
  });
  afterAll(() => gate.stop());

  /** The statuses of visits at once, each on a connection of its own; `lost` without one. */
  async function burst(host: string): Promise<readonly string[]> {
    // The sidecar accepts nothing until everybody is there, the worst moment of a burst, or what nginx waits is near.
    gate.sidecar?.kill("SIGSTOP");
    const visits = Array.from({ length: VISITORS }, () => startVisit(host));
    await Promise.race([Promise.all(visits.map(({ sent }) => sent)), Bun.sleep(MOST_STOPPED_MS)]);
    gate.sidecar?.kill("SIGCONT");
    return Promise.all(visits.map(({ status }) => status));
  }

  function startVisit(host: string) {
    const sent = Promise.withResolvers<void>();
    const status = Promise.withResolvers<string>();
    const request = requestText({ host, headers: ["Connection: close", `X-Marker: ${host}`] });
    const lost = () => {
      sent.resolve();
      status.resolve("lost");
    };
    const socket = {
      open(opened: Bun.Socket) {
        opened.write(request);
        sent.resolve();
      },
      data: (_: Bun.Socket, bytes: Buffer) => status.resolve(bytes.toString("latin1", 9, 12)),
      close: lost,
      error: lost,
    };
    Bun.connect({ hostname: gate.address.host, port: gate.address.port, socket }).catch(lost);
    return { sent: sent.promise, status: status.promise };
  }

  test.each([
    ["that is closed holds all of them", "closed.test", "503", 0],
    ["that is open lets all of them pass", "open.test", "200", BURSTS * VISITORS],
  ])(
    `${BURSTS} times ${VISITORS} at once: a site %s`,
    async (_, host, expected, hits) => {
      for (let number = 0; number < BURSTS; number++) {
        expect(new Set(await burst(host))).toEqual(new Set([expected]));
      }
      expect(gate.app.hits(host)).toBe(hits);
    },
    LIMIT_MS,
  );

  test("nginx never took the sidecar for one that is away", async () => {
    expect(await gate.nginx.errorLog()).not.toMatch(/\[(?:error|crit|alert)\]/);
  });
});
