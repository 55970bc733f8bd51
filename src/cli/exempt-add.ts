import { addExemption } from "../actions/exemptions.ts";
import { LullError } from "../gate/error.ts";
import type { ExemptionKind } from "../gate/exemption.ts";
import { parseInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { changing } from "./changing.ts";
import { chosenSites } from "./chosen-sites.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, siteArgs } from "./common-args.ts";
import { describeExemption } from "./describe-exemption.ts";
import { until } from "./describe-period.ts";
import type { Shell } from "./shell.ts";
import { clockOf, zoneArgs } from "./zone-args.ts";

const kinds: readonly ExemptionKind[] = ["exact", "path", "pattern", "network"];

export function exemptAdd(shell: Shell): Command {
  return {
    args: {
      exact: { type: "string", valueHint: "/PATH", description: "exactly this path" },
      path: { type: "string", valueHint: "/PATH", description: "this path and what is below it" },
      pattern: { type: "string", valueHint: "RE2", description: "paths that begin with a match of this RE2 pattern" },
      network: { type: "string", valueHint: "CIDR", description: "visitors from this network" },
      ...siteArgs,
      description: { type: "string", valueHint: "TEXT", description: "what it is for" },
      expires: { type: "string", valueHint: "TIME", description: "until when it holds (default: for ever)" },
      ...zoneArgs,
      ...auditArgs,
      ...commonArgs,
    },
    // An empty one is understood, and refused for what it would exempt.
    mayBeEmpty: kinds,
    run: (given) => run(shell, given),
  };
}

function run(shell: Shell, given: Given): Promise<number> {
  const [kind, ...others] = kinds.filter((name) => given.text(name) !== undefined);
  if (kind === undefined || others.length > 0) {
    throw new LullError("usage", "give one of --exact, --path, --pattern and --network");
  }
  return changing(
    { shell, given },
    (context, config) => {
      const clock = clockOf(given, config, context.now);
      const expires = given.text("expires");
      const exemption = {
        kind,
        value: given.text(kind) ?? "",
        description: given.text("description") ?? "",
        expires: expires === undefined ? null : parseInstant(expires, clock),
      };
      return async (database) => {
        const sites = await chosenSites(given, database);
        const added = await addExemption(database, context, { ...exemption, sites });
        return { ...added, result: { exemptions: added.result, timezone: clock.timezone } };
      };
    },
    {
      lines: ({ exemptions, timezone }, changed) =>
        exemptions.map((row) => {
          const end = row.expires === null ? "" : `, ${until(row.expires, timezone)}`;
          return `exemption ${row.id} ${changed ? "added" : "is there already"}: ${describeExemption(row)}${end}`;
        }),
      data: ({ exemptions }) => ({ exemptions }),
    },
  );
}
