import { siteLabel } from "../actions/find-sites.ts";
import type { Period } from "../gate/period.ts";
import { isSafeMethod, type ReadonlyRule } from "../gate/readonly-rule.ts";
import type { SiteState } from "../gate/site-state.ts";
import type { ClosedVerdict, Verdict } from "../gate/verdict.ts";
import type { Visit } from "../gate/visit.ts";
import { formatInstant } from "../time/instant.ts";
import type { AddressSource } from "./address-source.ts";
import { describeAddress } from "./describe-address.ts";
import { describePeriod, describeWhole } from "./describe-period.ts";
import { describeReadonlyRule } from "./describe-readonly-rule.ts";
import type { ReadonlyDecision } from "./readonly-decision.ts";

/** A verdict and what it is about. */
export interface Explained {
  readonly verdict: Verdict;
  readonly visit: Visit;
  readonly source: AddressSource;
  /** The exemption that decided, in words; null: none did. */
  readonly rule: string | null;
  /** As whom the visitor comes, in words; null: as nobody. */
  readonly standing: string | null;
  /** That nobody can be that by this configuration; null: somebody can, or nobody is meant. */
  readonly nobody: string | null;
  /** What runs on the visitor's site, and what is next; null: the host is nobody's or cannot be read. */
  readonly state: Pick<SiteState, "periods" | "next"> | null;
  /** null: something else than the mode of read-only periods decided. */
  readonly readonlyDecision: ReadonlyDecision | null;
}

/** A verdict in lines for people: what, why, for which visit, when that ends, and what is next. */
export function describeVerdict(explained: Explained, timezone: string): readonly string[] {
  const { verdict, visit, source, rule, standing, nobody, state } = explained;
  const site = verdict.site === null ? "none of ours" : siteLabel(verdict.site);
  const path =
    visit.path === null
      ? "path: can be read in more than one way, or not at all, so no exemption covers it"
      : `path: ${visit.path}`;
  const next = state?.next ?? null;
  return [
    `${verdict.kind}: ${reasonOf(explained)} (${verdict.why})`,
    `site: ${site}`,
    path,
    `address: ${describeAddress(source)}`,
    ...(standing === null ? [] : [`as: ${standing}`]),
    ...(nobody === null ? [] : [nobody]),
    ...(rule === null ? [] : [`rule: ${rule}`]),
    ...(verdict.kind === "closed" ? openingOf(verdict, timezone) : runningOf(state?.periods ?? [], timezone)),
    ...(next === null ? [] : [`next: ${describeWhole(next, timezone)}`]),
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

function reasonOf({ verdict, visit, readonlyDecision }: Explained): string {
  switch (verdict.why) {
    case "no-period":
      return "no period is running";
    case "readonly-safe-method":
      return onlyReadonly(visit, readonlyDecision?.rule ?? null);
    case "exempt-exact":
    case "exempt-path":
    case "exempt-pattern":
      return `the path is exempt by ${verdict.exemption}`;
    case "exempt-network":
      return `the client is exempt by ${verdict.exemption}`;
    case "bypass":
      return "the visitor shows a bypass";
    case "staff":
    case "superuser":
      return `the visitor is ${verdict.why === "staff" ? "staff" : "a superuser"}`;
    case "period":
      return readonlyDecision === null ? "a period is running" : onlyReadonly(visit, readonlyDecision.rule);
    case "unreadable-visit":
      return `the visit cannot be read (${visit.fault}), and is held while something is closed`;
    case "unknown-host":
      return "the host is nobody's, and the setting unknown_host decides";
  }
}

/** Why the mode `readonly` holds the method of a visit, or lets it pass. */
function onlyReadonly({ method }: Visit, rule: ReadonlyRule | null): string {
  const running = "only read-only periods are running, and";
  if (rule !== null) return `${running} ${method} is ${rule.effect} by rule ${rule.id}: ${describeReadonlyRule(rule)}`;
  return `${running} ${isSafeMethod(method) ? `${method} changes nothing` : `${method} is not GET, HEAD or OPTIONS, nor safe by a rule`}`;
}
