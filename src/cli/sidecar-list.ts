import { readSidecars } from "../store/sidecars.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { localTime } from "./local-time.ts";
import { deliver, outputOf } from "./report.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { table } from "./table.ts";

export function sidecarList(shell: Shell): Command {
  return { args: commonArgs, run: (given) => run(shell, given) };
}

function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  return reading(config, async (database) => {
    const sidecars = await readSidecars(database.orm);
    const rows = sidecars.map((row) => [
      row.instance,
      row.hostname,
      String(row.processId),
      String(row.revision),
      localTime(row.seenAt, config.timezone),
      row.version,
      row.listen,
    ]);
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: table(["INSTANCE", "HOST", "PROCESS", "REVISION", "SEEN", "VERSION", "LISTEN"], rows),
      words: sidecars.length === 0 ? ["no sidecar is registered"] : [],
      data: { database: database.path, sidecars },
    });
  });
}
