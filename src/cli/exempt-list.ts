import { configurationExemptions } from "../config/exemptions.ts";
import type { Exemption } from "../gate/exemption.ts";
import { selectExemptions } from "../store/exemptions.ts";
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

export function exemptList(shell: Shell): Command {
  return { args: commonArgs, run: (given) => run(shell, given) };
}

function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const now = shell.now();
  return reading(config, async (database) => {
    const stored = await selectExemptions(database.orm);
    const exemptions: readonly Exemption[] = [...stored, ...configurationExemptions(config)];
    const rows = exemptions.map((row) => [
      row.id === null ? "config" : String(row.id),
      scopeCell(row.siteId),
      row.kind,
      row.value,
      row.expires === null
        ? "never"
        : `${row.expires <= now ? "expired " : ""}${localTime(row.expires, config.timezone)}`,
      row.description,
    ]);
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: table(["NUMBER", "SITE", "KIND", "VALUE", "EXPIRES", "DESCRIPTION"], rows),
      data: { database: database.path, exemptions },
    });
  });
}
