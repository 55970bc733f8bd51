import type { Command } from "./command.ts";
import { exitCode } from "./exit-code.ts";
import type { Shell } from "./shell.ts";

export interface CommandEntry {
  /** One line for the overview. */
  readonly summary: string;
  /** A command's file is loaded when it is called, so that every command starts quickly. */
  readonly load: (shell: Shell) => Promise<Command>;
  /** The exit code of every failure of its own, for a command whose other codes are somebody else's. */
  readonly failureCode?: number;
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
  run: {
    summary: "close sites while a command runs, and open them again whatever becomes of it",
    load: async (shell) => (await import("./run-command.ts")).runCommand(shell),
    failureCode: exitCode.notStarted,
  },
  status: {
    summary: "show which sites are closed, by what, until when, and which sidecars serve that",
    load: async (shell) => (await import("./status.ts")).status(shell),
  },
  wait: {
    summary: "wait until sites are open, or closed",
    load: async (shell) => (await import("./wait.ts")).wait(shell),
  },
  explain: {
    summary: "say what a visitor would get, and why",
    load: async (shell) => (await import("./explain.ts")).explain(shell),
  },
  upcoming: {
    summary: "show what is planned to close sites, and what runs",
    load: async (shell) => (await import("./upcoming.ts")).upcoming(shell),
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
    summary: "change a site's domain, name, message, redirect or origins",
    load: async (shell) => (await import("./site-set.ts")).siteSet(shell),
  },
  "site alias": {
    summary: "give a site one more host name, or take one away",
    load: async (shell) => (await import("./site-alias.ts")).siteAlias(shell),
  },
  "site remove": {
    summary: "remove a site with its periods, exemptions and bypasses",
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
  "bypass create": {
    summary: "make a link by which somebody enters while sites are closed",
    load: async (shell) => (await import("./bypass-create.ts")).bypassCreate(shell),
  },
  "bypass list": {
    summary: "list the bypasses that hold",
    load: async (shell) => (await import("./bypass-list.ts")).bypassList(shell),
  },
  "bypass revoke": {
    summary: "take bypasses back, with the cookies that they gave",
    load: async (shell) => (await import("./bypass-revoke.ts")).bypassRevoke(shell),
  },
  "bypass rotate-keys": {
    summary: "sign the cookies of bypasses with a new key from now on",
    load: async (shell) => (await import("./bypass-rotate-keys.ts")).bypassRotateKeys(shell),
  },
  "readonly add": {
    summary: "say what is safe or unsafe, beside its method, on read-only sites",
    load: async (shell) => (await import("./readonly-add.ts")).readonlyAdd(shell),
  },
  "readonly list": {
    summary: "list what is safe or unsafe beside its method",
    load: async (shell) => (await import("./readonly-list.ts")).readonlyList(shell),
  },
  "readonly remove": {
    summary: "remove a rule of read-only sites",
    load: async (shell) => (await import("./readonly-remove.ts")).readonlyRemove(shell),
  },
  "period add": {
    summary: "plan a period in which sites are closed",
    load: async (shell) => (await import("./period-add.ts")).periodAdd(shell),
  },
  "period extend": {
    summary: "give a period a later end, an earlier one when told to, or none",
    load: async (shell) => (await import("./period-extend.ts")).periodExtend(shell),
  },
  "period end": {
    summary: "end a running period now",
    load: async (shell) => (await import("./period-verbs.ts")).periodEnd(shell),
  },
  "period cancel": {
    summary: "call off a period that has not begun; the audit keeps it",
    load: async (shell) => (await import("./period-verbs.ts")).periodCancel(shell),
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
  "recurrence add": {
    summary: "close sites again and again by a rule, such as every Sunday at 02:00",
    load: async (shell) => (await import("./recurrence-add.ts")).recurrenceAdd(shell),
  },
  "recurrence list": {
    summary: "list the rules that close sites, and when each does so next",
    load: async (shell) => (await import("./recurrence-list.ts")).recurrenceList(shell),
  },
  "recurrence show": {
    summary: "show a rule and what it yields next, with what was skipped, moved or ended early",
    load: async (shell) => (await import("./recurrence-show.ts")).recurrenceShow(shell),
  },
  "recurrence enable": {
    summary: "make a disabled recurrence count again",
    load: async (shell) => (await import("./recurrence-verbs.ts")).recurrenceEnable(shell),
  },
  "recurrence disable": {
    summary: "keep a recurrence, without effect",
    load: async (shell) => (await import("./recurrence-verbs.ts")).recurrenceDisable(shell),
  },
  "recurrence remove": {
    summary: "remove a recurrence; the audit keeps it",
    load: async (shell) => (await import("./recurrence-verbs.ts")).recurrenceRemove(shell),
  },
  "recurrence skip": {
    summary: "leave one occurrence of a recurrence out",
    load: async (shell) => (await import("./recurrence-occurrence.ts")).recurrenceSkip(shell),
  },
  "recurrence move": {
    summary: "give one occurrence of a recurrence another start, end or length",
    load: async (shell) => (await import("./recurrence-move.ts")).recurrenceMove(shell),
  },
  "recurrence end": {
    summary: "end the running occurrence of a recurrence now",
    load: async (shell) => (await import("./recurrence-end.ts")).recurrenceEnd(shell),
  },
  "recurrence restore": {
    summary: "undo what was changed in one occurrence of a recurrence",
    load: async (shell) => (await import("./recurrence-occurrence.ts")).recurrenceRestore(shell),
  },
  "sidecar list": {
    summary: "list the sidecars that have registered and were not stopped cleanly",
    load: async (shell) => (await import("./sidecar-list.ts")).sidecarList(shell),
  },
  "sidecar remove": {
    summary: "take a sidecar that is gone for good off the list",
    load: async (shell) => (await import("./sidecar-remove.ts")).sidecarRemove(shell),
  },
  "page check": {
    summary: "say what is wrong with your own maintenance pages",
    load: async (shell) => (await import("./page-check.ts")).pageCheck(shell),
  },
  "page inline": {
    summary: "pack a page's pictures, styles, fonts and scripts into the page",
    load: async (shell) => (await import("./page-inline.ts")).pageInline(shell),
  },
  "page preview": {
    summary: "show in a browser what held visitors get",
    load: async (shell) => (await import("./page-preview.ts")).pagePreview(shell),
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
