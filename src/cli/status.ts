import type { ArgsDef } from "citty";
import { requireSites } from "../actions/find-sites.ts";
import type { Site } from "../gate/site.ts";
import { type SiteState, siteState } from "../gate/site-state.ts";
import { readSidecars, type Sidecar } from "../store/sidecars.ts";
import { formatInstant, formatUtc } from "../time/instant.ts";
import { commonArgs, type Given } from "./arguments.ts";
import { describePeriod } from "./closed-by.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { deliver } from "./report.ts";
import { reading, snapshotOf } from "./session.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";
import { table } from "./table.ts";

const args: ArgsDef = {
  site: {
    type: "positional",
    required: false,
    valueHint: "SITE ...",
    description: "number, domain or alias (default: all)",
  },
  "exit-code": { type: "boolean", description: "exit 0 open, 10 closed, 11 read-only: the worst of the sites" },
  ...commonArgs,
};

export function status(shell: Shell) {
  return strictCommand({
    name: "status",
    description: "Shows which sites are closed, by what, until when, and which sidecars serve that.",
    args,
    run: (given) => run(shell, given),
  });
}

async function run(shell: Shell, given: Given): Promise<number> {
  const config = configFor(shell, given);
  const now = shell.now();
  return reading(config, async (database) => {
    const snapshot = await snapshotOf(database, config);
    const all = [...snapshot.sites.values()].map((rules) => rules.site);
    const sites = given.words.length === 0 ? all : requireSites(all, given.words);
    const states = sites.map((site) => ({ site, ...siteState(snapshot, site.id, now) }));
    const sidecars = await readSidecars(database.orm);
    const rows = states.map(({ site, state, periods, chain }) => [
      String(site.id),
      site.domain,
      state,
      opening(state, chain.opensAt, config.timezone),
      periods.map((period) => describePeriod(period, config.timezone)).join("; "),
    ]);
    return deliver(shell, given, {
      exitCode: given.flag("exit-code") ? worst(states.map(({ state }) => state)) : exitCode.done,
      lines: table(["SITE", "DOMAIN", "STATE", "OPENS", "BECAUSE OF"], rows),
      words: [`database ${database.path}, revision ${snapshot.revision}`, ...sidecarWords(sidecars, snapshot.revision)],
      data: {
        database: database.path,
        revision: snapshot.revision,
        sites: states.map(({ site, state, periods, chain }) => ({
          ...publicSite(site),
          state,
          periods,
          opensAt: chain.opensAt === null || state === "open" ? null : formatUtc(chain.opensAt),
        })),
        sidecars,
      },
    });
  });
}

function publicSite(site: Site) {
  return { id: site.id, domain: site.domain, aliases: site.aliases, name: site.name };
}

function opening(state: SiteState["state"], opensAt: number | null, timezone: string): string {
  if (state === "open") return "";
  return opensAt === null ? "unknown" : formatInstant(opensAt, timezone);
}

function worst(states: readonly SiteState["state"][]): number {
  if (states.includes("closed")) return exitCode.closed;
  return states.includes("readonly") ? exitCode.readonly : exitCode.done;
}

function sidecarWords(sidecars: readonly Sidecar[], revision: number): readonly string[] {
  if (sidecars.length === 0)
    return ["no sidecar is registered: nobody asks this database, so nothing is closed for visitors"];
  return sidecars.map((sidecar) => {
    const behind =
      sidecar.revision < revision
        ? `serves the older revision ${sidecar.revision}`
        : `serves revision ${sidecar.revision}`;
    return `sidecar ${sidecar.hostname} process ${sidecar.processId} on ${sidecar.listen} ${behind}, last seen ${formatUtc(sidecar.seenAt)}`;
  });
}
