import type { ArgsDef } from "citty";
import { siteLabel } from "../actions/find-sites.ts";
import type { Consent, SiteRequest } from "../actions/sites.ts";
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
  redirect: {
    type: "string",
    valueHint: "URL",
    description: "where held visitors are sent instead of seeing the page",
  },
  origins: {
    type: "string",
    valueHint: "ORIGINS",
    description: "whose scripts may read the answers of the closed site: https://app.example.com ..., or *",
  },
};

/** What was given of it. */
export function describedIn(given: Given): Partial<Omit<SiteRequest, "domain">> {
  const texts: { name?: string; message?: string; redirectUrl?: string } = {};
  for (const [key, option] of [
    ["name", "name"],
    ["message", "message"],
    ["redirectUrl", "redirect"],
  ] as const) {
    const value = given.text(option);
    if (value !== undefined) texts[key] = value;
  }
  const origins = given.text("origins")?.split(/[\s,]+/);
  return origins === undefined ? texts : { ...texts, origins: origins.filter((origin) => origin !== "") };
}

export const forceArgs: ArgsDef = {
  force: { type: "boolean", description: "also when that takes * away, or the site is closed" },
};

export function consentOf(given: Given): Consent {
  return given.flag("force") ? "force" : "ask";
}

/** `site 2 (example.com) added, also www.example.com`, and what follows from what was given. */
export function tellSite(verb: string, { redirectUrl, origins }: Partial<SiteRequest> = {}): Telling<Site> {
  return {
    lines: (site, changed) => {
      const aliases = site.aliases.length === 0 ? "" : `, also ${site.aliases.join(", ")}`;
      return [
        `site ${siteLabel(site)} ${changed ? verb : "already so"}${aliases}`,
        ...(redirectUrl === undefined ? [] : [tellRedirect(site)]),
        ...(origins === undefined ? [] : [tellOrigins(site)]),
      ];
    },
    data: (site) => ({ site }),
  };
}

function tellRedirect({ redirectUrl }: Site): string {
  return redirectUrl === "" ? "held visitors see the page" : `held visitors are sent to ${redirectUrl}`;
}

function tellOrigins({ origins }: Site): string {
  if (origins.length === 0) return "no other origin's scripts may read the answers of the closed site";
  const whose = origins.includes("*") ? "scripts of every origin" : `scripts of ${origins.join(", ")}`;
  return `${whose} may read the answers of the closed site and send it preflighted requests: list only origins that the application itself trusts`;
}
