import { requireSites } from "../actions/find-sites.ts";
import { knownSiteState } from "../gate/known-lease.ts";
import type { InstantMs } from "../gate/period.ts";
import type { SiteState } from "../gate/site-state.ts";
import { readSidecars, type Sidecar } from "../store/sidecars.ts";
import type { Given } from "./arguments.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteWords } from "./common-args.ts";
import { configFor } from "./config-for.ts";
import { describeNext } from "./describe-next.ts";
import { describePeriod } from "./describe-period.ts";
import { exitCode } from "./exit-code.ts";
import { faultWords } from "./fault-words.ts";
import { localTime } from "./local-time.ts";
import { deliver, outputOf } from "./report.ts";
import { reading, snapshotOf } from "./session.ts";
import type { Shell } from "./shell.ts";
import { shownZoneArgs } from "./shown-zone.ts";
import { describeSeen, isSilent } from "./sidecar-words.ts";
import { table } from "./table.ts";
import { clockOf } from "./zone-args.ts";

export function status(shell: Shell): Command {
  return {
    args: {
      ...siteWords("all"),
      "exit-code": { type: "boolean", description: "exit 0 open, 10 closed, 11 read-only: the worst of the sites" },
      ...shownZoneArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const { now, timezone } = clockOf(given, config, shell.now());
  return reading(config, async (database) => {
    const { snapshot, faults } = await snapshotOf(database, config, { now });
    const all = [...snapshot.sites.values()].map((rules) => rules.site);
    const sites = given.words.length === 0 ? all : [...new Set(requireSites(all, given.words))];
    const unusable = faultWords(faults, given.words.length === 0 ? null : sites);
    const states = sites.map((site) => ({ site, ...knownSiteState(snapshot, site.id, now) }));
    const sidecars = await readSidecars(database.orm);
    const rows = states.map(({ site, state, periods, chain, next }) => [
      String(site.id),
      site.domain,
      state === "readonly" ? "read-only" : state,
      state === "open" ? "" : chain.opensAt === null ? "unknown" : localTime(chain.opensAt, timezone),
      describeNext(next, timezone),
      periods.map((period) => describePeriod(period, timezone)).join("; "),
    ]);
    return deliver(shell, outputOf(given), {
      exitCode: given.flag("exit-code") ? worst(states) : exitCode.done,
      lines: table(["SITE", "DOMAIN", "STATE", "OPENS", "NEXT", "BECAUSE OF"], rows),
      words: [
        `database ${database.path}, revision ${snapshot.revision}`,
        ...unusable,
        ...sidecarWords(sidecars, { revision: snapshot.revision, timezone, now, states }),
      ],
      data: {
        database: database.path,
        revision: snapshot.revision,
        sites: states.map(({ site: { id, domain, aliases, name }, state, periods, chain, next }) => {
          const opensAt = state === "open" ? null : chain.opensAt;
          return { id, domain, aliases, name, state, opensAt, periods, next };
        }),
        sidecars: sidecars.map((sidecar) => ({ ...sidecar, silent: isSilent(sidecar, now) })),
        faults: unusable,
      },
    });
  });
}

function worst(states: readonly SiteState[]): number {
  if (states.some(({ state }) => state === "closed")) return exitCode.closed;
  return states.some(({ state }) => state === "readonly") ? exitCode.readonly : exitCode.done;
}

interface Circumstances {
  readonly revision: number;
  readonly timezone: string;
  readonly now: InstantMs;
  readonly states: readonly SiteState[];
}

function sidecarWords(sidecars: readonly Sidecar[], circumstances: Circumstances): readonly string[] {
  const { revision, timezone, now, states } = circumstances;
  if (sidecars.length === 0) {
    const consequence = worst(states) === exitCode.done ? "" : ", so nothing is closed for visitors";
    return [`no sidecar is registered: nobody asks this database${consequence}`];
  }
  const words = sidecars.map((sidecar) => {
    const behind = sidecar.revision < revision ? ", which is older than the database" : "";
    return `sidecar ${describeSeen(sidecar, timezone, now)}${behind}`;
  });
  if (sidecars.some((sidecar) => isSilent(sidecar, now)))
    words.push('one that is gone for good is taken off the list by "lull sidecar remove INSTANCE"');
  return words;
}
