import type { ArgsDef } from "citty";
import { siteLabel } from "../actions/find-sites.ts";
import type { Consent } from "../actions/sites.ts";
import type { Site } from "../gate/site.ts";
import type { Given } from "./arguments.ts";
import type { Telling } from "./changing.ts";

/** The site that a command is about. */
export const siteWord: ArgsDef = {
  site: { type: "positional", valueHint: "SITE", description: "number, domain or alias" },
};

export const domainHint = "example.com, *.example.com or *";

/** What can be said of a site beside its domain. */
export const describedArgs: ArgsDef = {
  name: { type: "string", valueHint: "TEXT", description: "what people call it" },
  message: { type: "string", valueHint: "TEXT", description: "shown to held visitors" },
};

export const forceArgs: ArgsDef = {
  force: { type: "boolean", description: "also when that takes * away, or the site is closed" },
};

export function consentOf(given: Given): Consent {
  return given.flag("force") ? "force" : "ask";
}

/** `site 2 (example.com) added, also www.example.com`. */
export function tellSite(verb: string): Telling<Site> {
  return {
    lines: (site, changed) => {
      const aliases = site.aliases.length === 0 ? "" : `, also ${site.aliases.join(", ")}`;
      return [`site ${siteLabel(site)} ${changed ? verb : "already so"}${aliases}`];
    },
    data: (site) => ({ site }),
  };
}
