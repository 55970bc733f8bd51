import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { decide } from "../../src/gate/decide.ts";
import type { Period } from "../../src/gate/period.ts";
import { putSites, type SiteRecord, type Snapshot, sealDraft, startDraft } from "../../src/gate/snapshot.ts";
import { createLookout } from "../../src/mirror/outlook.ts";
import { everywhere, hour, now, period, policy, record, recurring, site, snapshotOf, visit } from "../gate/builders.ts";

const look = (snapshot: Snapshot, at = now) => createLookout().look(snapshot, at);
const onSite = (...periods: readonly Partial<Period>[]) =>
  snapshotOf({ sites: [record({ periods: periods.map((each, index) => period({ id: index + 1, ...each })) })] });

describe("what holds", () => {
  test.each([
    ["nothing where nothing runs", onSite(), []],
    ["nothing before the start", onSite({ start: now + 1 }), []],
    ["a closed site from its start on", onSite({ start: now }), [["1", "full"]]],
    ["nothing from its end on", onSite({ end: now }), []],
    ["a read-only site", onSite({ mode: "readonly" }), [["1", "readonly"]]],
    ["a closed site that is read-only as well", onSite({ mode: "readonly" }, {}), [["1", "full"]]],
    ["nothing by a period that is not enabled", onSite({ enabled: false }), []],
    [
      "all sites and strangers by what closes all",
      snapshotOf({ everywhere: { periods: [period({ siteId: null })] } }),
      [
        ["1", "full"],
        ["unknown", "full"],
      ],
    ],
    [
      "strangers alone where they are refused",
      snapshotOf({ policy: { unknownHost: "closed" } }),
      [["unknown", "full"]],
    ],
    ["what recurs", snapshotOf({ sites: [record({ recurring: [recurring([[now - 1, now + 1]])] })] }), [["1", "full"]]],
  ] as const)("is %s", async (_sentence, snapshot, expected) => {
    const { held } = await look(snapshot);
    expect([...held].map(([name, { mode }]) => [name, mode])).toEqual(expected.map((each) => [...each]));
  });
});

test.each([
  ["nothing that is known", onSite({}), Number.POSITIVE_INFINITY],
  ["the next start", onSite({ start: now + 5 }), now + 5],
  ["the end", onSite({ end: now + 7 }), now + 7],
  ["the end of what was planned, when nobody knows more", onSite({ expectedEnd: now + 9 }), now + 9],
  ["what begins on all sites", snapshotOf({ everywhere: { periods: [period({ start: now + 3 })] } }), now + 3],
] as const)("it stays so until %s", async (_sentence, snapshot, until) => {
  expect((await look(snapshot)).until).toBe(until);
});

test("the page tells what a verdict tells: the last to end, the end of the chain, the reason if visitors may see it", async () => {
  const first = { end: now + hour, message: "soon", reason: "upgrade" };
  const sites = [record({ periods: [period(first), period({ id: 2, start: now + hour, end: now + 2 * hour })] })];
  const { held } = await look(snapshotOf({ sites }));
  const verdict = decide(snapshotOf({ sites }), visit(), now);
  expect(verdict.kind === "closed" && verdict.opensAt).toBe(now + 2 * hour);
  expect(held.get("1")).toMatchObject({
    message: "soon",
    reason: "upgrade",
    opensAt: now + 2 * hour,
    start: now - hour,
  });
  const silent = await look(snapshotOf({ sites, policy: { publicReason: false } }));
  expect(silent.held.get("1")?.reason).toBe("");
});

const modes = fc.constantFrom("full" as const, "readonly" as const);
const anyPeriod = fc.record({
  start: fc.integer({ min: -20, max: 20 }),
  end: fc.option(fc.integer({ min: -20, max: 30 })),
  mode: modes,
  enabled: fc.boolean(),
});
const anySite = fc.array(anyPeriod, { maxLength: 3 });
const anyStep = fc.record({
  at: fc.integer({ min: -25, max: 35 }),
  change: fc.option(fc.record({ site: fc.integer({ min: 0, max: 3 }), periods: anySite })),
});

type Drawn = Pick<Period, "start" | "end" | "mode" | "enabled">;

function periodsOf(siteId: number | null, drawn: readonly Drawn[]) {
  return drawn.map(({ start, end, ...rest }, index) =>
    period({ id: index + 1, siteId, start: now + start, end: end === null ? null : now + end, ...rest }),
  );
}

test("what is kept from look to look is what looking anew finds, and each state is that of a verdict, at any time", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 8 }), async (steps) => {
      const lookout = createLookout();
      const named = (id: number, periods: readonly Period[]): SiteRecord =>
        record({ site: site(id, `s${id}.test`), periods });
      let all = everywhere();
      const rest = () => ({ revision: 1, everywhere: all, policy: fixedPolicy });
      let snapshot = snapshotOf({ sites: [1, 2, 3].map((id) => named(id, [])), policy: { unknownHost: "open" } });
      for (const { at, change } of steps) {
        if (change !== null) {
          const draft = startDraft(snapshot, { at: now, leaseEnds: new Map() });
          if (change.site === 0) all = everywhere({ periods: periodsOf(null, change.periods) });
          else putSites(draft, [named(change.site, periodsOf(change.site, change.periods))]);
          snapshot = sealDraft(draft, rest());
        }
        const found = await lookout.look(snapshot, now + at);
        expect(found).toEqual(await look(snapshot, now + at));
        for (const id of [1, 2, 3]) {
          const closedTo = (method: string) =>
            decide(snapshot, visit({ host: `s${id}.test`, method }), now + at).kind === "closed";
          const mode = found.held.get(String(id))?.mode;
          expect([closedTo("GET"), closedTo("POST")]).toEqual([mode === "full", mode !== undefined]);
        }
      }
    }),
    { numRuns: 200 },
  );
});

const fixedPolicy = policy({ unknownHost: "open" });
