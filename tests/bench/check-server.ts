/**
 * `/check/nginx` against a bare Bun.serve that returns 204: requests per second of one core under wrk, in turn, and the
 * processor time of a request, medians of the rounds. `bun tests/bench/check-server.ts [rounds] [seconds]`
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export interface Measured {
  readonly requestsPerSecond: number;
  readonly cpuMicroseconds: number;
}

const kinds = ["bare", "open", "held", "elysia"] as const;
type Kind = (typeof kinds)[number];

/** What nginx sends with the configuration of the README. */
const headers = [
  "Host: shop.example",
  "X-Forwarded-Host: shop.example",
  "X-Forwarded-Uri: /catalogue/teapots?page=2",
  "X-Forwarded-Method: GET",
  "X-Real-IP: 203.0.113.9",
];
const ticksPerSecond = 100;

export async function measureCheckServers(rounds: number, seconds: number): Promise<Record<Kind, Measured>> {
  const servers = await Promise.all(kinds.map(start));
  const results: Record<Kind, Measured[]> = { bare: [], open: [], held: [], elysia: [] };
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const server of servers) {
        const measured = await measure(server, round === 0 ? 1 : seconds);
        if (round > 0) results[server.kind].push(measured);
      }
    }
  } finally {
    for (const { child } of servers) child.kill("SIGKILL");
  }
  return {
    bare: median(results.bare),
    open: median(results.open),
    held: median(results.held),
    elysia: median(results.elysia),
  };
}

async function start(kind: Kind) {
  const script = join(import.meta.dir, "check-server-process.ts");
  const child = Bun.spawn(["taskset", "-c", "0", process.execPath, script, kind], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const { value } = await child.stdout.getReader().read();
  return { kind, child, address: new TextDecoder().decode(value).trim() };
}

async function measure(server: Awaited<ReturnType<typeof start>>, seconds: number): Promise<Measured> {
  const before = cpuTicks(server.child.pid);
  const wrk = Bun.spawn(
    [
      "taskset",
      "-c",
      "1",
      "wrk",
      "-t1",
      "-c16",
      `-d${seconds}s`,
      ...headers.flatMap((header) => ["-H", header]),
      `http://${server.address}/check/nginx`,
    ],
    { stdout: "pipe" },
  );
  const text = await wrk.stdout.text();
  const requests = Number(/(\d+) requests in/.exec(text)?.[1]);
  const cpuSeconds = (cpuTicks(server.child.pid) - before) / ticksPerSecond;
  return {
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]),
    cpuMicroseconds: (cpuSeconds * 1e6) / requests,
  };
}

function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function median(list: readonly Measured[]): Measured {
  const middle = (values: readonly number[]) =>
    values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
  return {
    requestsPerSecond: middle(list.map(({ requestsPerSecond }) => requestsPerSecond)),
    cpuMicroseconds: middle(list.map(({ cpuMicroseconds }) => cpuMicroseconds)),
  };
}

if (import.meta.main) {
  const [rounds = "7", seconds = "2"] = process.argv.slice(2);
  const measured = await measureCheckServers(Number(rounds), Number(seconds));
  for (const kind of kinds) {
    const { requestsPerSecond, cpuMicroseconds } = measured[kind];
    const ratio = requestsPerSecond / measured.bare.requestsPerSecond;
    const cpuRatio = measured.bare.cpuMicroseconds / cpuMicroseconds;
    process.stdout.write(
      `${kind.padEnd(8)}${Math.round(requestsPerSecond)} req/s, ratio ${ratio.toFixed(2)}; ${cpuMicroseconds.toFixed(2)} us, ratio ${cpuRatio.toFixed(2)}\n`,
    );
  }
}
