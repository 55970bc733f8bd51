import { selectPeriods } from "../store/periods.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { whenOf } from "./describe-plan.ts";
import { exitCode } from "./exit-code.ts";
import { localTime } from "./local-time.ts";
import { deliver, outputOf } from "./report.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { table } from "./table.ts";

export function periodList(shell: Shell): Command {
  return {
    args: {
      past: { type: "boolean", description: "those that are over" },
      running: { type: "boolean", description: "those that run now" },
      upcoming: { type: "boolean", description: "those that have not begun" },
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const now = shell.now();
  const chosen = (["past", "running", "upcoming"] as const).filter((when) => given.flag(when));
  const wanted = chosen.length === 0 ? ["running", "upcoming"] : chosen;
  return reading(config, async (database) => {
    const periods = (await selectPeriods(database.orm)).filter((period) => wanted.includes(whenOf(period, now)));
    const rows = periods.map((period) => [
      String(period.id),
      period.siteId === null ? "all" : String(period.siteId),
      period.name,
      period.enabled ? whenOf(period, now) : "disabled",
      period.mode,
      localTime(period.start, config.timezone),
      period.end === null ? "no end" : localTime(period.end, config.timezone),
      period.owner,
      period.reason,
    ]);
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: table(["NUMBER", "SITE", "NAME", "STATE", "MODE", "START", "END", "OWNER", "REASON"], rows),
      words: periods.length === 0 ? [`no period is ${wanted.join(" or ")}`] : [],
      data: { database: database.path, periods: periods.map((period) => ({ ...period, when: whenOf(period, now) })) },
    });
  });
}
