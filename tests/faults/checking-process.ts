/**
 * One check after the other, two milliseconds apart, from a process of its own, on one connection that stays open:
 * `bun checking-process.ts <port> <seconds>`. What else a test does, and what it leaves behind, takes no time of these.
 * Prints how long the answers took, in milliseconds, and how many of them were not 403.
 */
import { openCheckConnection } from "../bench/check-connection.ts";
import { type Figures, printFigures, readFigures } from "../bench/figures.ts";
import { percentile } from "../bench/statistics.ts";
import { checkRequest } from "../bench/visits.ts";

const warmUpRequests = 500;

async function main([port, seconds]: readonly string[]): Promise<void> {
  const connection = await openCheckConnection(Number(port));
  const request = checkRequest("a.example", "/");
  for (let count = 0; count < warmUpRequests; count++) await connection.ask(request);
  const tookMs: number[] = [];
  let others = 0;
  const endMs = performance.now() + Number(seconds) * 1_000;
  while (performance.now() < endMs) {
    const startMs = performance.now();
    const status = await connection.ask(request);
    tookMs.push(performance.now() - startMs);
    if (status !== 403) others++;
    await Bun.sleep(2);
  }
  connection.close();
  printFigures({
    checks: tookMs.length,
    others,
    median: percentile(tookMs, 50),
    almostAll: percentile(tookMs, 99.9),
    worst: percentile(tookMs, 100),
  });
}

if (import.meta.main) await main(process.argv.slice(2));

/** `checks`, of which `others` were not 403; `median`, `almostAll` (99.9 %) and `worst` of what they took, in milliseconds. */
export async function checkFor(url: string, seconds: number): Promise<Figures> {
  const command = [process.execPath, import.meta.path, new URL(url).port, `${seconds}`];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  return readFigures(await child.stdout.text(), "checking-process.ts");
}
