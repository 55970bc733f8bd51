import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { noCredentials } from "../../src/gate/bypass.ts";
import { decide } from "../../src/gate/decide.ts";
import { canonicalExemption, type Exemption, type ExemptionKind } from "../../src/gate/exemption.ts";
import type { Period } from "../../src/gate/period.ts";
import type { SiteRecord, Snapshot } from "../../src/gate/snapshot.ts";
import { type RawVisit, readVisit } from "../../src/gate/visit.ts";
import { now, period, policy, record, site, snapshotOf, trust } from "./builders.ts";

const instant = fc.integer({ min: -4, max: 4 }).map((step) => now + step * 1_000);
const values: ReadonlyArray<readonly [ExemptionKind, string]> = [
  ["exact", "/a"],
  ["exact", "/"],
  ["path", "/a"],
  ["path", "/a/b"],
  ["path", "/c/"],
  ["pattern", "^a"],
  ["pattern", "/a/b"],
  ["pattern", ".*b$"],
  ["pattern", "(?i)^C"],
  ["network", "203.0.113.0/24"],
  ["network", "203.0.113.9"],
  ["network", "::1"],
]; // prettier-ignore

const aPeriod = fc.record({
  start: instant,
  end: fc.option(instant),
  enabled: fc.boolean(),
  mode: fc.constantFrom<Period["mode"][]>("full", "readonly"),
});
const anExemption: fc.Arbitrary<Omit<Exemption, "siteId">> = fc
  .record({
    id: fc.integer({ min: 1, max: 99 }),
    value: fc.constantFrom(...values),
    expires: fc.option(instant),
  })
  .map(({ id, value: [kind, value], expires }) => ({
    id,
    kind,
    value: canonicalExemption(kind, value),
    description: "",
    expires,
  }));

const rules = fc.record({
  periods: fc.array(aPeriod, { maxLength: 4 }),
  exemptions: fc.array(anExemption, { maxLength: 5 }),
});

interface World {
  readonly sites: readonly SiteRecord[];
  readonly periods: readonly Period[];
  readonly exemptions: readonly Exemption[];
  readonly policy: Snapshot["policy"];
}

const names: readonly (readonly string[])[] = [["one.example", "*.one.example"], ["two.example"], ["*"]];

const aWorld: fc.Arbitrary<World> = fc
  .record({
    each: fc.array(rules, { minLength: 1, maxLength: 3 }),
    all: rules,
    unknownHost: fc.constantFrom<Snapshot["policy"]["unknownHost"][]>("default-site", "open", "closed"),
    defaultSite: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ each, all, unknownHost, defaultSite }) => {
    let id = 0;
    const place = (siteId: number | null, { periods, exemptions }: typeof all) => ({
      periods: periods.map((one) => period({ ...one, id: ++id, siteId })),
      exemptions: exemptions.map((one): Exemption => ({ ...one, siteId })),
    });
    const sites = each.map((one, index) => {
      const [domain = "", ...aliases] = names[index] ?? [];
      return record({ site: site(index + 1, domain, aliases), ...place(index + 1, one) });
    });
    return { sites, ...place(null, all), policy: policy({ unknownHost, defaultSite }) };
  });

const aVisit: fc.Arbitrary<RawVisit> = fc.record({
  site: fc.option(fc.constantFrom("1", "2", "9", "x"), { freq: 1 }),
  host: fc.constantFrom("one.example", "x.one.example", "two.example", "else.example", "a, b", null),
  target: fc.constantFrom("/", "/a", "/a/", "/a/b", "/c", "//a", "/x?b", null),
  method: fc.constantFrom("GET", "POST", "OPTIONS", null),
  peer: fc.constant<RawVisit["peer"]>({ kind: "unix" }),
  addressHeader: fc.constantFrom("203.0.113.9", "198.51.100.1", "::1", "unknown", null),
  credentials: fc.constant(noCredentials),
});

function build({ sites, periods, exemptions, policy }: World): Snapshot {
  return snapshotOf({ sites, everywhere: { periods, exemptions }, policy });
}

/** Makes sure that whoever writes to it is found out. What is packed cannot be frozen. */
function freeze<T>(value: T): T {
  if (ArrayBuffer.isView(value)) return value;
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}

describe("a verdict", () => {
  test("is never made worse by one exemption more", () => {
    fc.assert(
      fc.property(aWorld, aVisit, anExemption, fc.nat({ max: 3 }), (world, raw, added, where) => {
        const visit = readVisit(raw, trust);
        const before = decide(build(world), visit, now);
        const sites = world.sites.map((one) =>
          one.site.id === where ? { ...one, exemptions: [{ ...added, siteId: where }, ...one.exemptions] } : one,
        );
        const exemptions = where === 0 ? [{ ...added, siteId: null }, ...world.exemptions] : world.exemptions;
        const after = decide(build({ ...world, sites, exemptions }), visit, now);
        if (before.kind === "open") expect(after.kind).toBe("open");
        else if (after.kind === "open") expect(after.why).toBe(`exempt-${added.kind}`);
        else expect(after).toEqual(before);
      }),
      { numRuns: 400 },
    );
  });

  test("depends on nothing but its three arguments, and changes none of them", () => {
    fc.assert(
      fc.property(aWorld, fc.array(fc.tuple(aVisit, instant), { minLength: 2, maxLength: 6 }), (world, asked) => {
        const kept = freeze(build(freeze(world)));
        const ask =
          (snapshot: Snapshot) =>
          ([raw, at]: readonly [RawVisit, number]) =>
            decide(snapshot, freeze(readVisit(raw, trust)), at);
        const once = asked.map((one) => ask(build(world))(one));
        expect(asked.map(ask(kept))).toEqual(once);
        expect(asked.toReversed().map(ask(kept))).toEqual(once.toReversed());
      }),
      { numRuns: 200 },
    );
  });

  test("does not depend on the order of sites, periods and exemptions", () => {
    fc.assert(
      fc.property(aWorld, aVisit, fc.integer(), (world, raw, seed) => {
        const mix = <T>(list: readonly T[]): readonly T[] => {
          const rank = (index: number) => Math.imul(index + 1, seed | 1) >>> 0;
          return list
            .map((one, index) => ({ one, rank: rank(index) }))
            .sort((a, b) => a.rank - b.rank)
            .map(({ one }) => one);
        };
        const mixed: World = {
          sites: mix(world.sites).map((one) => ({
            ...one,
            periods: mix(one.periods),
            exemptions: mix(one.exemptions),
          })),
          periods: mix(world.periods),
          exemptions: mix(world.exemptions),
          policy: world.policy,
        };
        const visit = readVisit(raw, trust);
        expect(decide(build(mixed), visit, now)).toEqual(decide(build(world), visit, now));
      }),
      { numRuns: 400 },
    );
  });

  test("is open when nothing runs, but for strangers where they are refused", () => {
    fc.assert(
      fc.property(aWorld, aVisit, (world, raw) => {
        const sites = world.sites.map((one) => ({ ...one, periods: [] }));
        const decided = decide(build({ ...world, sites, periods: [] }), readVisit(raw, trust), now);
        if (decided.kind === "closed")
          expect([world.policy.unknownHost, decided.site, decided.period]).toEqual(["closed", null, null]);
      }),
    );
  });

  test("holds everything that no exemption covers while all sites are closed", () => {
    fc.assert(
      fc.property(aWorld, aVisit, (world, raw) => {
        const periods = [...world.periods, period({ id: 999, siteId: null, start: now })];
        const decided = decide(build({ ...world, periods }), readVisit(raw, trust), now);
        if (decided.kind === "open") expect(decided.why).toStartWith("exempt-");
        else expect(decided.opensAt).toBeNull();
      }),
    );
  });
});
