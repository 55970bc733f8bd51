import type { ArgsDef } from "citty";
import { addExemption, removeExemption } from "../actions/exemptions.ts";
import { requireSites } from "../actions/find-sites.ts";
import { configurationExemptions } from "../config-exemptions.ts";
import { LullError } from "../gate/error.ts";
import type { Exemption, ExemptionKind } from "../gate/exemption.ts";
import { type StoredExemption, selectExemptions } from "../store/exemptions.ts";
import { readSites } from "../store/sites.ts";
import { formatInstant, parseInstant } from "../time/instant.ts";
import { commonArgs, type Given } from "./arguments.ts";
import { changing } from "./changing.ts";
import { configFor } from "./config-for.ts";
import { exitCode } from "./exit-code.ts";
import { numberWord } from "./number-word.ts";
import { deliver } from "./report.ts";
import { reading } from "./session.ts";
import type { Shell } from "./shell.ts";
import { strictCommand } from "./strict-command.ts";
import { table } from "./table.ts";

const addArgs = {
  exact: { type: "string", valueHint: "/PATH", description: "exactly this path" },
  path: { type: "string", valueHint: "/PATH", description: "this path and what is below it" },
  pattern: { type: "string", valueHint: "RE2", description: "paths that begin with a match of this RE2 pattern" },
  network: { type: "string", valueHint: "CIDR", description: "visitors from this network" },
  site: {
    type: "string",
    valueHint: "SITE ...",
    description: "number, domain or alias; may be repeated (default: all sites)",
  },
  description: { type: "string", valueHint: "TEXT", description: "what it is for" },
  expires: { type: "string", valueHint: "TIME", description: "until when it holds (default: for ever)" },
  ...commonArgs,
} as const satisfies ArgsDef;
const removeArgs: ArgsDef = {
  number: { type: "positional", valueHint: "NUMBER", description: 'the number that "exempt list" shows' },
  ...commonArgs,
};
const kinds: readonly ExemptionKind[] = ["exact", "path", "pattern", "network"];

export function exemptAdd(shell: Shell) {
  const run = (given: Given) => {
    const [kind, ...others] = kinds.filter((name) => given.text(name) !== undefined);
    if (kind === undefined || others.length > 0)
      throw new LullError("usage", "give one of --exact, --path, --pattern and --network");
    const expires = given.text("expires");
    return changing(
      { shell, given },
      async (database, context, config) => {
        const names = given.list("site");
        return addExemption(database, context, {
          sites: names.length === 0 ? null : requireSites(await readSites(database.orm), names),
          kind,
          value: given.text(kind) ?? "",
          description: given.text("description") ?? "",
          expires:
            expires === undefined ? null : parseInstant(expires, { now: context.now, timezone: config.timezone }),
        });
      },
      {
        lines: (result, changed) =>
          result.map((row) => `exemption ${row.id} ${changed ? "added" : "is there already"}: ${describe(row)}`),
        data: (result) => ({ exemptions: result }),
      },
    );
  };
  return strictCommand({
    name: "exempt add",
    description: "Lets a path or a network pass while sites are closed.",
    args: addArgs,
    run,
  });
}

export function exemptRemove(shell: Shell) {
  const run = (given: Given) =>
    changing(
      { shell, given },
      (database, context) => removeExemption(database, context, numberWord(given, "exemption")),
      {
        lines: (result) => [`exemption ${result.id} removed: ${describe(result)}`],
        data: (result) => ({ exemption: result }),
      },
    );
  return strictCommand({ name: "exempt remove", description: "Removes an exemption.", args: removeArgs, run });
}

export function exemptList(shell: Shell) {
  const run = (given: Given) => {
    const config = configFor(shell, given);
    return reading(config, async (database) => {
      const stored: readonly StoredExemption[] = await selectExemptions(database.orm);
      const exemptions: readonly Exemption[] = [...stored, ...configurationExemptions(config)];
      const rows = exemptions.map((row) => [
        row.id === null ? "config" : String(row.id),
        row.siteId === null ? "all" : String(row.siteId),
        row.kind,
        row.value,
        row.expires === null ? "" : formatInstant(row.expires, config.timezone),
        row.description,
      ]);
      return deliver(shell, given, {
        exitCode: exitCode.done,
        lines: table(["NUMBER", "SITE", "KIND", "VALUE", "EXPIRES", "DESCRIPTION"], rows),
        data: { database: database.path, exemptions },
      });
    });
  };
  return strictCommand({
    name: "exempt list",
    description: "Lists what passes while sites are closed, the configuration's exemptions too.",
    args: commonArgs,
    run,
  });
}

function describe(row: Exemption): string {
  return `${row.kind} ${row.value} on ${row.siteId === null ? "all sites" : `site ${row.siteId}`}`;
}
