/**
 * `bun run bench [--only NAME] [--strict]` measures what the README and docs/numbers.md state and prints one table.
 * It ends 0 also when a goal is missed, because a busy machine misses goals; `--strict` ends 1 then.
 */
import { parseArgs } from "node:util";
import { table } from "../../src/cli/table.ts";
import { binaryPath } from "../support/binary.ts";
import { answer } from "./answer.ts";
import type { Benchmark, Row } from "./benchmark.ts";
import { bypass } from "./bypass.ts";
import { check } from "./check.ts";
import { closeLatency } from "./close-latency.ts";
import { command } from "./command.ts";
import { decide } from "./decide.ts";
import { manySites } from "./many-sites.ts";
import { memory } from "./memory.ts";
import { nastyPatterns } from "./nasty-patterns.ts";
import { schedules } from "./schedules.ts";
import { swapGap } from "./swap-gap.ts";

const benchmarks: readonly Benchmark[] = [
  decide,
  nastyPatterns,
  schedules,
  bypass,
  check,
  answer,
  manySites,
  swapGap,
  command,
  closeLatency,
  memory,
];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: "string" }, strict: { type: "boolean", default: false } } });
  const chosen = benchmarks.filter(({ name }) => values.only === undefined || name === values.only);
  if (chosen.length === 0) {
    console.error(`--only "${values.only}" is none of ${benchmarks.map(({ name }) => name).join(", ")}`);
    process.exitCode = 2;
    return;
  }
  await binaryPath();
  const rows: Row[] = [];
  for (const { name, run } of chosen) {
    process.stderr.write(`measuring ${name}\n`);
    rows.push(...(await run()));
  }
  const cells = rows.map(({ what, toReach, measured, reached }) => [what, toReach, measured, verdict(reached)]);
  for (const line of table(["WHAT", "TO REACH", "MEASURED", "REACHED"], cells)) console.log(line);
  if (values.strict && rows.some(({ reached }) => reached === false)) process.exitCode = 1;
}

function verdict(reached: boolean | null): string {
  if (reached === null) return "";
  return reached ? "yes" : "NO";
}

if (import.meta.main) await main();
