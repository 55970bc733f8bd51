import { removeSite } from "../actions/sites.ts";
import type { Given } from "./arguments.ts";
import { changing } from "./changing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs } from "./common-args.ts";
import type { Shell } from "./shell.ts";
import { consentOf, forceArgs, siteWord, tellSite } from "./site-args.ts";

export function siteRemove(shell: Shell): Command {
  return {
    args: { ...siteWord, ...auditArgs, ...forceArgs, ...commonArgs },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const request = { site: given.words[0] ?? "", consent: consentOf(given) };
  return changing(
    { shell, given },
    (context) => (database) => removeSite(database, context, request),
    tellSite("removed with its periods, exemptions and bypasses"),
  );
}
