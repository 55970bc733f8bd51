import { LullError } from "../gate/error.ts";
import { canonicalDomain } from "../gate/host.ts";
import { canonicalOrigins } from "../gate/origins.ts";
import { canonicalRedirect } from "../gate/redirect.ts";
import type { Site } from "../gate/site.ts";
import { auditedBypass, selectBypasses } from "../store/bypasses.ts";
import { type Change, type ChangeContext, type Changed, change } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { selectExemptions } from "../store/exemptions.ts";
import { readPeriods } from "../store/periods.ts";
import { selectReadonlyRules } from "../store/readonly-rules.ts";
import { selectRecurrences } from "../store/recurrences.ts";
import { deleteAlias, deleteSite, insertAlias, insertSite, readSites, updateSite } from "../store/sites.ts";
import { requireSite, siteLabel } from "./find-sites.ts";
import { refuseRedirectLoops } from "./refuse-redirect-loops.ts";
import { runningOccurrences } from "./running-occurrences.ts";
import { runningPeriods } from "./running-periods.ts";

/** Whether a change that takes hosts or a maintenance page away from visitors may be made. */
export type Consent = "ask" | "force";

export interface SiteRequest {
  readonly domain: string;
  readonly name: string;
  readonly message: string;
  /** Empty: nowhere. */
  readonly redirectUrl: string;
  readonly origins: readonly string[];
}

/** Adds a site. Refuses (LullError) a domain that is not one or is taken, and a redirect that leads back. */
export async function addSite(
  database: Database,
  context: ChangeContext,
  request: SiteRequest,
): Promise<Changed<Site>> {
  const added = {
    ...request,
    domain: canonicalDomain(request.domain),
    redirectUrl: canonicalRedirect(request.redirectUrl),
    origins: canonicalOrigins(request.origins),
  };
  return change(database, context, async (step) => {
    const sites = await readSites(step.queries);
    refuseTaken(sites, added.domain, null);
    const site = await insertSite(step.queries, added);
    refuseRedirectLoops(sites, [...sites, site]);
    await step.record({ action: "site.add", siteId: site.id, after: site });
    return site;
  });
}

/** Changes what is given. Taking `*` away needs `force`: hosts that are nobody's then go by `unknown_host`. */
export async function setSite(
  database: Database,
  context: ChangeContext,
  request: Partial<SiteRequest> & { readonly site: string; readonly consent: Consent },
): Promise<Changed<Site>> {
  return change(database, context, async (step) => {
    const sites = await readSites(step.queries);
    const before = requireSite(sites, request.site);
    const after: Site = {
      ...before,
      domain: request.domain === undefined ? before.domain : canonicalDomain(request.domain),
      name: request.name ?? before.name,
      message: request.message ?? before.message,
      redirectUrl: request.redirectUrl === undefined ? before.redirectUrl : canonicalRedirect(request.redirectUrl),
      origins: request.origins === undefined ? before.origins : canonicalOrigins(request.origins),
    };
    if (after.domain !== before.domain) {
      refuseTaken(sites, after.domain, before.id);
      if (before.domain === "*" && request.consent === "ask") throw takesAnyHostAway(before);
    }
    if (JSON.stringify(after) === JSON.stringify(before)) return before;
    refuseRedirectLoops(sites, replaced(sites, after));
    await updateSite(step.queries, after);
    await step.record({ action: "site.set", siteId: after.id, before, after });
    return after;
  });
}

/** Gives a site one more name. */
export async function addAlias(
  database: Database,
  context: ChangeContext,
  request: { readonly site: string; readonly host: string },
): Promise<Changed<Site>> {
  const host = canonicalDomain(request.host);
  return change(database, context, async (step) => {
    const sites = await readSites(step.queries);
    const before = requireSite(sites, request.site);
    if (before.aliases.includes(host)) return before;
    refuseTaken(sites, host, null);
    const after = { ...before, aliases: [...before.aliases, host] };
    refuseRedirectLoops(sites, replaced(sites, after));
    await insertAlias(step.queries, before.id, host);
    await step.record({ action: "site.alias.add", siteId: before.id, before, after });
    return after;
  });
}

/** Takes a name of a site away. */
export async function removeAlias(
  database: Database,
  context: ChangeContext,
  request: { readonly site: string; readonly host: string; readonly consent: Consent },
): Promise<Changed<Site>> {
  const host = canonicalDomain(request.host);
  return change(database, context, async (step) => {
    const sites = await readSites(step.queries);
    const before = requireSite(sites, request.site);
    if (!before.aliases.includes(host)) {
      throw new LullError(
        "refused",
        `site ${siteLabel(before)} has no alias ${host}; it has ${before.aliases.join(", ") || "none"}`,
      );
    }
    if (host === "*" && request.consent === "ask") throw takesAnyHostAway(before);
    const after = { ...before, aliases: before.aliases.filter((alias) => alias !== host) };
    refuseRedirectLoops(sites, replaced(sites, after));
    await deleteAlias(step.queries, host);
    await step.record({ action: "site.alias.remove", siteId: before.id, before, after });
    return after;
  });
}

/** Removes a site with all that is its own; the audit keeps them all. A site that is closed or is `*` needs `force`. */
export async function removeSite(
  database: Database,
  context: ChangeContext,
  request: { readonly site: string; readonly consent: Consent },
): Promise<Changed<Site>> {
  return change(database, context, async (step) => {
    const sites = await readSites(step.queries);
    const before = requireSite(sites, request.site);
    if (request.consent === "ask") {
      if (before.domain === "*" || before.aliases.includes("*")) throw takesAnyHostAway(before);
      await refuseWhileClosed(step, before);
    }
    // Another site may then answer for its hosts.
    refuseRedirectLoops(
      sites,
      sites.filter((site) => site.id !== before.id),
    );
    const isOfSite = (row: { readonly siteId: number | null }) => row.siteId === before.id;
    const periods = (await readPeriods(step.queries, { sites: [before.id] })).filter(isOfSite);
    const exemptions = (await selectExemptions(step.queries, [before.id])).filter(isOfSite);
    const recurrences = (await selectRecurrences(step.queries, [before.id])).filter(isOfSite);
    const readonlyRules = (await selectReadonlyRules(step.queries, [before.id])).filter(isOfSite);
    const bypasses = (await selectBypasses(step.queries)).filter(isOfSite).map(auditedBypass);
    await deleteSite(step.queries, before.id);
    const gone = { ...before, periods, recurrences, exemptions, readonlyRules, bypasses };
    await step.record({ action: "site.remove", siteId: before.id, before: gone });
    return before;
  });
}

async function refuseWhileClosed(step: Change, site: Site): Promise<void> {
  const isMeant = ({ siteId }: { readonly siteId: number | null }) => siteId === site.id || siteId === null;
  const period = (await runningPeriods(step)).find(isMeant);
  const closing = period ?? (await runningOccurrences(step, isMeant))[0]?.recurrence;
  if (closing === undefined) return;
  throw new LullError(
    "refused",
    `site ${siteLabel(site)} is closed by "${closing.name}", and removing it would open it or hand its visitors to another site; open it first, or add --force`,
  );
}

function replaced(sites: readonly Site[], after: Site): readonly Site[] {
  return sites.map((site) => (site.id === after.id ? after : site));
}

function takesAnyHostAway(site: Site): LullError {
  return new LullError(
    "refused",
    `site ${siteLabel(site)} answers for every host that is nobody else's, and that would end; the setting unknown_host then decides. Add --force to do it`,
  );
}

function refuseTaken(sites: readonly Site[], domain: string, exceptId: number | null): void {
  const owner = sites.find((site) => (site.domain === domain && site.id !== exceptId) || site.aliases.includes(domain));
  if (owner !== undefined) throw new LullError("refused", `${domain} belongs to site ${siteLabel(owner)} already`);
}
