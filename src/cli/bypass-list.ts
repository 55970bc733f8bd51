import type { Bypass } from "../gate/bypass.ts";
import { auditedBypass, selectBypasses } from "../store/bypasses.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { localTime } from "./local-time.ts";
import { deliver, outputOf } from "./report.ts";
import { scopeCell } from "./scope.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { table } from "./table.ts";

export function bypassList(shell: Shell): Command {
  return { args: commonArgs, run: (given) => run(shell, given) };
}

function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const now = shell.now();
  return reading(config, async (database) => {
    const live = await selectBypasses(database.orm, { expiresAfter: now });
    const rows = live.map(({ id, siteId, expires, redeemed, ...rest }) => [
      String(id),
      scopeCell(siteId),
      localTime(expires, config.timezone),
      useOf(rest),
      redeemed === null ? (rest.standing === null ? "not yet" : "") : localTime(redeemed, config.timezone),
      rest.path,
      rest.label,
    ]);
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: table(["NUMBER", "SITE", "EXPIRES", "USE", "REDEEMED", "PATH", "LABEL"], rows),
      words: live.length === 0 ? ["no bypass holds"] : [],
      data: { database: database.path, bypasses: live.map(auditedBypass) },
    });
  });
}

/** How often its link is good, or who comes in by it without one. */
function useOf({ isSingleUse, standing }: Pick<Bypass, "isSingleUse" | "standing">): string {
  return standing ?? (isSingleUse ? "single" : "many");
}
