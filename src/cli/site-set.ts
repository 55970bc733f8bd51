import { setSite } from "../actions/sites.ts";
import { LullError } from "../gate/error.ts";
import type { Given } from "./arguments.ts";
import { changing } from "./changing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs } from "./common-args.ts";
import type { Shell } from "./shell.ts";
import { consentOf, describedArgs, describedIn, domainHint, forceArgs, siteWord, tellSite } from "./site-args.ts";

export function siteSet(shell: Shell): Command {
  return {
    args: {
      ...siteWord,
      domain: { type: "string", valueHint: "DOMAIN", description: domainHint },
      ...describedArgs,
      ...auditArgs,
      ...forceArgs,
      ...commonArgs,
    },
    // That is how they are taken away.
    mayBeEmpty: Object.keys(describedArgs),
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const domain = given.text("domain");
  const wanted = { ...describedIn(given), ...(domain === undefined ? {} : { domain }) };
  if (Object.keys(wanted).length === 0) {
    throw new LullError("usage", "nothing to set: give --domain, --name, --message, --redirect or --origins");
  }
  const request = { ...wanted, site: given.words[0] ?? "", consent: consentOf(given) };
  return changing(
    { shell, given },
    (context) => (database) => setSite(database, context, request),
    tellSite("set", wanted),
  );
}
