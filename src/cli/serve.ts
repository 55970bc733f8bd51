import { resolve } from "node:path";
import { type RunningSidecar, startSidecar } from "../app.ts";
import type { Config } from "../config/keys.ts";
import { LullError } from "../gate/error.ts";
import { createLog, type Log } from "../log.ts";
import { createLogWriter, type LogWriter } from "../log-writer.ts";
import { announcement } from "./announcement.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs, repeatable } from "./common-args.ts";
import { configFor, settingsOf } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { deliver, outputOf } from "./report.ts";
import type { Shell } from "./shell.ts";

/** Of the time in which the process must end. */
const flushLimitMs = 500;

export function serve(shell: Shell): Command {
  return {
    args: {
      listen: {
        type: "string",
        valueHint: `ADDRESS${repeatable}`,
        description: "127.0.0.1:8503 or unix:/run/lull/lull.sock; may be repeated",
      },
      closed: { type: "boolean", description: "close every site, with no database at all" },
      takeover: { type: "boolean", description: "replace a running sidecar without losing a request" },
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

async function run(shell: Shell, given: Given): Promise<number> {
  // Whoever serves never waits for a reader: a pipe that nobody reads would hold every check up.
  const lines = createLogWriter({ descriptor: 1, onDropped() {} });
  const logLines = createLogWriter({
    descriptor: 2,
    onDropped: (dropped) => logLines.write(`${JSON.stringify({ event: "log-dropped", lines: dropped })}\n`),
  });
  const patient = { ...shell, print: (line: string) => lines.write(`${line}\n`) };
  try {
    return await serveUntilStopped(patient, given, logLines);
  } finally {
    await Promise.all([lines.flush(flushLimitMs), logLines.flush(flushLimitMs)]);
  }
}

async function serveUntilStopped(shell: Shell, given: Given, lines: LogWriter): Promise<number> {
  let config = configToServe(shell, given);
  const log = createLog({ level: () => config.logLevel, now: shell.now, write: lines.write });
  // Before anything is slow: a signal during the start must not be lost.
  const stopSignal = nextSignal(["SIGTERM", "SIGINT"]);
  const source = given.flag("closed") ? "closed" : "database";
  const sidecar = await startSidecar({
    config,
    settings: settingsOf(config),
    source,
    takeover: given.flag("takeover"),
    log,
    now: shell.now,
  });
  async function reload(): Promise<void> {
    try {
      const changed = configToServe(shell, given);
      if (changed.database !== config.database || changed.listen.join() !== config.listen.join()) {
        log.warn("reload-needs-restart", { settings: "database, listen" });
      }
      const kept = { ...changed, database: config.database, listen: config.listen };
      await sidecar.reload(kept, settingsOf(kept));
      config = kept;
      log.info("reloaded");
    } catch (error) {
      log.error("reload-refused", { fault: error instanceof LullError ? error.message : error });
    }
  }
  // One after the other, each with what is written by then: the last one counts.
  let reloading = Promise.resolve();
  process.on("SIGHUP", () => {
    reloading = reloading.then(reload);
  });
  keepServing(log);
  announce(shell, given, { config, sidecar, source });
  const signal = await stopSignal;
  log.info("stopping", { signal });
  await sidecar.stop();
  log.info("stopped");
  return exitCode.done;
}

/** Throws LullError, also for what cannot be served. */
function configToServe(shell: Shell, given: Given): Config {
  const config = configFor(shell, given);
  if (!given.flag("closed") || config.mirror === "") return config;
  // It knows no sites: it would take the flags away of all that are closed.
  const mirror = JSON.stringify(config.mirror);
  throw new LullError("usage", `--closed cannot keep the mirror ${mirror}; set mirror to "" (LULL_MIRROR=) beside it`);
}

/** What fails beside the answers ends none of them: from now on it is logged, and sites stay as they are. */
function keepServing(log: Log): void {
  const tell = (error: unknown) => log.error("bug", { where: "beside", error });
  process.removeAllListeners("uncaughtException").on("uncaughtException", tell).on("unhandledRejection", tell);
}

interface Started {
  readonly config: Config;
  readonly sidecar: RunningSidecar;
  readonly source: "database" | "closed";
}

function announce(shell: Shell, given: Given, { config, sidecar, source }: Started): void {
  const program = process.execPath.endsWith("lull") ? process.execPath : "lull";
  // Commands that are told of no database must find the same one.
  const told = (["database", "config"] as const).flatMap((name) => {
    const file = given.text(name);
    return file === undefined
      ? []
      : [` --${name} ${file.startsWith("file:") ? file : resolve(shell.machine.workingFolder, file)}`];
  });
  const options = told.join("");
  deliver(shell, outputOf(given), {
    exitCode: exitCode.done,
    lines: announcement({ config, source, addresses: sidecar.addresses, program, options, processId: process.pid }),
    data: {
      addresses: sidecar.addresses,
      database: source === "closed" ? null : config.database,
      revision: sidecar.revision,
    },
  });
}

function nextSignal(names: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const name of names) process.on(name, () => resolve(name));
  });
}
