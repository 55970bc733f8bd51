/** One server of the bench in a process of its own: prints its port. `bun check-server-process.ts bare|open|held|elysia` */
import { Elysia } from "elysia";
import { loadPage } from "../../src/answer/page.ts";
import { type Peer, parseTrust } from "../../src/gate/client-ip.ts";
import { arrive } from "../../src/http/arrival.ts";
import { nginx } from "../../src/http/dialects/nginx.ts";
import { createMetrics } from "../../src/http/metrics.ts";
import { startServer } from "../../src/http/server.ts";
import { createServingState } from "../../src/http/state.ts";
import { verify } from "../../src/http/verify.ts";
import { createLog } from "../../src/log.ts";
import { baseConfig, snapshotOf } from "../http/sidecar-fixture.ts";

const log = createLog({ level: () => "error", now: Date.now, write: (line) => void process.stderr.write(line) });
const identity = { version: "bench", commit: null, instance: "bench", pid: process.pid, machine: "bench" };

async function listen(kind: string): Promise<string> {
  if (kind === "bare") {
    return `127.0.0.1:${Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response(null, { status: 204 }) }).port}`;
  }
  const serving = createServingState();
  const exemptions = [{ value: "/robots.txt" }, { value: "/admin" }];
  serving.swap(snapshotOf({ exemptions, periods: kind === "held" ? [{}] : [] }));
  const config = baseConfig(["127.0.0.1:0"]);
  const options = { config, socketGroupId: null, takeover: false, serving, identity, log, now: Date.now };
  if (kind !== "elysia") return (await startServer(options)).addresses[0] ?? "";
  const page = await loadPage({ ...config, onFault: () => {} });
  const settings = {
    trust: parseTrust(config.trustedProxies),
    addressHeader: "x-real-ip",
    retryAfterSeconds: 300,
    readyMaxAgeMs: 30_000,
    page,
  };
  const sidecar = { serving, settings, identity, metrics: createMetrics(), log, now: Date.now, draining: false };
  const peer: Peer = { kind: "ip", address: "127.0.0.1" };
  const app = new Elysia({ handler: { standardHostname: false } }).all(
    "/check/nginx",
    ({ request }) => verify(sidecar, nginx, arrive(request, peer)),
    { parse: "none" },
  );
  return `127.0.0.1:${Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: app.fetch }).port}`;
}

if (import.meta.main) process.stdout.write(`${await listen(process.argv[2] ?? "bare")}\n`);
