import { requireSites } from "../actions/find-sites.ts";
import { downtimeName, endHolds } from "../actions/hold.ts";
import type { Period } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { readSites } from "../store/sites.ts";
import { formatInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { closing, type Outcome, type Told } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, siteArgs, waitArgs } from "./common-args.ts";
import { numberOf } from "./describe-period.ts";
import { refuseBoth } from "./refuse-both.ts";
import { stillClosed } from "./remaining.ts";
import { byNumber, scopeOf } from "./scope.ts";
import type { Shell } from "./shell.ts";
import { shownZoneArgs } from "./shown-zone.ts";
import { clockOf } from "./zone-args.ts";

export function downtimeEnd(shell: Shell): Command {
  const description = "only periods on these very sites; may be repeated (default: everywhere)";
  return {
    args: {
      site: { ...siteArgs["site"], description },
      name: { type: "string", valueHint: "NAME", description: `only periods of this name (${downtimeName})` },
      "all-names": { type: "boolean", description: "periods of every name, the flag of setmaintenance among them" },
      ...auditArgs,
      ...shownZoneArgs,
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

interface Ended {
  /** Where to look for what still closes. */
  readonly sites: readonly Site[];
  /** null: every name. */
  readonly name: string | null;
  readonly ended: readonly Period[];
}

function run(shell: Shell, given: Given): Promise<number> {
  refuseBoth(given, "name", "all-names");
  return closing<Ended>({ shell, given }, (context, config) => ({
    act: async (database) => {
      const all = await readSites(database.orm);
      const names = given.list("site");
      const chosen = names.length === 0 ? null : requireSites(all, names);
      const name = given.flag("all-names") ? null : (given.text("name") ?? downtimeName);
      const done = await endHolds(database, context, { siteIds: chosen?.map((site) => site.id) ?? null, name });
      return { ...done, result: { sites: chosen ?? all, name, ended: done.result } };
    },
    intent: () => "open",
    tell: (outcome) => tell(outcome, clockOf(given, config, context.now).timezone),
  }));
}

async function tell(outcome: Outcome<Ended>, timezone: string): Promise<Told> {
  const { context, result } = outcome;
  const { sites, name, ended } = result;
  const verb = context.dryRun ? "would end" : "ended";
  const known = byNumber(sites);
  const rest = await stillClosed(outcome, { sites, ended, timezone });
  return {
    lines:
      ended.length === 0
        ? [`nothing was running${name === null ? "" : ` under the name "${name}"`}`]
        : [
            ...(context.dryRun ? [] : ["Successfully ended downtime"]),
            ...ended.map((period) => `${verb} ${describeEnded(period, known, timezone)}`),
          ],
    words: rest.words,
    data: { ended, ...rest.data },
  };
}

function describeEnded(period: Period, sites: ReadonlyMap<number, Site>, timezone: string): string {
  const reason = period.reason === "" ? "" : `: ${period.reason}`;
  const since = formatInstant(period.start, timezone);
  return `"${period.name}" on ${scopeOf(period.siteId, sites)} (${numberOf(period)}), running since ${since} by ${period.owner}${reason}`;
}
