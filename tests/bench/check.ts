import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Benchmark, figure, note, type Row } from "./benchmark.ts";
import { type Load, loadChecks, type Transport } from "./check-load.ts";
import { compile } from "./compile.ts";
import { close, firstSite, openBenchDatabase } from "./database-setup.ts";
import { databaseUrl, type ServerProcess, startServer, startSidecar } from "./server-process.ts";
import { median } from "./statistics.ts";

const goal = 0.75;
const serverCore = 0;
const kinds = ["bare", "open", "closed"] as const;
type Kind = (typeof kinds)[number];

const rounds: Readonly<Record<Transport, number>> = { tcp: 7, unix: 5 };
const seconds = 1;

/** `/check/nginx` of the binary against a server that does nothing, on the same core, asked by the same client. */
export const check: Benchmark = {
  name: "check",
  async run() {
    await using folder = temporaryFolder();
    const setUp = await openBenchDatabase(databaseUrl(folder, "closed"));
    await close(setUp, await firstSite(setUp));
    await setUp.close();
    const bareCommand = [await compile("bare-server", folder.path), folder.file("bare.sock")];
    await using bare = await startServer(bareCommand, { PATH: "/usr/bin:/bin" }, serverCore);
    await using open = await startSidecar({ folder, name: "open", core: serverCore });
    await using closed = await startSidecar({ folder, name: "closed", core: serverCore });
    const servers = { bare, open, closed };
    return [...(await compare(servers, "tcp")), ...(await compare(servers, "unix"))];
  },
};

async function compare(servers: Readonly<Record<Kind, ServerProcess>>, transport: Transport): Promise<readonly Row[]> {
  const loads: Record<Kind, Load[]> = { bare: [], open: [], closed: [] };
  for (let round = 0; round <= rounds[transport]; round++) {
    for (const kind of kinds) {
      const load = await loadChecks(servers[kind], transport, seconds);
      // The first round warms up.
      if (round > 0) loads[kind].push(load);
    }
  }
  const bare = summary(loads.bare);
  const way = transport === "tcp" ? "TCP" : "unix socket";
  const rate = (load: Load) =>
    `${figure(load.requestsPerSecond)} requests/s, ${figure(load.cpuMicroseconds)} us CPU each`;
  return [
    note(`bare Bun.serve that answers 204, ${way}`, rate(bare)),
    ...(["open", "closed"] as const).map((kind) => {
      const load = summary(loads[kind]);
      // Of rounds side by side, so that both halves of a ratio had the same neighbours.
      const ratio = median(loads[kind].map((each, round) => ratioOf(each, loads.bare[round])));
      const cpuRatio = bare.cpuMicroseconds / load.cpuMicroseconds;
      return {
        what: `/check/nginx, site ${kind}, ${way}`,
        toReach: `${goal} x bare`,
        measured: `${figure(ratio)} x: ${rate(load)} (CPU ${figure(cpuRatio)} x)`,
        reached: ratio >= goal,
      };
    }),
  ];
}

function ratioOf(load: Load, bare: Load | undefined): number {
  return bare === undefined ? Number.NaN : load.requestsPerSecond / bare.requestsPerSecond;
}

function summary(loads: readonly Load[]): Load {
  const middle = (read: (load: Load) => number) => median(loads.map(read));
  return {
    requests: middle(({ requests }) => requests),
    requestsPerSecond: middle(({ requestsPerSecond }) => requestsPerSecond),
    cpuMicroseconds: middle(({ cpuMicroseconds }) => cpuMicroseconds),
  };
}
