import { beginHold } from "../actions/hold.ts";
import type { Config } from "../config/keys.ts";
import type { Period } from "../gate/period.ts";
import { createLogWriter } from "../log-writer.ts";
import { catchSignals } from "../run/caught-signals.ts";
import { locateCommand } from "../run/locate-command.ts";
import { ownProgram } from "../run/own-program.ts";
import { steadyNowMs } from "../run/steady-clock.ts";
import { superviseCommand } from "../run/supervise-command.ts";
import type { ChangeContext } from "../store/change.ts";
import { readSites } from "../store/sites.ts";
import { parseDuration } from "../time/duration.ts";
import { formatInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { choiceOf } from "./choice.ts";
import { chosenSites } from "./chosen-sites.ts";
import type { Command } from "./command.ts";
import { commonArgs, repeatable, siteArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { leaseOf, longestArgs, longestOf } from "./hold-args.ts";
import { printable } from "./printable.ts";
import { type Reach, reach } from "./reach.ts";
import { createRunHold, type RunHold } from "./run-hold.ts";
import { byNumber, scopeOf } from "./scope.ts";
import { contextOf, writing } from "./session.ts";
import type { Shell } from "./shell.ts";

const defaultName = "run";
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
      name: { type: "string", valueHint: "NAME", description: `what identifies the closing (${defaultName})` },
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
      ...longestArgs,
      ...common,
    },
    mayBeEmpty: ["command"],
    run: (given) => run(shell, given),
  };
}

interface Plan {
  readonly config: Config;
  readonly context: ChangeContext;
  readonly leaseMs: number;
  readonly waitMs: number;
  readonly offline: boolean;
  readonly onFailure: "open" | "keep";
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
    const { periods, reached } = await close(plan, given);
    const hold = createRunHold({ ...plan, periods, say, tell });
    for (const word of reached.words) (reached.proven ? tell : say)(word);
    if (!reached.proven) {
      say(`"${given.words[0]}" was not started`);
      await hold.open();
      return exitCode.notStarted;
    }
    const name = given.text("name") ?? defaultName;
    if (periods[0]?.name !== name) tell(`"${name}" runs already, and ends by itself or by hand: this is another one`);
    tell(await describe(plan, periods));
    const ended = await superviseCommand({
      argv: given.words,
      environment: shell.environment,
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

async function settle(hold: RunHold, { onFailure }: Plan, hasFailed: boolean): Promise<void> {
  if (hasFailed && onFailure === "keep") await hold.keep();
  else await hold.open();
}

/** Throws LullError. */
function planOf(shell: Shell, given: Given): Plan {
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

interface Closed {
  readonly periods: readonly Period[];
  readonly reached: Reach;
}

/** Closes, and finds out whether visitors get it. Throws LullError. */
async function close(plan: Plan, given: Given): Promise<Closed> {
  const { config, context, leaseMs, waitMs, offline } = plan;
  const duration = given.text("for");
  const length = duration === undefined ? null : parseDuration(duration);
  return writing(config, context, async ({ database }) => {
    const { result, revision, changed } = await beginHold(database, context, {
      sites: await chosenSites(given, database),
      name: given.text("name") ?? defaultName,
      // It ends with COMMAND, or with its lease, and never under a COMMAND that takes longer than was thought.
      end: null,
      expectedEnd: length === null ? null : context.now + length,
      leaseMs,
      mode: "full",
      whenShorter: "keep",
      // Two runs of one name must not open under each other.
      whenTaken: "rename",
      owner: given.text("owner"),
      message: given.text("message") ?? "",
      longestMs: longestOf(given, config),
    });
    const patience = { waitMs, offline, dryRun: false, config };
    const reached = await reach(database, { revision, changed, intent: "close" }, patience);
    return { periods: result.map(({ period }) => period), reached };
  });
}

async function describe({ config, context }: Plan, periods: readonly Period[]): Promise<string> {
  const sites = await writing(config, context, async ({ database }) => byNumber(await readSites(database.orm)));
  const scopes = periods.map(({ siteId }) => scopeOf(siteId, sites)).join(", ");
  const [first] = periods;
  const expected = first?.expectedEnd ?? null;
  const until = expected === null ? "" : `, expected until ${formatInstant(expected, config.timezone)}`;
  return `closed ${scopes} by "${first?.name}"${until}`;
}
