import { endHolds } from "../../src/actions/hold.ts";
import { binaryPath } from "../support/binary.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Benchmark, figure, note } from "./benchmark.ts";
import { openCheckConnection } from "./check-connection.ts";
import { close, contextNow, firstSite, openBenchDatabase } from "./database-setup.ts";
import { processorSeconds } from "./process-figures.ts";
import { databaseUrl, isolatedEnvironment, startSidecar } from "./server-process.ts";
import { median, percentile } from "./statistics.ts";
import { checkRequest } from "./visits.ts";

const changes = 200;
const commands = 20;
const mostMilliseconds = 100;
const mostRunMilliseconds = 250;
const mostIdlePercent = 1;
const idleSeconds = 5;
const open = 204;
const held = 403;

/** From the end of the transaction that closes a site, in one process, to the first 403 of the sidecar, in another. */
export const closeLatency: Benchmark = {
  name: "close-latency",
  async run() {
    await using folder = temporaryFolder();
    const url = databaseUrl(folder, "close");
    const database = await openBenchDatabase(url);
    const site = await firstSite(database);
    await using sidecar = await startSidecar({ folder, name: "close" });
    const connection = await openCheckConnection(sidecar.port);
    const request = checkRequest();
    const until = async (status: number) => {
      const startedMs = performance.now();
      while ((await connection.ask(request)) !== status) {
        if (performance.now() - startedMs > 10_000) throw new Error(`no ${status} after 10 s`);
      }
      return performance.now() - startedMs;
    };
    const tookMs: number[] = [];
    for (let change = 0; change < changes; change++) {
      await until(open);
      // So that changes come at any moment of the sidecar's rhythm.
      await Bun.sleep((change * 7) % 23);
      await close(database, site);
      tookMs.push(await until(held));
      await endHolds(database, contextNow(), { siteIds: null, name: null });
    }
    await until(open);
    const env = { ...(await isolatedEnvironment(folder)), LULL_DATABASE: url };
    const commandMs = await wallTimes(env, (index) => ["setmaintenance", index % 2 === 0 ? "on" : "off"]);
    await until(open);
    const runMs = await wallTimes(env, () => ["run", "--", "true"]);
    const before = processorSeconds(sidecar.pid);
    await Bun.sleep(idleSeconds * 1000);
    const idlePercent = ((processorSeconds(sidecar.pid) - before) / idleSeconds) * 100;
    connection.close();
    await database.close();
    const p99 = percentile(tookMs, 99);
    return [
      {
        what: `end of the transaction to the first 403, p99 of ${changes}`,
        toReach: `${mostMilliseconds} ms`,
        measured: `${figure(p99)} ms (p50 ${figure(median(tookMs))} ms)`,
        reached: p99 <= mostMilliseconds,
      },
      note(
        "wall time, lull setmaintenance on|off that waits for the sidecar",
        `${figure(median(commandMs))} ms (longest of ${commands}: ${figure(Math.max(...commandMs))} ms)`,
      ),
      {
        what: "wall time, lull run -- true, which closes, waits for the sidecar, and opens",
        toReach: `${mostRunMilliseconds} ms`,
        measured: `${figure(median(runMs))} ms (longest of ${commands}: ${figure(Math.max(...runMs))} ms)`,
        reached: median(runMs) < mostRunMilliseconds,
      },
      {
        what: `processor time of an idle sidecar, ${idleSeconds} s`,
        toReach: `${mostIdlePercent} %`,
        measured: `${figure(idlePercent)} %`,
        reached: idlePercent < mostIdlePercent,
      },
    ];
  },
};

/** Of whole processes, one after the other. */
async function wallTimes(
  env: Readonly<Record<string, string>>,
  wordsOf: (index: number) => readonly string[],
): Promise<readonly number[]> {
  const tookMs: number[] = [];
  for (let index = 0; index < commands; index++) {
    const words = wordsOf(index);
    const startedMs = performance.now();
    const child = Bun.spawn([await binaryPath(), ...words], { env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
    if ((await child.exited) !== 0) throw new Error(`lull ${words.join(" ")}: ${await child.stderr.text()}`);
    tookMs.push(performance.now() - startedMs);
  }
  return tookMs;
}
