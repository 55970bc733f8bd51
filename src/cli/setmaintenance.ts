import type { ArgsDef } from "citty";
import { findSites, siteLabel } from "../actions/find-sites.ts";
import { beginHold, endHolds, maintenanceName } from "../actions/hold.ts";
import type { Config } from "../config-keys.ts";
import { LullError } from "../gate/error.ts";
import type { Site } from "../gate/site.ts";
import type { Changed } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { readSites } from "../store/sites.ts";
import { commonArgs, type Given, waitArgs } from "./arguments.ts";
import { configFor } from "./config-for.ts";
import { patienceOf, reach } from "./reach.ts";
import { stillClosed, stillReachable } from "./remaining.ts";
import { deliver } from "./report.ts";
import { contextOf, snapshotOf, writing } from "./session.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";

const args: ArgsDef = {
  state: { type: "positional", valueHint: "on|off", description: "on closes, off opens" },
  site: {
    type: "positional",
    required: false,
    valueHint: "SITE ...",
    description: "number, domain or alias (default: default_site)",
  },
  "ignore-missing": { type: "boolean", alias: "i", description: "skip sites that do not exist" },
  all: { type: "boolean", description: "every site" },
  reason: { type: "string", valueHint: "TEXT", description: "why, for status and audit" },
  ...waitArgs,
  ...commonArgs,
};

export function setmaintenance(shell: Shell) {
  return strictCommand({
    name: "setmaintenance",
    description: "Closes sites until further notice, or opens them again.",
    args,
    run: (given) => run(shell, given),
  });
}

async function run(shell: Shell, given: Given): Promise<number> {
  const [state, ...names] = given.words;
  if (state !== "on" && state !== "off")
    throw new LullError("usage", `invalid choice: "${state}" (choose from on, off)`);
  if (given.flag("all") && names.length > 0)
    throw new LullError("usage", `--all and the site ${names[0]} exclude each other; give one`);
  const config = configFor(shell, given);
  const patience = patienceOf(given);
  return writing(config, async (database) => {
    const chosen = choose(await readSites(database.orm), names, given, config);
    const context = contextOf(shell, given);
    const { result, revision, changed } = await flip(database, context, state, chosen.found);
    const reached = await reach(database, revision, patience, state === "on" ? "close" : "open");
    const lines = [
      ...result.map(
        ({ site, change }) => `Site ${siteLabel(site)} ${change === "none" ? "already" : "is now"} ${state}`,
      ),
      ...chosen.unknown.map((name) => `unknown site ${name} - skipping`),
    ];
    const view = { config, snapshot: await snapshotOf(database, config), sites: chosen.found, now: shell.now() };
    const after = state === "on" ? stillReachable(view) : stillClosed(view);
    return deliver(shell, given, {
      exitCode: reached.exitCode,
      lines: reached.proven ? lines : [],
      words: [`database ${database.path}`, ...after.words, ...reached.words],
      data: {
        database: database.path,
        revision,
        changed,
        sites: result.map(({ site, change }) => ({
          id: site.id,
          domain: site.domain,
          state,
          changed: change !== "none",
        })),
        skipped: chosen.unknown,
        ...after.data,
        ...reached.data,
      },
    });
  });
}

interface Flipped {
  readonly site: Site;
  readonly change: "made" | "none";
}

async function flip(
  database: Database,
  context: ReturnType<typeof contextOf>,
  state: "on" | "off",
  sites: readonly Site[],
): Promise<Changed<readonly Flipped[]>> {
  if (state === "on") {
    const done = await beginHold(database, context, {
      sites,
      name: maintenanceName,
      end: null,
      mode: "full",
      whenShorter: "keep",
    });
    return {
      ...done,
      result: sites.map((site, index) => ({ site, change: done.result[index]?.kind === "already" ? "none" : "made" })),
    };
  }
  const done = await endHolds(database, context, { siteIds: sites.map((site) => site.id), name: maintenanceName });
  const ended = new Set(done.result.map((period) => period.siteId));
  // A site that was named twice is opened once; the second time it is off already.
  return { ...done, result: sites.map((site) => ({ site, change: ended.delete(site.id) ? "made" : "none" })) };
}

function choose(
  sites: readonly Site[],
  names: readonly string[],
  given: Given,
  config: Config,
): ReturnType<typeof findSites> {
  if (given.flag("all")) return { found: sites, unknown: [] };
  const chosen = findSites(sites, names.length > 0 ? names : [String(config.defaultSite)]);
  if (chosen.unknown.length === 0 || given.flag("ignore-missing")) return chosen;
  const numbers = chosen.unknown.filter((name) => /^\d+$/.test(name));
  const others = chosen.unknown.filter((name) => !numbers.includes(name));
  throw new LullError(
    "refused",
    [
      ...(numbers.length > 0 ? [`Unknown site ids: ${numbers.join(" ")}`] : []),
      ...others.map((name) => `no site ${name}`),
    ].join("; "),
  );
}
