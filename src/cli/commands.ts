import type { Command } from "./command.ts";
import type { Shell } from "./shell.ts";

export interface CommandEntry {
  /** One line for the overview. */
  readonly summary: string;
  /** A command's file is loaded when it is called, so that every command starts quickly. */
  readonly load: (shell: Shell) => Promise<Command>;
}

/** All commands by name, in the order of the overview. */
export const commands: Readonly<Record<string, CommandEntry>> = {
  serve: {
    summary: "run the sidecar that proxies and applications ask",
    load: async (shell) => (await import("./serve.ts")).serve(shell),
  },
  setmaintenance: {
    summary: "close sites until further notice, or open them again",
    load: async (shell) => (await import("./setmaintenance.ts")).setmaintenance(shell),
  },
  downtime_start: {
    summary: "close sites from now on; with the same name again, extend",
    load: async (shell) => (await import("./downtime-start.ts")).downtimeStart(shell),
  },
  downtime_end: {
    summary: "end running downtime now, and say what still closes",
    load: async (shell) => (await import("./downtime-end.ts")).downtimeEnd(shell),
  },
  status: {
    summary: "show which sites are closed, by what, until when, and which sidecars serve that",
    load: async (shell) => (await import("./status.ts")).status(shell),
  },
  explain: {
    summary: "say what a visitor would get, and why",
    load: async (shell) => (await import("./explain.ts")).explain(shell),
  },
  "site add": {
    summary: "add a site",
    load: async (shell) => (await import("./site-add.ts")).siteAdd(shell),
  },
  "site list": {
    summary: "list the sites",
    load: async (shell) => (await import("./site-list.ts")).siteList(shell),
  },
  "site set": {
    summary: "change a site's domain, name or message",
    load: async (shell) => (await import("./site-set.ts")).siteSet(shell),
  },
  "site alias": {
    summary: "give a site one more host name, or take one away",
    load: async (shell) => (await import("./site-alias.ts")).siteAlias(shell),
  },
  "site remove": {
    summary: "remove a site with its periods and exemptions",
    load: async (shell) => (await import("./site-remove.ts")).siteRemove(shell),
  },
  "exempt add": {
    summary: "let a path or a network pass while sites are closed",
    load: async (shell) => (await import("./exempt-add.ts")).exemptAdd(shell),
  },
  "exempt list": {
    summary: "list what passes while sites are closed, the configuration's exemptions too",
    load: async (shell) => (await import("./exempt-list.ts")).exemptList(shell),
  },
  "exempt remove": {
    summary: "remove an exemption",
    load: async (shell) => (await import("./exempt-remove.ts")).exemptRemove(shell),
  },
  "period add": {
    summary: "plan a period in which sites are closed",
    load: async (shell) => (await import("./period-add.ts")).periodAdd(shell),
  },
  "period list": {
    summary: "list the periods that run or are to come; others when asked for",
    load: async (shell) => (await import("./period-list.ts")).periodList(shell),
  },
  "period enable": {
    summary: "make a disabled period count again",
    load: async (shell) => (await import("./period-verbs.ts")).periodEnable(shell),
  },
  "period disable": {
    summary: "keep a period, without effect",
    load: async (shell) => (await import("./period-verbs.ts")).periodDisable(shell),
  },
  "period remove": {
    summary: "remove a period; the audit keeps it",
    load: async (shell) => (await import("./period-verbs.ts")).periodRemove(shell),
  },
  "sidecar list": {
    summary: "list the sidecars that have registered and were not stopped cleanly",
    load: async (shell) => (await import("./sidecar-list.ts")).sidecarList(shell),
  },
  "sidecar remove": {
    summary: "take a sidecar that is gone for good off the list",
    load: async (shell) => (await import("./sidecar-remove.ts")).sidecarRemove(shell),
  },
  audit: {
    summary: "show who changed what, when and why",
    load: async (shell) => (await import("./audit.ts")).audit(shell),
  },
  migrate: {
    summary: "make the database, or bring its schema up to date",
    load: async (shell) => (await import("./migrate.ts")).migrate(shell),
  },
  backup: {
    summary: "write a consistent copy of the database, also while it is in use",
    load: async (shell) => (await import("./backup.ts")).backup(shell),
  },
  version: {
    summary: "print the version",
    load: async (shell) => (await import("./version.ts")).version(shell),
  },
};
