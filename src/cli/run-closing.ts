import { beginHold, endHolds } from "../actions/hold.ts";
import type { Config } from "../config/keys.ts";
import type { Period } from "../gate/period.ts";
import type { ChangeContext } from "../store/change.ts";
import type { Database } from "../store/database.ts";
import { readSites } from "../store/sites.ts";
import { parseDuration } from "../time/duration.ts";
import { formatInstant } from "../time/instant.ts";
import type { Given } from "./arguments.ts";
import { chosenSites } from "./chosen-sites.ts";
import { longestOf } from "./hold-args.ts";
import { type Reach, reach } from "./reach.ts";
import { createRunBypasses, type RunBypasses, type RunBypassRequest } from "./run-bypass.ts";
import { byNumber, scopeOf } from "./scope.ts";
import { writing } from "./session.ts";

export const defaultRunName = "run";

/** How a command is run. */
export interface RunPlan {
  readonly config: Config;
  readonly context: ChangeContext;
  readonly leaseMs: number;
  readonly waitMs: number;
  readonly offline: boolean;
  readonly onFailure: "open" | "keep";
}

/** What was closed for a command that has not started yet. */
export interface ClosedForRun {
  readonly periods: readonly Period[];
  /** null: COMMAND is given none. */
  readonly bypasses: RunBypasses | null;
  readonly reached: Reach;
}

/** Closes, and finds out whether visitors get it. Throws LullError. */
export async function closeForRun(plan: RunPlan, given: Given): Promise<ClosedForRun> {
  const { config, context, leaseMs, waitMs, offline } = plan;
  const duration = given.text("for");
  const expectedEnd = duration === undefined ? null : context.now + parseDuration(duration);
  return writing(config, context, async ({ database }) => {
    const sites = await chosenSites(given, database);
    const { result, revision, changed } = await beginHold(database, context, {
      sites,
      name: given.text("name") ?? defaultRunName,
      // It ends with COMMAND, or with its lease, and never under a COMMAND that takes longer than was thought.
      end: null,
      expectedEnd,
      leaseMs,
      mode: "full",
      whenShorter: "keep",
      // Two runs of one name must not open under each other.
      whenTaken: "rename",
      owner: given.text("owner"),
      message: given.text("message") ?? "",
      longestMs: longestOf(given, config),
    });
    const periods = result.map(({ period }) => period);
    const request = { sites, commandName: given.words[0] ?? "", expectedEnd: expectedEnd ?? context.now };
    const bypasses = given.flag("no-bypass") ? null : await bypassesFor(database, { plan, periods, request });
    const written = { revision: bypasses?.revision ?? revision, changed, intent: "close" } as const;
    const reached = await reach(database, written, { waitMs, offline, dryRun: false, config, clock: context.clock });
    return { periods, bypasses, reached };
  });
}

interface Held {
  readonly plan: RunPlan;
  readonly periods: readonly Period[];
  readonly request: RunBypassRequest;
}

/** Throws LullError, and has opened then: COMMAND is not started, so nothing may stay closed for it. */
async function bypassesFor(database: Database, { plan, periods, request }: Held): Promise<RunBypasses> {
  try {
    return await createRunBypasses(database, plan.context, request);
  } catch (error) {
    await endHolds(database, plan.context, { siteIds: null, name: null, ids: periods.map(({ id }) => id) });
    throw error;
  }
}

/** What is closed until when, in words. Throws LullError. */
export async function describeClosed({ config, context }: RunPlan, periods: readonly Period[]): Promise<string> {
  const sites = await writing(config, context, async ({ database }) => byNumber(await readSites(database.orm)));
  const scopes = periods.map(({ siteId }) => scopeOf(siteId, sites)).join(", ");
  const [first] = periods;
  const expected = first?.expectedEnd ?? null;
  const until = expected === null ? "" : `, expected until ${formatInstant(expected, config.timezone)}`;
  return `closed ${scopes} by "${first?.name}"${until}`;
}
