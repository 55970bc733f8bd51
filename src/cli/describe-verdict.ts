import { siteLabel } from "../actions/find-sites.ts";
import type { Verdict } from "../gate/verdict.ts";
import type { Visit } from "../gate/visit.ts";
import { formatInstant } from "../time/instant.ts";
import { describePeriod } from "./closed-by.ts";

/** A verdict in lines for people: what, why, for which visit, and when that ends. */
export function describeVerdict(verdict: Verdict, visit: Visit, timezone: string): readonly string[] {
  const site = verdict.site === null ? "none of ours" : siteLabel(verdict.site);
  const path =
    visit.path === null
      ? "path: can be read in more than one way, or not at all, so no exemption covers it"
      : `path: ${visit.path}`;
  const lines = [
    `${verdict.kind}: ${reasonOf(verdict, visit)} (${verdict.why})`,
    `site: ${site}`,
    path,
    `client: ${visit.client.address ?? "unknown, so no network covers it"}`,
  ];
  if (verdict.kind === "open") return lines;
  const opening = verdict.opensAt === null ? "unknown" : formatInstant(verdict.opensAt, timezone);
  const chain = verdict.chain.map((period) => `because of: ${describePeriod(period, timezone)}`);
  return [...lines, ...chain, `expected opening: ${opening}`];
}

function reasonOf(verdict: Verdict, visit: Visit): string {
  switch (verdict.why) {
    case "no-period":
      return "no period is running";
    case "readonly-safe-method":
      return `only read-only periods are running, and ${visit.method} changes nothing`;
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
