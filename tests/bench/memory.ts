import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Benchmark, figure } from "./benchmark.ts";
import { loadChecks } from "./check-load.ts";
import { close, firstSite, openBenchDatabase } from "./database-setup.ts";
import { residentMegabytes } from "./process-figures.ts";
import { databaseUrl, startSidecar } from "./server-process.ts";

const marks = [100_000, 500_000, 1_000_000] as const;
const mostMegabytes = 110;
/** What the second half of a million checks may add before it counts as growing. */
const mostGrowth = 1.03;

/** Resident memory of the binary with one closed site, after up to a million checks. */
export const memory: Benchmark = {
  name: "memory",
  async run() {
    await using folder = temporaryFolder();
    const database = await openBenchDatabase(databaseUrl(folder, "memory"));
    await close(database, await firstSite(database));
    await database.close();
    await using sidecar = await startSidecar({ folder, name: "memory", core: 0 });
    const megabytes = [residentMegabytes(sidecar.pid)];
    let checks = 0;
    for (const mark of marks) {
      while (checks < mark) checks += (await loadChecks(sidecar, "tcp", 1)).requests;
      megabytes.push(residentMegabytes(sidecar.pid));
    }
    const [, , half = Number.NaN, million = Number.NaN] = megabytes;
    return [
      {
        what: "resident memory, 1 site, after 1 million checks",
        toReach: `${mostMegabytes} MB, not growing`,
        measured: `${figure(million)} MB (after 0, 100 k, 500 k, 1 million: ${megabytes.map(figure).join(", ")})`,
        reached: million <= mostMegabytes && million <= half * mostGrowth,
      },
    ];
  },
};
