import { readSites } from "../store/sites.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { deliver, outputOf } from "./report.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { table } from "./table.ts";

export function siteList(shell: Shell): Command {
  return { args: commonArgs, run: (given) => run(shell, given) };
}

function run(shell: Shell, given: Given): Promise<number> {
  return reading(configFor(shell, given), async (database) => {
    const sites = await readSites(database.orm);
    const rows = sites.map(({ id, domain, aliases, name, message, redirectUrl, origins }) => {
      return [String(id), domain, aliases.join(" "), name, message, redirectUrl, origins.join(" ")];
    });
    return deliver(shell, outputOf(given), {
      exitCode: exitCode.done,
      lines: table(["SITE", "DOMAIN", "ALIASES", "NAME", "MESSAGE", "REDIRECT", "ORIGINS"], rows),
      data: { database: database.path, sites },
    });
  });
}
