import type { ArgsDef } from "citty";
import { LullError } from "../gate/error.ts";
import { readAudit } from "../store/audits.ts";
import { formatInstant } from "../time/instant.ts";
import { commonArgs, type Given } from "./arguments.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { deliver } from "./report.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";
import { table } from "./table.ts";

const args: ArgsDef = {
  site: { type: "string", valueHint: "NUMBER", description: "only changes of this site, also of one that is gone" },
  limit: { type: "string", valueHint: "NUMBER", description: "how many, the newest first (50)" },
  ...commonArgs,
};

export function audit(shell: Shell) {
  return strictCommand({
    name: "audit",
    description: "Shows who changed what, when and why.",
    args,
    run: (given) => run(shell, given),
  });
}

function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const siteId = positive(given, "site");
  const filter = { limit: positive(given, "limit") ?? 50, ...(siteId === undefined ? {} : { siteId }) };
  return reading(config, async (database) => {
    const entries = await readAudit(database.orm, filter);
    const rows = entries.map((entry) => [
      String(entry.revision),
      formatInstant(entry.at, config.timezone),
      entry.actor,
      entry.action,
      entry.siteId === null ? "all" : String(entry.siteId),
      entry.reason,
      entry.after ?? entry.before ?? "",
    ]);
    return deliver(shell, given, {
      exitCode: exitCode.done,
      lines: table(["REVISION", "WHEN", "WHO", "WHAT", "SITE", "WHY", "ROW"], rows),
      data: {
        database: database.path,
        entries: entries.map((entry) => ({ ...entry, before: parsed(entry.before), after: parsed(entry.after) })),
      },
    });
  });
}

function parsed(json: string | null): unknown {
  return json === null ? null : JSON.parse(json);
}

function positive(given: Given, name: string): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw new LullError("usage", `--${name} "${text}" is not a positive whole number`);
}
