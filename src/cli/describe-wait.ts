import type { Reached } from "../actions/await-sidecars.ts";
import { siteLabel } from "../actions/find-sites.ts";
import { formatDuration } from "../time/duration.ts";
import { formatInstant } from "../time/instant.ts";
import { describePeriod } from "./describe-period.ts";
import { countOf, describeSidecar, noSidecar } from "./sidecar-words.ts";
import type { Progress, Waited, Wanted } from "./wait-loop.ts";
import type { Look, LookedSite } from "./wait-watch.ts";

/** More of them bury what matters; status shows all. */
const mostLines = 20;
/** The same on one line. */
const mostInLine = 5;

/** What has come true: a line for each site, or one for many. */
export function describeMet({ sites }: Look, wanted: Wanted, timezone: string): readonly string[] {
  if (sites.length === 0) return ["there are no sites"];
  if (sites.length > mostLines) return [`all ${sites.length} sites are ${wanted}`];
  return sites.map((each) => describeSite(each, timezone));
}

/** Why it has not come true, on one line: what still closes, by whose, until when. */
export function describeUnmet(waited: Waited, wanted: Wanted, timezone: string): string {
  const how = waited.ending === "interrupted" ? "interrupted" : "timed out";
  return `${how} after ${formatDuration(waited.waitedMs)}: ${whyUnmet(waited, wanted, timezone)}`;
}

function whyUnmet({ look, reached, fault }: Progress, wanted: Wanted, timezone: string): string {
  if (fault !== null) return fault;
  if (look === null) return "the database was not read";
  if (look.sites.length === 0) return "there are no sites";
  const unmet = look.sites.filter(({ state }) => state !== wanted);
  if (unmet.length === 0) return describeReached(reached, look, timezone);
  const more =
    unmet.length > mostInLine ? [`and ${unmet.length - mostInLine} sites more ("lull status" shows all)`] : [];
  return [...unmet.slice(0, mostInLine).map((each) => describeSite(each, timezone)), ...more].join("; ");
}

function describeSite({ site, state, periods, next }: LookedSite, timezone: string): string {
  const what = `site ${siteLabel(site)} is ${state === "readonly" ? "read-only" : state}`;
  const by = periods.map((period) => describePeriod(period, timezone));
  if (state !== "open") return `${what}: ${by.join("; ")}`;
  return next === null ? what : `${what}, next: "${next.name}" from ${formatInstant(next.start, timezone)}`;
}

function describeReached(reached: Reached | null, { revision }: Look, timezone: string): string {
  switch (reached?.kind) {
    case "late": {
      const { late, sidecars } = reached;
      const count = countOf(late, sidecars);
      const names = late.map((sidecar) => describeSidecar(sidecar, timezone, "silent since"));
      return `closed in the database, but ${count} did not answer that it serves revision ${revision}: ${names.join("; ")}`;
    }
    case "no-sidecar":
      return `closed in the database, but ${noSidecar}`;
    case "served":
    case undefined:
      return "closed in the database, but the sidecars have not said yet that they serve it";
  }
}
