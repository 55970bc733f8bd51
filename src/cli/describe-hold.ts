import { siteLabel } from "../actions/find-sites.ts";
import type { HoldOutcome, HoldRequest } from "../actions/hold.ts";
import type { Period } from "../gate/period.ts";
import type { Site } from "../gate/site.ts";
import { formatInstant } from "../time/instant.ts";
import { lasting } from "./describe-period.ts";

export type AskedHold = Omit<HoldRequest, "sites">;

interface Manner {
  readonly timezone: string;
  readonly isDry: boolean;
  readonly asked: AskedHold;
}

/** What became of a hold in words: on what, until when; of one that ran already by whose and since when. */
export function describeHold({ kind, site, period }: HoldOutcome, { timezone, isDry, asked }: Manner): string {
  const what = whatOf(site);
  const end = lasting(period, timezone);
  const isReadonly = period.mode === "readonly";
  const running = `"${period.name}" on ${what} since ${formatInstant(period.start, timezone)} by ${period.owner}`;
  const held = `${running}, ${isReadonly ? "read-only" : "closed"}${end}`;
  const advice = adviceFor(period, timezone, asked);
  switch (kind) {
    case "started":
      return `${describeClosing(period, what, isDry ? "dry" : "done")}${end}`;
    case "extended":
      return `${isDry ? "would extend" : "extended"} ${held}`;
    case "shortened":
      return `${isDry ? "would shorten" : "shortened"} ${held}`;
    case "renewed":
      return `${isDry ? "would renew" : "renewed"} the lease of ${held}${advice}`;
    case "already":
      return `already started: ${running},${end.replace(/^,/, "")}${advice}`;
  }
}

/** That a period closes something, or makes it read-only: `closed all sites by "deploy"`. */
export function describeClosing({ mode, name }: Period, what: string, how: "done" | "dry"): string {
  const isDry = how === "dry";
  if (mode === "readonly") return `${isDry ? "would make" : "made"} ${what} read-only by "${name}"`;
  return `${isDry ? "would close" : "closed"} ${what} by "${name}"`;
}

/** What `--shorten` would have done with what was asked for. */
function adviceFor(period: Period, timezone: string, { end, leaseMs = null }: AskedHold): string {
  const isShorter = end !== null && (period.end === null || end < period.end);
  if (isShorter) return `; --shorten would end it at ${formatInstant(end, timezone)}`;
  return leaseMs !== null && period.leaseMs === null ? "; it has no lease, and --shorten would give it one" : "";
}

/** What was asked for and has no effect, because the hold runs already: a line, or none. */
export function describeKept({ kind, site, period }: HoldOutcome, asked: AskedHold): readonly string[] {
  if (kind === "started") return [];
  const { owner, message = "", expectedEnd = null, mode } = asked;
  // Whoever renews a lease with the same words means the time that was expected at first.
  const isSaidAgain = kind === "renewed" && period.expectedEnd !== null;
  const kept = [
    ...(owner !== undefined && owner !== period.owner ? ["--owner"] : []),
    ...(message !== "" && message !== period.message ? ["--message"] : []),
    ...(expectedEnd !== null && expectedEnd !== period.expectedEnd && !isSaidAgain ? ["--expect"] : []),
    ...(mode === "readonly" && period.mode === "full" ? ["--mode readonly"] : []),
  ];
  if (kept.length === 0) return [];
  const what = `"${period.name}" on ${whatOf(site)}`;
  return [`${kept.join(", ")}: without effect, because ${what} runs already, and keeps what it began with`];
}

function whatOf(site: Site | null): string {
  return site === null ? "all sites" : `site ${siteLabel(site)}`;
}
