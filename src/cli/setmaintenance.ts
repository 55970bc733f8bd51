import { describeUnknown, findSites, siteLabel } from "../actions/find-sites.ts";
import { beginHold, endHolds, maintenanceName } from "../actions/hold.ts";
import type { Config } from "../config/keys.ts";
import { LullError } from "../gate/error.ts";
import type { Period } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import type { ChangeContext, Changed } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { readSites } from "../store/sites.ts";
import type { Given } from "./arguments.ts";
import type { Call } from "./changing.ts";
import { closing, type Outcome, type Told } from "./closing.ts";
import type { Command } from "./command.ts";
import { commonArgs, siteWords, waitArgs } from "./common-args.ts";
import { lockedOut } from "./locked-out.ts";
import { stillClosed, stillReachable } from "./remaining.ts";
import type { Shell } from "./shell.ts";

export function setmaintenance(shell: Shell): Command {
  return {
    args: {
      state: { type: "positional", valueHint: "on|off", description: "on closes, off opens" },
      ...siteWords("the setting default_site"),
      "ignore-missing": { type: "boolean", alias: "i", description: "skip sites that do not exist" },
      all: { type: "boolean", description: "every site" },
      reason: { type: "string", valueHint: "TEXT", description: "why, for status, audit, and visitors" },
      ...waitArgs,
      ...commonArgs,
    },
    run: (given) => run(shell, given),
  };
}

interface Flipped {
  readonly sites: readonly { readonly site: Site; readonly changed: boolean }[];
  readonly unknown: readonly string[];
  readonly ended: readonly Period[];
}

async function run(shell: Shell, given: Given): Promise<number> {
  const [state = "", ...names] = given.words;
  if (state !== "on" && state !== "off") {
    throw new LullError("usage", `invalid choice: "${state}" (choose from on, off)`);
  }
  if (given.flag("all") && names.length > 0) {
    throw new LullError("usage", `--all and the site ${names[0]} exclude each other; give one`);
  }
  return closing<Flipped>({ shell, given }, (context, config) => ({
    act: async (database) => {
      const { found, unknown } = choose(await readSites(database.orm), given, config);
      const done = await (state === "on" ? close : open)(database, context, found);
      return { ...done, result: { ...done.result, unknown } };
    },
    intent: ({ sites }) => (state === "on" && sites.length > 0 ? "close" : "open"),
    tell: (outcome) => tell({ shell, given }, outcome, state),
  }));
}

type Done = Changed<Omit<Flipped, "unknown">>;

async function close(database: Database, context: ChangeContext, sites: readonly Site[]): Promise<Done> {
  const request = { sites, name: maintenanceName, end: null, mode: "full", whenShorter: "keep" } as const;
  const done = await beginHold(database, context, request);
  const flipped = sites.map((site, index) => ({ site, changed: done.result[index]?.kind !== "already" }));
  return { ...done, result: { sites: flipped, ended: [] } };
}

async function open(database: Database, context: ChangeContext, sites: readonly Site[]): Promise<Done> {
  const done = await endHolds(database, context, { siteIds: sites.map((site) => site.id), name: maintenanceName });
  const ended = new Set(done.result.map((period) => period.siteId));
  // A site that was named twice is opened once; the second time it is off already.
  const flipped = sites.map((site) => ({ site, changed: ended.delete(site.id) }));
  return { ...done, result: { sites: flipped, ended: done.result } };
}

async function tell(call: Call, outcome: Outcome<Flipped>, state: "on" | "off"): Promise<Told> {
  const { sites, unknown, ended } = outcome.result;
  const now = outcome.context.dryRun ? "would now be" : "is now";
  const all = sites.map(({ site }) => site);
  // What stays reachable of a site that may not be closed at all would only mislead.
  const closes = state === "on" && all.length > 0 && outcome.proven;
  const rest = closes
    ? await stillReachable(outcome, all)
    : state === "off"
      ? await stillClosed(outcome, { sites: all, ended, timezone: outcome.config.timezone })
      : null;
  const caller = state === "on" ? await lockedOut(call, outcome, all) : null;
  return {
    lines: [
      ...sites.map(({ site, changed }) => `Site ${siteLabel(site)} ${changed ? now : "already"} ${state}`),
      ...unknown.map((name) => `unknown site ${name} - skipping`),
      ...(sites.length + unknown.length === 0 ? ["there are no sites"] : []),
    ],
    words: [...(rest?.words ?? []), ...(caller?.words ?? [])],
    data: {
      sites: sites.map(({ site, changed }) => ({ id: site.id, domain: site.domain, flag: state, changed })),
      unknown,
      ...rest?.data,
      ...caller?.data,
    },
  };
}

/** In the order in which they were named. Throws LullError that names all unknown ones. */
function choose(sites: readonly Site[], given: Given, config: Config): ReturnType<typeof findSites> {
  if (given.flag("all")) return { found: sites, unknown: [] };
  const names = given.words.slice(1);
  const chosen = findSites(sites, names.length > 0 ? names : [String(config.defaultSite)]);
  if (chosen.unknown.length === 0 || given.flag("ignore-missing")) return chosen;
  const numbers = chosen.unknown.filter((name) => /^\d+$/.test(name));
  const others = chosen.unknown.filter((name) => !numbers.includes(name));
  const faults = [
    ...(numbers.length > 0 ? [`Unknown site ids: ${numbers.join(" ")}`] : []),
    ...others.map((name) => describeUnknown(sites, name)),
  ];
  const advice = 'nothing was changed; "lull site list" shows the sites, -i skips those that do not exist';
  throw new LullError("refused", `${faults.join("; ")}\n${advice}`);
}
