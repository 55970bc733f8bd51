import type { ArgsDef } from "citty";

/** The end of a `valueHint` that marks what may be given more than once; as an option also as a list with commas. */
export const repeatable = " ...";

/** Options that every command has. */
export const commonArgs: ArgsDef = {
  json: { type: "boolean", description: "print one JSON object" },
  quiet: { type: "boolean", description: "say nothing but errors" },
  database: { type: "string", valueHint: "FILE", description: "the database, instead of the configured one" },
  config: { type: "string", valueHint: "FILE", description: "the configuration file, instead of the usual places" },
  help: { type: "boolean", alias: "h", description: "print this" },
};

/** Of commands whose reason is kept in the audit alone, and shown nowhere else. */
export const auditArgs: ArgsDef = {
  reason: { type: "string", valueHint: "TEXT", description: "why, for the audit" },
};

/** Options of every command that opens or closes. */
export const waitArgs: ArgsDef = {
  wait: { type: "string", valueHint: "5s", description: "how long to wait for the sidecars to serve the change (5s)" },
  "no-wait": { type: "boolean", description: "do not wait for them" },
  offline: { type: "boolean", description: "do not mind that no sidecar is registered" },
  "dry-run": { type: "boolean", description: "say what would be done, and change nothing" },
};

/** Sites, for commands whose words are something else. */
export const siteArgs: ArgsDef = {
  site: {
    type: "string",
    valueHint: `SITE${repeatable}`,
    description: "number, domain or alias; may be repeated (default: all sites)",
  },
};

/** Sites as words. */
export function siteWords(otherwise: string): ArgsDef {
  return {
    site: {
      type: "positional",
      required: false,
      valueHint: `SITE${repeatable}`,
      description: `number, domain or alias (default: ${otherwise})`,
    },
  };
}
