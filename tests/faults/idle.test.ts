/** What a sidecar costs that nobody asks, with a database that nobody changes. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { programWith } from "./program.ts";

const watchForMs = 10_000;
/** What /proc counts in: USER_HZ is 100 on Linux. */
const tickMs = 10;

function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) * tickMs;
}

test.skipIf(process.platform !== "linux")(
  "an idle sidecar takes less than 1 % of a processor",
  async () => {
    await using folder = temporaryFolder();
    const program = await programWith({ folder, database: folder.file("lull.db") });
    await using sidecar = await program.serve();
    expect((await program.run("setmaintenance", "on")).code).toBe(0);
    await Bun.sleep(2_000);
    const beforeMs = cpuMsOf(sidecar.pid);
    const startMs = performance.now();
    await Bun.sleep(watchForMs);
    const share = (cpuMsOf(sidecar.pid) - beforeMs) / (performance.now() - startMs);
    console.log(`an idle sidecar took ${(share * 100).toFixed(2)} % of a processor`);
    expect(share).toBeLessThan(0.01);
  },
  30_000,
);
