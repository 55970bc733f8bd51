import { createLogWriter } from "../log-writer.ts";
import { catchSignals } from "../run/caught-signals.ts";
import { locateCommand } from "../run/locate-command.ts";
import { ownProgram } from "../run/own-program.ts";
import { steadyNowMs } from "../run/steady-clock.ts";
import { superviseCommand } from "../run/supervise-command.ts";
import { parseDuration } from "../time/duration.ts";
import type { Given } from "./arguments.ts";
import { choiceOf } from "./choice.ts";
import type { Command } from "./command.ts";
import { commonArgs, repeatable, siteArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { leaseOf, longestArgs } from "./hold-args.ts";
import { printable } from "./printable.ts";
import { withBypasses } from "./run-bypass.ts";
import { closeForRun, defaultRunName, describeClosed, type RunPlan } from "./run-closing.ts";
import { createRunHold, type RunHold } from "./run-hold.ts";
import { contextOf } from "./session.ts";
import type { Shell } from "./shell.ts";

const defaultWaitMs = 10_000;
const defaultLeaseMs = 120_000;
/** How long what is said at the end may take to be read. */
const flushMs = 1_000;

export function runCommand(shell: Shell): Command {
  // Standard output is COMMAND's.
  const { json: _none, ...common } = commonArgs;
  return {
    args: {
      command: { type: "positional", valueHint: `-- COMMAND${repeatable}`, description: "what to run" },
      ...siteArgs,
      for: { type: "string", valueHint: "45m", description: "how long it should take, for visitors and reminders" },
      name: { type: "string", valueHint: "NAME", description: `what identifies the closing (${defaultRunName})` },
      reason: { type: "string", valueHint: "TEXT", description: "why, for status, audit, and visitors" },
      message: { type: "string", valueHint: "TEXT", description: "shown to held visitors" },
      owner: { type: "string", valueHint: "NAME", description: "who is shown as holding it (user@host)" },
      "on-failure": {
        type: "string",
        valueHint: "open|keep",
        description: "what becomes of the sites when COMMAND fails (open)",
      },
      lease: {
        type: "string",
        valueHint: "2m",
        description: "how long the sites stay closed when lull itself is killed (2m)",
      },
      wait: { type: "string", valueHint: "10s", description: "how long to wait for the sidecars to have closed (10s)" },
      offline: { type: "boolean", description: "do not mind that no sidecar is registered" },
      "no-bypass": { type: "boolean", description: "do not give COMMAND a bypass to get into the sites" },
      ...longestArgs,
      ...common,
    },
    mayBeEmpty: ["command"],
    run: (given) => run(shell, given),
  };
}

async function run(shell: Shell, given: Given): Promise<number> {
  const plan = planOf(shell, given);
  const signals = catchSignals();
  // Standard error is COMMAND's too, and its reader may stall: renewals must not wait for it.
  const lines = createLogWriter({ descriptor: 2, onDropped() {} });
  const say = (line: string) => lines.write(`lull: ${printable(line)}\n`);
  const tell = given.flag("quiet") ? () => {} : say;
  try {
    const located = locateCommand(given.words[0] ?? "", shell.environment);
    if (located.kind === "fault") {
      say(located.fault.message);
      return located.fault.code;
    }
    const leasedAtMs = steadyNowMs();
    const { periods, bypasses, reached } = await closeForRun(plan, given);
    const hold = createRunHold({ ...plan, periods, bypasses, say, tell });
    for (const word of reached.words) (reached.proven ? tell : say)(word);
    if (!reached.proven) {
      say(`"${given.words[0]}" was not started`);
      await hold.open();
      return exitCode.notStarted;
    }
    const name = given.text("name") ?? defaultRunName;
    if (periods[0]?.name !== name) tell(`"${name}" runs already, and ends by itself or by hand: this is another one`);
    tell(await describeClosed(plan, periods));
    if (bypasses !== null) tell(`"${given.words[0]}" gets in by ${Object.keys(bypasses.variables).join(", ")}`);
    const ended = await superviseCommand({
      argv: given.words,
      environment: withBypasses(shell.environment, bypasses),
      program: ownProgram(),
      signals,
      leaseMs: plan.leaseMs,
      leasedAtMs,
      renew: hold.renew,
      say,
    });
    await settle(hold, plan, ended.kind === "ended" && ended.code !== 0);
    return ended.code;
  } finally {
    await lines.flush(flushMs);
    signals.release();
  }
}

async function settle(hold: RunHold, { onFailure }: RunPlan, hasFailed: boolean): Promise<void> {
  if (hasFailed && onFailure === "keep") await hold.keep();
  else await hold.open();
}

/** Throws LullError. */
function planOf(shell: Shell, given: Given): RunPlan {
  const onFailure = choiceOf(given, "on-failure", ["open", "keep"]) ?? "open";
  const wait = given.text("wait");
  return {
    config: configFor(shell, given),
    context: contextOf(shell, given),
    leaseMs: leaseOf(given) ?? defaultLeaseMs,
    waitMs: wait === undefined ? defaultWaitMs : parseDuration(wait),
    offline: given.flag("offline"),
    onFailure,
  };
}
