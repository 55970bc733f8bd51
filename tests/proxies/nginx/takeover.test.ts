import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Gate, lacksGate, server, startGate } from "./gate.ts";
import { type Load, startLoad } from "./load.ts";
import type { SidecarProcess } from "./lull-process.ts";

const TAKEOVERS = 5;
const REQUESTS = 200_000;
const LIMIT_MS = 120_000;

/** With a kept connection to the application, which would be the bottleneck otherwise. */
const SERVERS = server(
  "_",
  `include snippets/lull.conf;
  keepalive_requests 1000000;
  location / { proxy_pass http://app_kept; proxy_http_version 1.1; proxy_set_header Connection ""; }`,
);

describe.skipIf(await lacksGate())("a sidecar that is replaced under load", () => {
  let gate: Gate;
  beforeAll(async () => {
    gate = await startGate({ servers: SERVERS });
    await gate.lull.command("site", "add", "closed.test");
    await gate.lull.command("setmaintenance", "on", "closed.test");
  });
  afterAll(() => gate.stop());

  const start = (host: string): Load =>
    startLoad({ address: gate.address, visit: { host, headers: [`X-Marker: ${host}`] }, connections: 8 });

  test(
    `${REQUESTS} requests over ${TAKEOVERS} takeovers: nobody enters the closed site, the open one fails nobody`,
    async () => {
      const loads = [start("open.test"), start("closed.test")];
      const answered = () => loads.reduce((sum, load) => sum + load.answered(), 0);
      let current = gate.sidecar;
      for (let takeover = 1; takeover <= TAKEOVERS; takeover++) {
        await until(() => answered() >= (takeover - 0.5) * (REQUESTS / TAKEOVERS));
        const successor: SidecarProcess = await gate.lull.serve("--takeover");
        expect(await current?.exited).toBe(0);
        current = successor;
      }
      await until(() => answered() >= REQUESTS);
      const [open, closed] = await Promise.all(loads.map((load) => load.stop()));
      expect([...(open ?? [])].map(([status]) => status)).toEqual(["200"]);
      expect([...(closed ?? [])].map(([status]) => status)).toEqual(["503"]);
      expect(gate.app.hits("closed.test")).toBe(0);
      expect(gate.app.hits("open.test")).toBe(open?.get("200") ?? -1);
      expect(await gate.nginx.errorLog()).not.toMatch(/\[(?:error|crit|alert)\]/);
    },
    LIMIT_MS,
  );

  test(
    "SIGTERM ends it with 0 within 5 s while requests run, and none fails",
    async () => {
      const last = await gate.lull.serve("--takeover");
      const loads = [start("open.test"), start("closed.test")];
      await until(() => loads.every((load) => load.answered() > 1_000));
      const startedMs = performance.now();
      last.kill("SIGTERM");
      expect(await last.exited).toBe(0);
      expect(performance.now() - startedMs).toBeLessThan(5_000);
      const before = loads.map((load) => load.answered());
      await until(() => loads.every((load, index) => load.answered() > (before[index] ?? 0) + 1_000));
      const [open, closed] = await Promise.all(loads.map((load) => load.stop()));
      expect([...(open ?? [])].map(([status]) => status)).toEqual(["200"]);
      // Held while it drained; then nobody is there to ask, and the file as it stands opens.
      expect([...(closed ?? [])].map(([status]) => status)).toEqual(["503", "200"]);
    },
    LIMIT_MS,
  );
});

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error("the load stands still");
    await Bun.sleep(5);
  }
}
