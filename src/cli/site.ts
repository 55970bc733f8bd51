import type { ArgsDef } from "citty";
import { siteLabel } from "../actions/find-sites.ts";
import { addAlias, addSite, type Consent, removeAlias, removeSite, setSite } from "../actions/sites.ts";
import { LullError } from "../gate/error.ts";
import type { Site } from "../gate/site.ts";
import { readSites } from "../store/sites.ts";
import { commonArgs, type Given } from "./arguments.ts";
import { changing, type Told } from "./changing.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { deliver } from "./report.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";
import { table } from "./table.ts";

const described: ArgsDef = {
  name: { type: "string", valueHint: "TEXT", description: "what people call it" },
  message: { type: "string", valueHint: "TEXT", description: "shown to held visitors" },
  reason: { type: "string", valueHint: "TEXT", description: "why, for the audit" },
};
const force: ArgsDef = {
  force: { type: "boolean", description: "also when that takes * away, or the site is closed" },
};
const site: ArgsDef = {
  site: { type: "positional", valueHint: "SITE", description: "number, domain or alias" },
};

const addArgs: ArgsDef = {
  domain: { type: "positional", valueHint: "DOMAIN", description: "example.com, *.example.com or *" },
  ...described,
  ...commonArgs,
};
const setArgs: ArgsDef = {
  ...site,
  domain: { type: "string", valueHint: "DOMAIN", description: "example.com, *.example.com or *" },
  ...described,
  ...force,
  ...commonArgs,
};
const aliasArgs: ArgsDef = {
  verb: { type: "positional", valueHint: "add|remove", description: "what to do" },
  ...site,
  host: { type: "positional", valueHint: "HOST", description: "example.org or *.example.org" },
  ...force,
  ...commonArgs,
};
const removeArgs: ArgsDef = { ...site, ...force, ...commonArgs };

export function siteAdd(shell: Shell) {
  const run = (given: Given) =>
    changing(
      { shell, given },
      (database, context) =>
        addSite(database, context, {
          domain: given.words[0] ?? "",
          name: given.text("name") ?? "",
          message: given.text("message") ?? "",
        }),
      toldAs("added"),
    );
  return strictCommand({ name: "site add", description: "Adds a site.", args: addArgs, run });
}

export function siteSet(shell: Shell) {
  const run = (given: Given) => {
    const wanted: { domain?: string; name?: string; message?: string } = {};
    for (const key of ["domain", "name", "message"] as const) {
      const value = given.text(key);
      if (value !== undefined) wanted[key] = value;
    }
    if (Object.keys(wanted).length === 0)
      throw new LullError("usage", "nothing to set: give --domain, --name or --message");
    return changing(
      { shell, given },
      (database, context) =>
        setSite(database, context, { ...wanted, site: given.words[0] ?? "", consent: consentOf(given) }),
      toldAs("set"),
    );
  };
  return strictCommand({
    name: "site set",
    description: "Changes a site's domain, name or message.",
    args: setArgs,
    run,
  });
}

export function siteAlias(shell: Shell) {
  const run = (given: Given) => {
    const [verb, name = "", host = ""] = given.words;
    if (verb !== "add" && verb !== "remove")
      throw new LullError("usage", `invalid choice: "${verb}" (choose from add, remove)`);
    return changing(
      { shell, given },
      (database, context) =>
        verb === "add"
          ? addAlias(database, context, { site: name, host })
          : removeAlias(database, context, { site: name, host, consent: consentOf(given) }),
      toldAs("set"),
    );
  };
  return strictCommand({
    name: "site alias",
    description: "Gives a site one more host name, or takes one away.",
    args: aliasArgs,
    run,
  });
}

export function siteRemove(shell: Shell) {
  const run = (given: Given) =>
    changing(
      { shell, given },
      (database, context) => removeSite(database, context, { site: given.words[0] ?? "", consent: consentOf(given) }),
      toldAs("removed"),
    );
  return strictCommand({
    name: "site remove",
    description: "Removes a site with its periods and exemptions.",
    args: removeArgs,
    run,
  });
}

export function siteList(shell: Shell) {
  const run = (given: Given) =>
    reading(configFor(shell, given), async (database) => {
      const sites = await readSites(database.orm);
      const rows = sites.map((row) => [String(row.id), row.domain, row.aliases.join(" "), row.name, row.message]);
      return deliver(shell, given, {
        exitCode: exitCode.done,
        lines: table(["SITE", "DOMAIN", "ALIASES", "NAME", "MESSAGE"], rows),
        data: { database: database.path, sites },
      });
    });
  return strictCommand({ name: "site list", description: "Lists the sites.", args: commonArgs, run });
}

function consentOf(given: Given): Consent {
  return given.flag("force") ? "force" : "ask";
}

function toldAs(verb: string): Told<Site> {
  return {
    lines: (result, changed) => [
      `site ${siteLabel(result)} ${changed ? verb : "already so"}${result.aliases.length > 0 ? `, also ${result.aliases.join(", ")}` : ""}`,
    ],
    data: (result) => ({ site: result }),
  };
}
