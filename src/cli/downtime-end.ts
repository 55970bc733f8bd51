import type { ArgsDef } from "citty";
import { requireSites } from "../actions/find-sites.ts";
import { downtimeName, endHolds } from "../actions/hold.ts";
import { LullError } from "../gate/error.ts";
import { readSites } from "../store/sites.ts";
import { commonArgs, type Given, waitArgs } from "./arguments.ts";
import { describePeriod } from "./closed-by.ts";
import { configFor } from "./config-for.ts";
import { patienceOf, reach } from "./reach.ts";
import { stillClosed } from "./remaining.ts";
import { deliver } from "./report.ts";
import { contextOf, snapshotOf, writing } from "./session.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";

const args = {
  site: {
    type: "string",
    valueHint: "SITE ...",
    description: "only periods on these sites; may be repeated (default: everywhere)",
  },
  name: { type: "string", valueHint: "NAME", description: `only periods of this name (${downtimeName})` },
  "all-names": { type: "boolean", description: "periods of every name, the flag of setmaintenance among them" },
  reason: { type: "string", valueHint: "TEXT", description: "why, for the audit" },
  ...waitArgs,
  ...commonArgs,
} as const satisfies ArgsDef;

export function downtimeEnd(shell: Shell) {
  return strictCommand({
    name: "downtime_end",
    description: "Ends running downtime now, and says what still closes.",
    args,
    run: (given) => run(shell, given),
  });
}

async function run(shell: Shell, given: Given): Promise<number> {
  if (given.flag("all-names") && given.text("name") !== undefined) {
    throw new LullError("usage", "--name and --all-names exclude each other; give one");
  }
  const config = configFor(shell, given);
  const patience = patienceOf(given);
  const context = contextOf(shell, given);
  return writing(config, async (database) => {
    const all = await readSites(database.orm);
    const names = given.list("site");
    const chosen = names.length === 0 ? null : requireSites(all, names);
    const name = given.flag("all-names") ? null : (given.text("name") ?? downtimeName);
    const { result, revision, changed } = await endHolds(database, context, {
      siteIds: chosen?.map((site) => site.id) ?? null,
      name,
    });
    const reached = await reach(database, revision, patience, "open");
    const snapshot = await snapshotOf(database, config);
    const remaining = stillClosed({ config, snapshot, sites: chosen ?? all, now: shell.now() });
    const nothing = `nothing was running${name === null ? "" : ` under the name "${name}"`}`;
    return deliver(shell, given, {
      exitCode: reached.exitCode,
      lines: !reached.proven
        ? []
        : changed
          ? [
              "Successfully ended downtime",
              ...result.map((period) => `ended ${describePeriod(period, config.timezone)}`),
            ]
          : [nothing],
      words: [`database ${database.path}`, ...remaining.words, ...reached.words],
      data: { database: database.path, revision, changed, ended: result, ...remaining.data, ...reached.data },
    });
  });
}
