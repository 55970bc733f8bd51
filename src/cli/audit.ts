import { requireSite } from "../actions/find-sites.ts";
import { LullError } from "../gate/error.ts";
import { type AuditRow, readAudit } from "../store/audits.ts";
import type { Database } from "../store/database.ts";
import { readSites } from "../store/sites.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { describeChange } from "./describe-change.ts";
import { exitCode } from "./exit-code.ts";
import { localTime } from "./local-time.ts";
import { deliver, outputOf } from "./report.ts";
import { scopeCell } from "./scope.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { table } from "./table.ts";

const defaultLimit = 50;

export function audit(shell: Shell): Command {
  return {
    args: {
      site: {
        type: "string",
        valueHint: "SITE",
        description: "only changes of this site; one that is gone, by its number",
      },
      limit: { type: "string", valueHint: "NUMBER", description: `how many, the newest first (${defaultLimit})` },
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const limit = limitOf(given);
  return reading(config, async (database) => {
    const siteId = await siteOf(database, given);
    const rows = await readAudit(database.orm, { limit, ...(siteId === undefined ? {} : { siteId }) });
    const entries = rows.map((row) => ({ ...row, before: parsed(row.before), after: parsed(row.after) }));
    const cells = entries.map((entry) => [
      String(entry.revision),
      localTime(entry.at, config.timezone),
      entry.actor,
      entry.action,
      scopeCell(entry.siteId),
      entry.reason,
      describeChange(entry, config.timezone),
    ]);
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: table(["REVISION", "WHEN", "WHO", "WHAT", "SITE", "WHY", "CHANGE"], cells),
      words: rows.length < limit ? [] : [`only the newest ${limit}; --limit shows more`],
      data: { database: database.path, entries },
    });
  });
}

function parsed(json: AuditRow["before"]): unknown {
  return json === null ? null : JSON.parse(json);
}

/** A number need not be a site's any more. Throws LullError for a name that is nobody's. */
async function siteOf(database: Database, given: Given): Promise<number | undefined> {
  const name = given.text("site");
  if (name === undefined) return undefined;
  return /^\d{1,15}$/.test(name) ? Number(name) : requireSite(await readSites(database.orm), name).id;
}

/** Throws LullError. */
function limitOf(given: Given): number {
  const text = given.text("limit");
  if (text === undefined) return defaultLimit;
  const number = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number > 0) return number;
  throw new LullError("usage", `--limit "${text}" is not a positive whole number`);
}
