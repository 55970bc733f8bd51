import { LullError } from "../gate/error.ts";
import { codeOfSignal } from "../run/caught-signals.ts";
import { databasePath } from "../store/database.ts";
import { parseDuration } from "../time/duration.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { describeMet, describeUnmet } from "./describe-wait.ts";
import { exitCode } from "./exit-code.ts";
import { catchInterrupt } from "./interrupt.ts";
import { refuseBoth } from "./refuse-both.ts";
import { deliver, outputOf } from "./report.ts";
import type { Shell } from "./shell.ts";
import { shownZoneArgs } from "./shown-zone.ts";
import { type Ending, type Wanted, waitFor } from "./wait-loop.ts";
import { clockOf } from "./zone-args.ts";

export function wait(shell: Shell): Command {
  return {
    args: {
      open: { type: "boolean", description: "until nothing closes them, nor makes them read-only" },
      closed: { type: "boolean", description: "until they are closed, and every registered sidecar serves that" },
      ...siteArgs,
      timeout: { type: "string", valueHint: "1h", description: "exit 6 after so long (default: never)" },
      offline: { type: "boolean", description: "do not mind that no sidecar is registered" },
      ...shownZoneArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

async function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const { timezone } = clockOf(given, config, shell.now());
  const wanted = wantedOf(given);
  const timeout = given.text("timeout");
  const timeoutMs = timeout === undefined ? Number.POSITIVE_INFINITY : parseDuration(timeout);
  const interrupt = catchInterrupt();
  try {
    const wish = { config, wanted, names: given.list("site"), timeoutMs, offline: given.flag("offline"), interrupt };
    const waited = await waitFor(shell.now, wish);
    const { ending, look, reached } = waited;
    return deliver(shell, outputOf(given), {
      exitCode: codes[ending],
      lines: ending === "met" && look !== null ? describeMet(look, wanted, timezone) : [],
      words: ending === "met" ? [] : [describeUnmet(waited, wanted, timezone)],
      data: {
        database: databasePath(config.database),
        revision: look?.revision ?? null,
        wanted,
        ending,
        reached: reached?.kind ?? null,
        sites: (look?.sites ?? []).map(({ site: { id, domain }, state, periods, chain, next }) => {
          return { id, domain, state, opensAt: state === "open" ? null : chain.opensAt, periods, next };
        }),
      },
    });
  } finally {
    interrupt.release();
  }
}

const codes: Readonly<Record<Ending, number>> = {
  met: exitCode.done,
  "timed-out": exitCode.notServed,
  interrupted: codeOfSignal("SIGINT"),
};

/** Throws LullError. */
function wantedOf(given: Given): Wanted {
  const [open, closed] = [given.flag("open"), given.flag("closed")];
  refuseBoth(given, "open", "closed");
  if (!open && !closed) throw new LullError("usage", "what to wait for is missing; give --open or --closed");
  if (open && given.flag("offline")) {
    throw new LullError("usage", "--offline is for --closed: whether sites are open, the database alone is asked");
  }
  return open ? "open" : "closed";
}
