import { expect, test } from "bun:test";
import { join } from "node:path";
import { openConsole } from "./console.ts";

/** Runs commands in a process of their own, and prints whether the library that expands rules was loaded. */
async function loads(lines: readonly string[], database: string): Promise<boolean> {
  const program = `
    const { run } = await import(${JSON.stringify(join(import.meta.dir, "../../src/cli/run.ts"))});
    const { machineWith } = await import(${JSON.stringify(join(import.meta.dir, "../support/machine.ts"))});
    const shell = {
      environment: { LULL_DATABASE: ${JSON.stringify(`file:${database}`)}, LULL_TIMEZONE: "UTC" },
      machine: machineWith({}), actor: "ada@desk", now: Date.now, print: () => {}, say: () => {},
    };
    for (const line of ${JSON.stringify(lines)}) {
      const code = await run(shell, line.split(" "));
      if (code !== 0) throw new Error(line + " ended " + code);
    }
    console.log(Object.keys(require.cache).some((path) => path.includes("rrule-temporal")));
  `;
  const child = Bun.spawn([process.execPath, "-e", program], { stdout: "pipe", stderr: "pipe" });
  const [out, err] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()]);
  expect({ err, code: await child.exited }).toEqual({ err: "", code: 0 });
  return out.trim() === "true";
}

const usual = [
  "setmaintenance on --offline",
  "status",
  "upcoming",
  "recurrence list",
  "downtime_end --all-names",
  "setmaintenance off",
];

test("without recurrences no command loads what expands rules", async () => {
  await using console = openConsole();
  expect(await loads(usual, console.path)).toBe(false);
});

test("with one, a command that asks when it closes does", async () => {
  await using console = openConsole();
  await console.call("recurrence", "add", "--cron", "0 2 * * 0", "--for", "1h");
  expect(await loads(["status"], console.path)).toBe(true);
});
