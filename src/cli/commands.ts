import type { CommandDef } from "citty";
import type { Shell } from "./shell.ts";

/** A command, made for a shell. Its file is loaded when it is called, so that every command starts quickly. */
export type LoadCommand = (shell: Shell) => Promise<CommandDef>;

/** All commands by name, in the order of the overview. */
export const commands: Readonly<Record<string, LoadCommand>> = {
  serve: async (shell) => (await import("./serve.ts")).serve(shell),
  setmaintenance: async (shell) => (await import("./setmaintenance.ts")).setmaintenance(shell),
  downtime_start: async (shell) => (await import("./downtime-start.ts")).downtimeStart(shell),
  downtime_end: async (shell) => (await import("./downtime-end.ts")).downtimeEnd(shell),
  status: async (shell) => (await import("./status.ts")).status(shell),
  explain: async (shell) => (await import("./explain.ts")).explain(shell),
  "site add": async (shell) => (await import("./site.ts")).siteAdd(shell),
  "site list": async (shell) => (await import("./site.ts")).siteList(shell),
  "site set": async (shell) => (await import("./site.ts")).siteSet(shell),
  "site alias": async (shell) => (await import("./site.ts")).siteAlias(shell),
  "site remove": async (shell) => (await import("./site.ts")).siteRemove(shell),
  "exempt add": async (shell) => (await import("./exempt.ts")).exemptAdd(shell),
  "exempt list": async (shell) => (await import("./exempt.ts")).exemptList(shell),
  "exempt remove": async (shell) => (await import("./exempt.ts")).exemptRemove(shell),
  "period add": async (shell) => (await import("./period.ts")).periodAdd(shell),
  "period list": async (shell) => (await import("./period.ts")).periodList(shell),
  "period enable": async (shell) => (await import("./period.ts")).periodEnable(shell),
  "period disable": async (shell) => (await import("./period.ts")).periodDisable(shell),
  "period remove": async (shell) => (await import("./period.ts")).periodRemove(shell),
  "sidecar list": async (shell) => (await import("./sidecar.ts")).sidecarList(shell),
  "sidecar remove": async (shell) => (await import("./sidecar.ts")).sidecarRemove(shell),
  audit: async (shell) => (await import("./audit.ts")).audit(shell),
  migrate: async (shell) => (await import("./migrate.ts")).migrate(shell),
  backup: async (shell) => (await import("./backup.ts")).backup(shell),
  version: async (shell) => (await import("./version.ts")).version(shell),
};
