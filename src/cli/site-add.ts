import { addSite } from "../actions/sites.ts";
import type { Given } from "./arguments.ts";
import { changing } from "./changing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs } from "./common-args.ts";
import type { Shell } from "./shell.ts";
import { describedArgs, describedIn, domainHint, tellSite } from "./site-args.ts";

export function siteAdd(shell: Shell): Command {
  return {
    args: {
      domain: { type: "positional", valueHint: "DOMAIN", description: domainHint },
      ...describedArgs,
      ...auditArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const described = describedIn(given);
  const nothing = { name: "", message: "", redirectUrl: "", origins: [] };
  const site = { ...nothing, ...described, domain: given.words[0] ?? "" };
  return changing(
    { shell, given },
    (context) => (database) => addSite(database, context, site),
    tellSite("added", described),
  );
}
