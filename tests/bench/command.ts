import { binaryPath } from "../support/binary.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { type Benchmark, figure, note } from "./benchmark.ts";
import { compile } from "./compile.ts";
import { isolatedEnvironment } from "./server-process.ts";
import { inTurn, median, percentile } from "./statistics.ts";

const rounds = 40;
const warmUpRounds = 3;
const mostTimes = 5;
const mostMilliseconds = 40;

/** Wall time of a command that changes the database, against a compiled program that prints one line. */
export const command: Benchmark = {
  name: "command",
  async run() {
    await using folder = temporaryFolder();
    const env = await isolatedEnvironment(folder, { LULL_DATABASE: `file:${folder.file("command.db")}` });
    const lull = await binaryPath();
    const oneLine = await compile("one-line", folder.path);
    let closed = false;
    const commands = {
      "one line": () => [oneLine],
      version: () => [lull, "version"],
      setmaintenance: () => {
        closed = !closed;
        return [lull, "setmaintenance", closed ? "on" : "off", "--offline"];
      },
    };
    const names = ["one line", "version", "setmaintenance"] as const;
    const time = (name: (typeof names)[number]) => wallMilliseconds(commands[name](), env);
    await inTurn(names, warmUpRounds, time);
    const measured = await inTurn(names, rounds, time);
    const base = median(measured("one line"));
    const took = median(measured("setmaintenance"));
    return [
      note("wall time, a compiled program that prints one line", `${figure(base)} ms`),
      note("wall time, lull version", `${figure(median(measured("version")))} ms`),
      {
        what: "wall time, lull setmaintenance on|off --offline",
        toReach: `${mostTimes} x, ${mostMilliseconds} ms`,
        measured: `${figure(took / base)} x, ${figure(took)} ms (p90 ${figure(percentile(measured("setmaintenance"), 90))} ms)`,
        reached: took / base <= mostTimes && took < mostMilliseconds,
      },
    ];
  },
};

async function wallMilliseconds(words: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const startedMs = performance.now();
  const child = Bun.spawn([...words], { env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const code = await child.exited;
  const tookMs = performance.now() - startedMs;
  if (code !== 0) throw new Error(`${words.join(" ")} ended with ${code}: ${await child.stderr.text()}`);
  return tookMs;
}
