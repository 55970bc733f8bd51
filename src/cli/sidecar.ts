import type { ArgsDef } from "citty";
import { forgetSidecar } from "../actions/forget-sidecar.ts";
import { readSidecars } from "../store/sidecars.ts";
import { formatUtc } from "../time/instant.ts";
import { commonArgs, type Given } from "./arguments.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { deliver } from "./report.ts";
import { reading, writing } from "./session.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";
import { table } from "./table.ts";

const removeArgs: ArgsDef = {
  instance: { type: "positional", valueHint: "INSTANCE", description: 'what "sidecar list" shows' },
  ...commonArgs,
};

export function sidecarList(shell: Shell) {
  const run = (given: Given) =>
    reading(configFor(shell, given), async (database) => {
      const sidecars = await readSidecars(database.orm);
      const rows = sidecars.map((row) => [
        row.instance,
        row.hostname,
        String(row.processId),
        String(row.revision),
        formatUtc(row.seenAt),
        row.version,
        row.listen,
      ]);
      return deliver(shell, given, {
        exitCode: exitCode.done,
        lines: table(["INSTANCE", "HOST", "PROCESS", "REVISION", "SEEN", "VERSION", "LISTEN"], rows),
        data: { database: database.path, sidecars },
      });
    });
  return strictCommand({
    name: "sidecar list",
    description: "Lists the sidecars that have registered and were not stopped cleanly.",
    args: commonArgs,
    run,
  });
}

export function sidecarRemove(shell: Shell) {
  const run = (given: Given) =>
    writing(configFor(shell, given), async (database) => {
      const removed = await forgetSidecar(database, given.words[0] ?? "");
      return deliver(shell, given, {
        exitCode: exitCode.done,
        lines: [
          `sidecar ${removed.instance} of ${removed.hostname} taken off the list; if it lives, it comes back by itself`,
        ],
        words: [`database ${database.path}`],
        data: { database: database.path, sidecar: removed },
      });
    });
  return strictCommand({
    name: "sidecar remove",
    description: "Takes a sidecar that is gone for good off the list.",
    args: removeArgs,
    run,
  });
}
