import { siteLabel } from "../actions/find-sites.ts";
import type { Period } from "../gate/period.ts";
import { isSafeMethod } from "../gate/readonly-rule.ts";
import type { SiteState } from "../gate/site-state.ts";
import type { ClosedVerdict, Verdict } from "../gate/verdict.ts";
import type { Visit } from "../gate/visit.ts";
import { formatInstant } from "../time/instant.ts";
import { describePeriod } from "./closed-by.ts";

/** A verdict and what it is about. */
export interface Explained {
  readonly verdict: Verdict;
  readonly visit: Visit;
  /** What runs on the visitor's site, and what is next; null: the host is nobody's or cannot be read. */
  readonly state: Pick<SiteState, "periods" | "next"> | null;
}

/** A verdict in lines for people: what, why, for which visit, when that ends, and what is next. */
export function describeVerdict({ verdict, visit, state }: Explained, timezone: string): readonly string[] {
  const site = verdict.site === null ? "none of ours" : siteLabel(verdict.site);
  const path =
    visit.path === null
      ? "path: can be read in more than one way, or not at all, so no exemption covers it"
      : `path: ${visit.path}`;
  const next = state?.next ?? null;
  return [
    `${verdict.kind}: ${reasonOf(verdict, visit)} (${verdict.why})`,
    `site: ${site}`,
    path,
    `client: ${visit.client.address ?? "unknown, so no network covers it"}`,
    ...(verdict.kind === "closed" ? openingOf(verdict, timezone) : runningOf(state?.periods ?? [], timezone)),
    ...(next === null ? [] : [`next: ${describePeriod(next, timezone)}, from ${formatInstant(next.start, timezone)}`]),
  ];
}

function openingOf({ chain, opensAt }: ClosedVerdict, timezone: string): readonly string[] {
  const opening = opensAt === null ? "unknown" : formatInstant(opensAt, timezone);
  return [...chain.map((period) => `because of: ${describePeriod(period, timezone)}`), `expected opening: ${opening}`];
}

/** What closes the site for others. */
function runningOf(periods: readonly Period[], timezone: string): readonly string[] {
  return periods.map((period) => `running: ${describePeriod(period, timezone)}`);
}

function reasonOf(verdict: Verdict, visit: Visit): string {
  switch (verdict.why) {
    case "no-period":
      return "no period is running";
    case "readonly-safe-method":
      return `only read-only periods are running, and ${whySafe(visit)}`;
    case "exempt-exact":
    case "exempt-path":
    case "exempt-pattern":
      return `the path is exempt by ${verdict.exemption}`;
    case "exempt-network":
      return `the client is exempt by ${verdict.exemption}`;
    case "period":
      return "a period is running";
    case "unreadable-visit":
      return `the visit cannot be read (${visit.fault}), and is held while something is closed`;
    case "unknown-host":
      return "the host is nobody's, and the setting unknown_host decides";
  }
}

function whySafe({ method }: Visit): string {
  return isSafeMethod(method) ? `${method} changes nothing` : `a rule calls ${method} safe there`;
}
