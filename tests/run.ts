/**
 * `bun tests/run.ts` runs every test but the long fault tests (`bun tests/run.ts faults`), the binary's smoke test
 * (`bun tests/run.ts smoke`) and the benchmarks. It brings what they need (programs, the binary) first, and ends with
 * what was skipped, by name, and why.
 */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { binaryPath } from "./support/binary.ts";
import { needProgram, PROGRAM_NAMES, reasonOfAbsence } from "./support/debian.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { readTestReport } from "./support/test-report.ts";

const ROOT = join(import.meta.dir, "..");
const SMOKE_TEST = "tests/smoke.test.ts";
/** The longest that one test may take, unless it says more itself. */
const TEST_LIMIT_MS = 30_000;

interface Suite {
  readonly name: string;
  readonly files: readonly string[];
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Full names of tests. */
  readonly skipped: readonly string[];
}

function suitesOf(selection: string): readonly Suite[] {
  const all = [...new Bun.Glob("tests/**/*.test.ts").scanSync({ cwd: ROOT })].sort();
  const within = (folder: string) => all.filter((file) => file.startsWith(`tests/${folder}/`));
  if (selection === "faults") return [{ name: "faults", files: within("faults") }];
  if (selection === "smoke") return [{ name: "smoke", files: [SMOKE_TEST] }];
  if (selection !== "all") throw new Error(`"${selection}" is none of all, faults, smoke`);
  const apart = new Set([...within("gate"), ...within("faults"), ...within("bench"), SMOKE_TEST]);
  return [
    { name: "gate", files: within("gate") },
    { name: "everything else", files: all.filter((file) => !apart.has(file)) },
  ];
}

async function run(suite: Suite): Promise<Outcome> {
  if (suite.files.length === 0) return { passed: 0, failed: 0, skipped: [] };
  await using folder = temporaryFolder();
  const report = folder.file("report.xml");
  const startMs = performance.now();
  // No process that a test started outlives the run.
  const options = ["--no-orphans", `--timeout=${TEST_LIMIT_MS}`, "--reporter=junit", `--reporter-outfile=${report}`];
  const command = [process.execPath, "test", ...options, ...suite.files.map((file) => `./${file}`)];
  const child = Bun.spawn(command, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
  const code = await child.exited;
  const { passed, failed, skipped } = await readTestReport(report);
  console.log(`suite ${suite.name}: ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  // A file that does not load, or a run that dies, is in no report.
  return { passed, failed: code === 0 ? failed : Math.max(1, failed), skipped };
}

async function bringPrograms(): Promise<readonly string[]> {
  await Promise.all(PROGRAM_NAMES.map(needProgram));
  return PROGRAM_NAMES.flatMap((name) => reasonOfAbsence(name) ?? []);
}

async function main(selection: string): Promise<number> {
  const missing = await bringPrograms();
  await binaryPath();
  const outcomes: Outcome[] = [];
  for (const suite of suitesOf(selection)) outcomes.push(await run(suite));
  const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
  const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
  const skipped = outcomes.flatMap((outcome) => outcome.skipped);
  for (const name of skipped) console.log(`skipped: ${name}`);
  for (const reason of missing) console.log(`because ${reason}`);
  console.log(`tests: ${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  // Where .ci/run collects the counts of all suites.
  const counts = Bun.env["TEST_COUNTS_FILE"];
  if (counts !== undefined) await appendFile(counts, `${passed} ${failed}\n`);
  const hasRun = passed + failed + skipped.length > 0;
  if (!hasRun) console.error(`there is no test in "${selection}"`);
  return failed === 0 && hasRun ? 0 : 1;
}

if (import.meta.main) process.exitCode = await main(process.argv[2] ?? "all");
