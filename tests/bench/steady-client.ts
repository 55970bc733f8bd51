/**
 * One check after the other on one connection, a millisecond apart, for another site each time:
 * `bun steady-client.ts <port> <seconds> <sites>`. Prints `ready` when it has warmed up, then, at the end, how long the
 * longest answer took: a server that is held up shows.
 */
import { openCheckConnection } from "./check-connection.ts";
import { hostOf } from "./closed-sites.ts";
import { printFigures } from "./figures.ts";
import { percentile } from "./statistics.ts";
import { checkRequest } from "./visits.ts";

const warmUpRequests = 300;
/** A prime number, so that all sites are asked for before one is again. */
const stride = 7919;

async function main([port, seconds, sites]: readonly string[]): Promise<void> {
  const connection = await openCheckConnection(Number(port));
  const tookMs: number[] = [];
  let asked = 0;
  const ask = async () => {
    const request = checkRequest(hostOf(((asked++ * stride) % Number(sites)) + 1));
    const startedMs = performance.now();
    await connection.ask(request);
    tookMs.push(performance.now() - startedMs);
    await Bun.sleep(1);
  };
  while (asked < warmUpRequests) await ask();
  tookMs.length = 0;
  process.stdout.write("ready\n");
  const endsMs = performance.now() + Number(seconds) * 1000;
  while (performance.now() < endsMs) await ask();
  printFigures({ longest: Math.max(...tookMs), p99: percentile(tookMs, 99), requests: tookMs.length });
  connection.close();
}

if (import.meta.main) await main(process.argv.slice(2));
