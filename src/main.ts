import { writeSync } from "node:fs";
import { hostname } from "node:os";
import { actorName } from "./accounts.ts";
import { describeError } from "./cli/describe-error.ts";
import { run } from "./cli/run.ts";
import type { Shell } from "./cli/shell.ts";
import { thisMachine } from "./config/machine.ts";
import { hiddenCommand } from "./run/hidden-command.ts";
import { templateTrialCommand } from "./template-trials.ts";

const shell: Shell = {
  environment: process.env,
  machine: thisMachine(),
  get actor() {
    return `${actorName({ userId: process.getuid?.() ?? null, environment: process.env })}@${hostname()}`;
  },
  now: Date.now,
  print: (line) => write(1, `${line}\n`),
  say: (line) => write(2, `${line}\n`),
  readInput: () => Bun.stdin.bytes(),
};

// Else the runtime would print minified source.
process.on("uncaughtException", (error) => {
  const { message, code } = describeError(error);
  shell.say(`lull: ${message}`);
  process.exit(code);
});

const argv = process.argv.slice(2);
process.exit(await (hiddenCommand(argv) ?? templateTrialCommand(argv) ?? run(shell, argv)));

/** Whole, before the process ends, also into a pipe that is full. A reader that has gone away does not matter. */
function write(descriptor: number, text: string): void {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) return;
      Bun.sleepSync(1);
    }
  }
}
