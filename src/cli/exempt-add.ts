import { addExemption } from "../actions/exemptions.ts";
import { LullError } from "../gate/error.ts";
import type { Exemption, ExemptionKind } from "../gate/exemption.ts";
import type { InstantMs } from "../gate/period.ts";
import { parseDuration } from "../time/duration.ts";
import { type InstantContext, parseInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { chosenSites } from "./chosen-sites.ts";
import { closing } from "./closing.ts";
import type { Command } from "./command.ts";
import { auditArgs, commonArgs, siteArgs, waitArgs } from "./common-args.ts";
import { describeExemption } from "./describe-exemption.ts";
import { until } from "./describe-period.ts";
import { refuseBoth } from "./refuse-both.ts";
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
      for: { type: "string", valueHint: "8h", description: "how long it holds (default: for ever)" },
      expires: { type: "string", valueHint: "TIME", description: "until when, instead of --for" },
      ...zoneArgs,
      ...auditArgs,
      ...waitArgs,
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
  return closing<readonly Exemption[]>({ shell, given }, (context, config) => {
    const clock = clockOf(given, config, context.now);
    const exemption = {
      kind,
      value: given.text(kind) ?? "",
      description: given.text("description") ?? "",
      expires: expiryOf(given, clock),
    };
    return {
      act: async (database) => {
        const sites = await chosenSites(given, database);
        return addExemption(database, context, { ...exemption, sites });
      },
      intent: () => "open",
      tell: ({ result, changed }) => {
        const added = context.dryRun ? "would be added" : "added";
        const lines = result.map((row) => {
          const end = row.expires === null ? "" : `, ${until(row.expires, clock.timezone)}`;
          return `exemption ${row.id} ${changed ? added : "is there already"}: ${describeExemption(row)}${end}`;
        });
        return { lines, data: { exemptions: result } };
      },
    };
  });
}

/** null: it never expires. Throws LullError. */
function expiryOf(given: Given, clock: InstantContext): InstantMs | null {
  refuseBoth(given, "for", "expires");
  const duration = given.text("for");
  if (duration !== undefined) return clock.now + parseDuration(duration);
  const expires = given.text("expires");
  return expires === undefined ? null : parseInstant(expires, clock);
}
