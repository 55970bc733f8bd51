/** A snapshot as leases are heard of: none runs out unheard of, and what has opened stays open. */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { InstantMs, Period } from "../../src/gate/period.ts";
import { siteState } from "../../src/gate/site-state.ts";
import { type Heard, hear, putSites, type Snapshot, sealDraft, startDraft } from "../../src/gate/snapshot.ts";
import { everywhere, exempt, now, period, policy, record, recurring, site, snapshotOf } from "./builders.ts";

/** In milliseconds; its last third begins 20 before its end. */
const leaseMs = 60;
const leaseEnd = now + leaseMs;
const leased = period({ leaseMs, leaseEnd });
const rest = { revision: 2, everywhere: everywhere(), policy: policy() };

/** What is heard at an instant, of leases that were renewed. */
function heardAt(at: InstantMs, ...renewed: readonly (readonly [number, InstantMs])[]): Heard {
  return { at, leaseEnds: new Map(renewed) };
}

const isClosed = (snapshot: Snapshot, at: InstantMs, siteId = 1) => siteState(snapshot, siteId, at).state !== "open";

/** Site 1 is held by a lease, site 2 is not. */
const two = [
  record({
    periods: [leased],
    exemptions: [exempt("pattern", "^a")],
    recurring: [recurring([[now + 900, now + 999]])],
  }),
  record({ site: site(2, "two.example"), periods: [period({ id: 2, siteId: 2, end: now + 5 })] }),
];

describe("after the clock was set back", () => {
  const minute = 60_000;
  const ahead = snapshotOf({ sites: two, heardAt: now + 60 * minute });
  const added = record({ periods: [leased] });

  test("what was heard before does not let a lease run out that comes then", () => {
    const draft = startDraft(ahead, heardAt(now));
    putSites(draft, [added]);
    expect(isClosed(sealDraft(draft, rest), leaseEnd)).toBe(true);
  });

  test("also when it was heard of that the clock is another, and nothing else", () => {
    const none = snapshotOf({ sites: [record()], heardAt: now + 60 * minute });
    const draft = startDraft(hear(none, heardAt(now)), heardAt(now + 1));
    putSites(draft, [added]);
    expect(isClosed(sealDraft(draft, rest), leaseEnd)).toBe(true);
  });

  test("what is said a little late takes nothing back", () => {
    const later = hear(snapshotOf({ sites: two, heardAt: leaseEnd }), heardAt(leaseEnd - 30));
    expect(isClosed(later, leaseEnd)).toBe(false);
  });
});

describe("a snapshot in which somebody holds a lease", () => {
  test.each<[string, Heard, InstantMs, boolean]>([
    ["before its end: closed", heardAt(leaseEnd - 1), leaseEnd - 1, true],
    ["at its end, heard of in its last third: open", heardAt(leaseEnd - 20), leaseEnd, false],
    ["at its end, heard of before: closed", heardAt(leaseEnd - 21), leaseEnd, true],
    ["and so for ever", heardAt(leaseEnd - 21), leaseEnd + 999_999, true],
    ["heard of long after: open", heardAt(leaseEnd + 999), leaseEnd + 999, false],
    ["renewed: closed", heardAt(leaseEnd - 1, [1, leaseEnd + 40]), leaseEnd + 39, true],
    [
      "renewed, and heard of in the last third of that: open",
      heardAt(leaseEnd + 30, [1, leaseEnd + 40]),
      leaseEnd + 40,
      false,
    ],
    ["renewed, and heard of before: closed", heardAt(leaseEnd + 19, [1, leaseEnd + 40]), leaseEnd + 40, true],
    ["that of another period was renewed: open", heardAt(leaseEnd - 1, [7, leaseEnd + 40]), leaseEnd, false],
  ])("%s", (_sentence, heard, at, expected) => {
    const kept = snapshotOf({ sites: two, heardAt: now });
    expect(isClosed(hear(kept, heard), at)).toBe(expected);
    expect(isClosed(sealDraft(startDraft(kept, heard), rest), at)).toBe(expected);
    const all = snapshotOf({ everywhere: { periods: [{ ...leased, siteId: null }] }, heardAt: now });
    expect(isClosed(hear(all, heard), at)).toBe(expected);
  });

  test("is the same one when what was heard changes nothing", () => {
    const kept = snapshotOf({ sites: two, heardAt: now });
    expect(hear(kept, heardAt(leaseEnd - 21))).toBe(kept);
    expect(hear(kept, heardAt(leaseEnd - 21, [1, leaseEnd]))).toBe(kept);
    const free = snapshotOf();
    expect(hear(free, heardAt(leaseEnd, [1, leaseEnd]))).toBe(free);
    const over = hear(kept, heardAt(leaseEnd - 20));
    expect(hear(over, heardAt(leaseEnd + 99))).toBe(over);
  });

  test("takes nothing back when something older is heard", () => {
    const kept = hear(snapshotOf({ sites: two, heardAt: now }), heardAt(leaseEnd));
    expect(hear(kept, heardAt(now))).toBe(kept);
    expect(sealDraft(startDraft(kept, heardAt(now)), rest).heardAt).toBe(leaseEnd);
  });

  test("gives no lease to a period that has none any more", () => {
    const kept = snapshotOf({ sites: [record({ periods: [leased, period({ id: 2 })] })], heardAt: now });
    const next = hear(kept, heardAt(leaseEnd, [1, leaseEnd + 1], [2, leaseEnd + 1]));
    expect(next.sites.get(1)?.periods.map((each) => each.leaseEnd)).toEqual([leaseEnd + 1, null]);
    expect(isClosed(next, leaseEnd + 999)).toBe(true);
  });

  test("keeps what does not change: other sites whole, its own exemptions compiled, what recurs, the names", () => {
    const kept = snapshotOf({ sites: two, heardAt: now });
    const next = hear(kept, heardAt(leaseEnd, [1, leaseEnd + 1]));
    expect(next).not.toBe(kept);
    expect(next.sites.get(2)).toBe(kept.sites.get(2));
    expect(next.sites.get(1)?.exemptions).toBe(kept.sites.get(1)?.exemptions);
    expect(next.sites.get(1)?.recurring).toBe(kept.sites.get(1)?.recurring);
    expect(siteState(next, 1, now).next).toMatchObject({ recurrenceId: 1 });
    expect([next.exactHosts, next.policy, next.revision]).toEqual([kept.exactHosts, kept.policy, kept.revision]);
    expect(next.siteTimelines.length).toBe(2);
    expect([next.leased, next.sites.get(1)?.periods]).toEqual([
      [{ ...leased, leaseEnd: leaseEnd + 1 }],
      [{ ...leased, leaseEnd: leaseEnd + 1 }],
    ]);
    expect(kept.leased).toEqual([leased]);
  });
});

describe("a draft on an old snapshot", () => {
  test("does not revive a lease that was over before anybody heard of it", () => {
    const draft = startDraft(snapshotOf({ heardAt: now - 999_999 }), heardAt(leaseEnd));
    putSites(draft, [record({ periods: [leased] })]);
    const sealed = sealDraft(draft, {
      ...rest,
      everywhere: everywhere({ periods: [{ ...leased, id: 2, siteId: null }] }),
    });
    expect(isClosed(sealed, leaseEnd)).toBe(false);
    expect(sealed.heardAt).toBe(leaseEnd);
  });

  test("does not forget a lease that was taken meanwhile", () => {
    const draft = startDraft(snapshotOf({ heardAt: now - 999_999 }), heardAt(now));
    putSites(draft, [record({ periods: [leased] })]);
    const sealed = sealDraft(draft, rest);
    expect([isClosed(sealed, leaseEnd - 1), isClosed(sealed, leaseEnd)]).toEqual([true, true]);
    expect(isClosed(hear(sealed, heardAt(leaseEnd - 20)), leaseEnd)).toBe(false);
  });

  test("does not open a site that did not change, and whose lease was renewed meanwhile", () => {
    const draft = startDraft(snapshotOf({ sites: two, heardAt: now }), heardAt(leaseEnd + 30, [1, leaseEnd + 50]));
    putSites(draft, [record({ site: site(2, "two.example") })]);
    expect(isClosed(sealDraft(draft, rest), leaseEnd + 30)).toBe(true);
  });

  test("opens a site that did not change, and whose lease nobody has renewed", () => {
    const draft = startDraft(snapshotOf({ sites: two, heardAt: now }), heardAt(leaseEnd));
    putSites(draft, [record({ site: site(2, "two.example") })]);
    const sealed = sealDraft(draft, rest);
    expect([isClosed(sealed, leaseEnd), sealed.leased.length, sealed.siteTimelines.length]).toEqual([false, 1, 1]);
  });
});

/** What happens to a database with one leased period, and to a sidecar that follows it. */
type Step =
  | { readonly kind: "time"; readonly ms: number }
  /** In time: with a third of the lease left at least, as who holds one does. */
  | { readonly kind: "renew" }
  /** `nothing new`, or a draft: the site of the lease `read again`, `another site` only, or all of it `from nothing`. */
  | { readonly kind: "hear"; readonly how: "nothing new" | "read again" | "another site" | "from nothing" };

const aStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("time"), ms: fc.integer({ min: 1, max: 45 }) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("renew") }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("hear"),
      how: fc.constantFrom("nothing new", "read again", "another site", "from nothing"),
    }),
  },
);

/** What the sidecar serves after it has heard from the database. */
function follow(served: Snapshot, how: Step & { readonly kind: "hear" }, heard: Heard, row: Period): Snapshot {
  if (how.how === "nothing new") return hear(served, heard);
  const draft = startDraft(how.how === "from nothing" ? null : served, heard);
  const onAll = row.siteId === null;
  if (how.how !== "another site") putSites(draft, [record({ periods: onAll ? [] : [row] })]);
  putSites(draft, [record({ site: site(2, "two.example"), periods: [] })]);
  return sealDraft(draft, { ...rest, everywhere: everywhere({ periods: onAll ? [row] : [] }) });
}

test("a lease that is renewed in time never opens the site; one that is not opens it once, and for good", () => {
  let [opened, renewals] = [0, 0];
  fc.assert(
    fc.property(fc.array(aStep, { maxLength: 40 }), fc.constantFrom(1, null), (steps, siteId) => {
      let row: Period = { ...leased, siteId };
      let at = now;
      let isOver = false;
      let served = follow(snapshotOf({ heardAt: now }), { kind: "hear", how: "from nothing" }, heardAt(at), row);
      for (const step of steps) {
        const end = row.leaseEnd ?? Number.NaN;
        if (step.kind === "time") at += step.ms;
        else if (step.kind === "renew") {
          if (at >= end - leaseMs / 3) continue;
          renewals++;
          row = { ...row, leaseEnd: at + leaseMs };
        } else served = follow(served, step, heardAt(at, [row.id, end]), row);
        const closed = isClosed(served, at);
        if (at < Number(row.leaseEnd)) expect(closed).toBe(true);
        else if (step.kind === "hear") expect(closed).toBe(false);
        // Time alone never closes it again, nor does anything that is heard.
        if (isOver) expect(closed).toBe(false);
        isOver = !closed;
      }
      if (isOver) opened++;
    }),
    { numRuns: 2_000 },
  );
  expect(opened).toBeGreaterThan(200);
  expect(renewals).toBeGreaterThan(200);
});
