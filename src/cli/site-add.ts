import { addSite } from "../actions/sites.ts";
import type { Given } from "./arguments.ts";
import { changing } from "./changing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs } from "./common-args.ts";
import type { Shell } from "./shell.ts";
import { describedArgs, domainHint, tellSite } from "./site-args.ts";

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
  const site = {
    domain: given.words[0] ?? "",
    name: given.text("name") ?? "",
    message: given.text("message") ?? "",
  };
  return changing({ shell, given }, (context) => (database) => addSite(database, context, site), tellSite("added"));
}
