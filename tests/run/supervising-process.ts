/**
 * What `lull run` does, without a database: `bun supervising-process.ts OPTIONS -- COMMAND...`, OPTIONS as JSON. Ends
 * with COMMAND's exit code.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { catchSignals } from "../../src/run/caught-signals.ts";
import { steadyNowMs } from "../../src/run/steady-clock.ts";
import { superviseCommand } from "../../src/run/supervise-command.ts";

export interface SupervisingOptions {
  readonly leaseMs: number;
  readonly renewal: "works" | "fails" | "hangs" | "works at the third time";
  /** Gets a line for each time that the lease was taken or renewed, and the end as JSON. */
  readonly report: string;
  /** The words with which lull starts itself. */
  readonly program: readonly string[];
}

export const lullFromSource: readonly string[] = [process.execPath, join(import.meta.dir, "../../src/main.ts")];

/** The command line of this process. */
export function supervising(options: SupervisingOptions, argv: readonly string[]): readonly string[] {
  return [process.execPath, import.meta.path, JSON.stringify(options), "--", ...argv];
}

async function main([json = "", , ...argv]: readonly string[]): Promise<number> {
  const { leaseMs, renewal, report, program }: SupervisingOptions = JSON.parse(json);
  const signals = catchSignals();
  let renewals = 0;
  appendFileSync(report, `leased ${Date.now()}\n`);
  const end = await superviseCommand({
    argv,
    environment: process.env,
    program,
    signals,
    leaseMs,
    leasedAtMs: steadyNowMs(),
    async renew() {
      renewals++;
      const begunAtMs = Date.now();
      if (renewal === "fails" || (renewal === "works at the third time" && renewals < 3))
        throw new Error("the database is away");
      if (renewal === "hangs") await new Promise(() => {});
      appendFileSync(report, `leased ${begunAtMs}\n`);
    },
    say: (line) => process.stderr.write(`lull: ${line}\n`),
  });
  signals.release();
  appendFileSync(report, `${JSON.stringify(end)}\n`);
  return end.code;
}

if (import.meta.main) process.exit(await main(process.argv.slice(2)));
