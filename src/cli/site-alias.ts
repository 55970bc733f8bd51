import { siteLabel } from "../actions/find-sites.ts";
import { addAlias, removeAlias } from "../actions/sites.ts";
import { LullError } from "../gate/error.ts";
import { canonicalDomain } from "../gate/host.ts";
import type { Site } from "../gate/site.ts";
import type { Given } from "./arguments.ts";
import { changing } from "./changing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs } from "./common-args.ts";
import type { Shell } from "./shell.ts";
import { consentOf, forceArgs, siteWord } from "./site-args.ts";

export function siteAlias(shell: Shell): Command {
  return {
    args: {
      verb: { type: "positional", valueHint: "add|remove", description: "what to do" },
      ...siteWord,
      host: { type: "positional", valueHint: "HOST", description: "example.org or *.example.org" },
      ...auditArgs,
      ...forceArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const [verb = "", site = "", host = ""] = given.words;
  if (verb !== "add" && verb !== "remove") {
    throw new LullError("usage", `invalid choice: "${verb}" (choose from add, remove)`);
  }
  return changing(
    { shell, given },
    (context) => (database) =>
      verb === "add"
        ? addAlias(database, context, { site, host })
        : removeAlias(database, context, { site, host, consent: consentOf(given) }),
    {
      lines: (changedSite, changed) => [
        `site ${siteLabel(changedSite)} ${describe(verb, changed)} ${host}${others(changedSite, host)}`,
      ],
      data: (changedSite) => ({ site: changedSite }),
    },
  );
}

function describe(verb: "add" | "remove", changed: boolean): string {
  if (verb === "remove") return "no longer answers for";
  return changed ? "now answers for" : "answers already for";
}

/** Its other aliases. */
function others({ aliases }: Site, host: string): string {
  const canonical = canonicalDomain(host);
  const rest = aliases.filter((alias) => alias !== canonical);
  return rest.length === 0 ? "" : `; its other aliases: ${rest.join(", ")}`;
}
