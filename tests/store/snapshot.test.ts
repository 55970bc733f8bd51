import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { addExemption, removeExemption } from "../../src/actions/exemptions.ts";
import { beginHold, endHolds } from "../../src/actions/hold.ts";
import { renewLeases } from "../../src/actions/leases.ts";
import { addPeriod, disablePeriod, enablePeriod, removePeriod } from "../../src/actions/periods.ts";
import { addReadonlyRules } from "../../src/actions/readonly-rules.ts";
import { addRecurrence, removeRecurrence } from "../../src/actions/recurrences.ts";
import { addAlias, addSite, removeAlias, removeSite, setSite } from "../../src/actions/sites.ts";
import { LullError } from "../../src/gate/error.ts";
import type { Site } from "../../src/gate/site.ts";
import {
  buildSnapshot,
  putSites,
  type Rules,
  removeSites,
  type Snapshot,
  sealDraft,
  startDraft,
} from "../../src/gate/snapshot.ts";
import { windowAround } from "../../src/gate/unroll-window.ts";
import type { ChangeContext } from "../../src/store/change.ts";
import type { Database } from "../../src/store/database.ts";
import { readLeaseEnds } from "../../src/store/periods.ts";
import { readSites } from "../../src/store/sites.ts";
import { readRecords, readSnapshot } from "../../src/store/snapshot.ts";
import { createUnroller } from "../../src/store/unroller.ts";
import { policy, recurring } from "../gate/builders.ts";
import { context, exemption, hour, now, testDatabase, withSites } from "./store-fixture.ts";

const request = () => ({ window: windowAround(now), unroller: createUnroller() });

const { id: _id, siteId: _siteId, ...weekly } = recurring([]).recurrence;

/** Small numbers, so that different steps meet on the same rows. */
interface Step {
  readonly verb: string;
  readonly site: number;
  readonly other: number;
  readonly everywhere: boolean;
}

type Verb = (database: Database, context: ChangeContext, step: Step) => Promise<unknown>;

const verbs: Readonly<Record<string, Verb>> = {
  addSite: (database, context, { other }) =>
    addSite(database, context, { domain: `d${other}.example`, name: "", message: "", redirectUrl: "", origins: [] }),
  setSite: (database, context, { site, other }) =>
    setSite(database, context, {
      site: String(site),
      domain: `d${other}.example`,
      message: `${other}`,
      redirectUrl: `https://r${other}.example/`,
      origins: [`https://o${other}.example`],
      consent: "force",
    }),
  addAlias: (database, context, { site, other }) =>
    addAlias(database, context, { site: String(site), host: other === 0 ? "*" : `*.d${other}.example` }),
  removeAlias: (database, context, { site, other }) =>
    removeAlias(database, context, { site: String(site), host: `*.d${other}.example`, consent: "force" }),
  removeSite: (database, context, { site }) => removeSite(database, context, { site: String(site), consent: "force" }),
  begin: async (database, context, { other, ...step }) =>
    beginHold(database, context, {
      sites: await chosen(database, step),
      name: "maintenance",
      end: other === 0 ? null : now + other * hour,
      mode: other % 2 === 0 ? "full" : "readonly",
      whenShorter: other > 3 ? "shorten" : "keep",
      leaseMs: other === 1 || other === 5 ? other * hour : null,
    }),
  renew: (database, context, { other }) =>
    renewLeases(database, { ...context, clock: () => now + other }, [1, 2, other]),
  end: async (database, context, { other, ...step }) =>
    endHolds(database, context, {
      siteIds: (await chosen(database, step))?.map((site) => site.id) ?? null,
      name: other > 3 ? null : "maintenance",
    }),
  addPeriod: async (database, context, { other, ...step }) =>
    addPeriod(database, context, {
      sites: await chosen(database, step),
      name: `n${other}`,
      start: now + other * hour,
      end: now + (other + 1) * hour,
      mode: "full",
      message: "",
    }),
  enablePeriod: (database, context, { other }) => enablePeriod(database, context, other),
  disablePeriod: (database, context, { other }) => disablePeriod(database, context, other),
  removePeriod: (database, context, { other }) => removePeriod(database, context, other),
  addRecurrence: async (database, context, { other, ...step }) =>
    addRecurrence(database, context, {
      ...weekly,
      sites: await chosen(database, step),
      name: `r${other}`,
      rules: `FREQ=WEEKLY;BYDAY=SU;INTERVAL=${other + 1}`,
      longestMs: null,
    }),
  removeRecurrence: (database, context, { other }) => removeRecurrence(database, context, other),
  addReadonlyRule: async (database, context, { other, ...step }) => {
    const sites = await chosen(database, step);
    return addReadonlyRules(database, context, { sites, rules: [{ effect: "safe", text: `POST /${other}` }] });
  },
  addExemption: async (database, context, { other, ...step }) =>
    addExemption(database, context, {
      sites: await chosen(database, step),
      kind: "pattern",
      value: `^a${other}`,
      description: "",
      expires: null,
    }),
  removeExemption: (database, context, { other }) => removeExemption(database, context, other),
};

async function chosen(database: Database, step: Omit<Step, "other">): Promise<readonly Site[] | null> {
  if (step.everywhere) return null;
  return (await readSites(database.orm)).filter((site) => site.id === step.site);
}

async function perform(database: Database, step: Step): Promise<void> {
  try {
    await verbs[step.verb]?.(database, context(), step);
  } catch (error) {
    // What is refused changes nothing.
    if (!(error instanceof LullError)) throw error;
  }
}

/** As the sidecar does it. */
async function applyDelta(database: Database, base: Snapshot): Promise<Snapshot> {
  const { revision, sites, removed, everywhere } = await readRecords(database, {
    ...request(),
    changedAfter: base.revision,
  });
  const draft = startDraft(base, { at: now, leaseEnds: await readLeaseEnds(database.orm, 0) });
  removeSites(draft, removed);
  putSites(draft, sites);
  return sealDraft(draft, { revision, everywhere, policy: policy() });
}

async function readFull(database: Database): Promise<Snapshot> {
  const { revision, sites, everywhere } = await readRecords(database, request());
  return buildSnapshot({ revision, sites, everywhere, policy: policy(), heardAt: now });
}

function sorted<T>(map: Iterable<readonly [string | number, T]>) {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function rulesOf({ timeline, recurringTimeline: _part, exemptions, ...rules }: Rules) {
  const inTime = timeline.map(({ starts, period }) => [...starts.keys()].map(period));
  return { ...rules, inTime, exemptions: exemptions.list };
}

/** All that a snapshot holds, in one order. */
function contentOf(snapshot: Snapshot) {
  const { revision, sites, exactHosts, wildcardHosts, anyHost, everywhere, siteTimelines } = snapshot;
  return {
    revision,
    sites: sorted(sites).map(([id, rules]) => ({ ...rulesOf(rules), id, site: rules.site })),
    exactHosts: sorted(exactHosts),
    wildcardHosts: sorted(wildcardHosts),
    anyHost,
    everywhere: rulesOf(everywhere),
    siteTimelines: siteTimelines.length,
  };
}

test("reading what has changed gives the same snapshot as reading all", async () => {
  const step = fc.record<Step>({
    verb: fc.constantFrom(...Object.keys(verbs)),
    site: fc.integer({ min: 1, max: 5 }),
    other: fc.integer({ min: 0, max: 5 }),
    everywhere: fc.boolean(),
  });
  let changes = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(step, { maxLength: 4 }), { minLength: 3, maxLength: 10 }), async (batches) => {
      await using one = await testDatabase();
      await withSites(one.database, ["a.example", "b.example"]);
      let snapshot = await readFull(one.database);
      for (const steps of batches) {
        for (const each of steps) await perform(one.database, each);
        snapshot = await applyDelta(one.database, snapshot);
        expect(contentOf(snapshot)).toEqual(contentOf(await readFull(one.database)));
      }
      changes += snapshot.revision - 2;
    }),
    { numRuns: 40 },
  );
  expect(changes).toBeGreaterThan(100);
}, 60_000);

describe("records", () => {
  test("hold each site with what is its own, and apart from these what holds on all", async () => {
    await using one = await testDatabase();
    const sites = await withSites(one.database, ["a.example"]);
    await addAlias(one.database, context(), { site: "2", host: "*.a.example" });
    for (const chosen of [null, sites]) {
      await beginHold(one.database, context(), {
        sites: chosen,
        name: "n",
        end: null,
        mode: "full",
        whenShorter: "keep",
      });
      await addExemption(one.database, context(), {
        sites: chosen,
        kind: "path",
        value: "/a",
        description: "",
        expires: null,
      });
    }
    const { revision, sites: records, removed, everywhere } = await readRecords(one.database, request());
    const numbers = (rows: readonly { readonly id: number | null; readonly siteId: number | null }[]) =>
      rows.map(({ id, siteId }) => ({ id, siteId }));
    expect({ revision, removed }).toEqual({ revision: 7, removed: [] });
    expect(records.map(({ site }) => [site.domain, ...site.aliases])).toEqual([["*"], ["a.example", "*.a.example"]]);
    expect(records.map(({ periods }) => numbers(periods))).toEqual([[{ id: 2, siteId: 1 }], [{ id: 3, siteId: 2 }]]);
    expect(records.map(({ exemptions }) => numbers(exemptions))).toEqual([
      [{ id: 2, siteId: 1 }],
      [{ id: 3, siteId: 2 }],
    ]);
    expect(numbers(everywhere.periods)).toEqual([{ id: 1, siteId: null }]);
    expect(numbers(everywhere.exemptions)).toEqual([{ id: 1, siteId: null }]);
  });

  test("leave out periods that are over at an instant, and keep one that ends just after", async () => {
    await using one = await testDatabase();
    const add = (end: number) =>
      addPeriod(one.database, context({ now: now - 9 * hour }), {
        sites: null,
        name: `until ${end}`,
        start: now - 8 * hour,
        end,
        mode: "full",
        message: "",
      });
    await add(now);
    await add(now + 1);
    const names = async (endsAfter: number) =>
      (await readRecords(one.database, { ...request(), endsAfter })).everywhere.periods.map((period) => period.name);
    expect(await names(now)).toEqual([`until ${now + 1}`]);
    expect(await names(now - 1)).toEqual([`until ${now}`, `until ${now + 1}`]);
  });

  test("of nothing new hold what is everywhere, and no site", async () => {
    await using one = await testDatabase();
    await addExemption(one.database, context(), {
      sites: null,
      kind: "path",
      value: "/a",
      description: "",
      expires: null,
    });
    const records = await readRecords(one.database, { ...request(), changedAfter: 2 });
    expect(records.sites).toEqual([]);
    expect(records.removed).toEqual([]);
    expect(records.everywhere.exemptions.map(({ value }) => value)).toEqual(["/a"]);
  });

  test("become a snapshot with the exemptions of the configuration", async () => {
    await using one = await testDatabase();
    await addExemption(one.database, context(), {
      sites: null,
      kind: "path",
      value: "/a",
      description: "",
      expires: null,
    });
    const settings = { policy: policy(), exemptions: [exemption({ value: "/robots.txt" })] };
    const { snapshot } = await readSnapshot(one.database, settings, { now });
    expect(snapshot.everywhere.exemptions.list.map(({ value }) => value)).toEqual(["/a", "/robots.txt"]);
    expect(snapshot.revision).toBe(2);
    expect(snapshot.anyHost).toBe(1);
  });
});
