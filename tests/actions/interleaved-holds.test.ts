/** Several owners hold one site, and time passes: it is open exactly when no enabled period runs. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { beginHold, endHolds } from "../../src/actions/hold.ts";
import { renewLeases } from "../../src/actions/leases.ts";
import { disablePeriod, enablePeriod, extendPeriod } from "../../src/actions/periods.ts";
import { overAt, type Period } from "../../src/gate/period.ts";
import type { Site } from "../../src/gate/site.ts";
import { siteState } from "../../src/gate/site-state.ts";
import type { ChangeContext } from "../../src/store/change.ts";
import type { Database } from "../../src/store/database.ts";
import { readPeriods } from "../../src/store/periods.ts";
import { readSites } from "../../src/store/sites.ts";
import { readSnapshot } from "../../src/store/snapshot.ts";
import { context, now as start, testDatabase } from "../store/store-fixture.ts";
import { advance, aStep, isClosed, isRefused, type Model, minute, type Step } from "./interleaved-holds.ts";

const settings = {
  policy: { unknownHost: "default-site", defaultSite: 1, noticeLeadMs: 0, publicReason: true, blockStaff: false },
  exemptions: [],
} as const;

/** How far ahead the site is looked at, as long as nobody does anything. */
const ahead = [0, 1, minute - 1, minute, 5 * minute, 30 * minute, 61 * minute];

test("1,000 random interleavings of starting, ending, extending, renewing and time", async () => {
  await using one = await testDatabase();
  const { database } = one;
  // What is tested here is not what a power cut leaves.
  await database.client.execute("PRAGMA synchronous = OFF");
  const sites = await readSites(database.orm);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(aStep, fc.nat({ max: 3 })), { minLength: 4, maxLength: 14 }), async (steps) => {
      await database.client.execute("DELETE FROM period");
      let model: Model = { now: start, holds: [] };
      for (const [step, owner] of steps) {
        const by = context({ actor: `owner${owner}@host`, now: model.now });
        await perform(database, sites, { step, context: by, isRefused: isRefused(model, step) });
        model = advance(model, step);
        const { now } = model;
        const { snapshot } = await readSnapshot(database, settings, { now });
        const seen = ahead.map((later) => siteState(snapshot, 1, now + later).state);
        // What is read now holds for later instants too, except for leases that end only when somebody has heard.
        const known = ahead.map((later) => (snapshot.leased.length > 0 && later > 0 ? "unknown" : "known"));
        const wanted = ahead.map((later) => (isClosed(model, now + later) ? "closed" : "open"));
        expect(seen.filter((_, index) => known[index] === "known")).toEqual(
          wanted.filter((_, index) => known[index] === "known"),
        );
        // Whoever holds until it has heard more never opens too early.
        expect(
          wanted.flatMap((state, index) => (state === "closed" && seen[index] === "open" ? [ahead[index]] : [])),
        ).toEqual([]);
      }
    }),
    { numRuns: 1_000 },
  );
}, 120_000);

interface Performed {
  readonly step: Step;
  readonly context: ChangeContext;
  readonly isRefused: boolean;
}

async function perform(
  database: Database,
  sites: readonly Site[],
  { step, context, isRefused }: Performed,
): Promise<void> {
  const { now } = context;
  switch (step.kind) {
    case "pass":
      return;
    case "start": {
      const { name, forMs, leaseMs } = step;
      const end = forMs === null ? null : now + forMs;
      await beginHold(database, context, { sites, name, end, leaseMs, mode: "full", whenShorter: "keep" });
      return;
    }
    case "end":
      await endHolds(database, context, { siteIds: null, name: step.name });
      return;
    case "renew": {
      const ids = (await current(database, step.name, now)).filter(({ enabled }) => enabled).map(({ id }) => id);
      await renewLeases(database, context, ids);
      return;
    }
    case "extend":
      for (const { id, end, enabled } of await current(database, step.name, now)) {
        if (end === null || !enabled) continue;
        await extendPeriod(database, context, { id, end: { laterMs: step.byMs }, mayShorten: false, longestMs: null });
      }
      return;
    case "switch":
      if (step.enabled) {
        const off = (await current(database, step.name, now)).find(({ enabled }) => !enabled);
        if (off === undefined) return;
        if (isRefused) await expect(enablePeriod(database, context, off.id)).rejects.toThrow("has the name");
        else await enablePeriod(database, context, off.id);
        return;
      }
      for (const { id, enabled } of await current(database, step.name, now)) {
        if (enabled) await disablePeriod(database, context, id);
      }
      return;
  }
}

/** Not over, enabled or not. */
async function current(database: Database, name: string, now: number): Promise<readonly Period[]> {
  const periods = await readPeriods(database.orm, { endsAfter: now });
  return periods.filter((period) => period.name === name && overAt(period) > now);
}
