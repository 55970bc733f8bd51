import { describe, expect, test } from "bun:test";
import type { Period } from "../../src/gate/period.ts";
import type { Snapshot } from "../../src/gate/snapshot.ts";
import { type BodyKind, keptBody } from "../../src/http/upcoming-bodies.ts";
import { hour, now, period, site, snapshotOf } from "../gate/builders.ts";

interface Asking {
  readonly snapshot: Snapshot;
  readonly siteId?: number;
  readonly at?: number;
  readonly kind?: BodyKind;
  readonly text?: string;
  readonly periods?: readonly Period[];
}

/** Whether a body had to be made for it. */
function isMade({ snapshot, siteId = 1, at = now, kind = "json", text = "x", periods = [] }: Asking): boolean {
  let made = false;
  keptBody({ snapshot, site: site(siteId, "one.example"), now: at }, kind, () => {
    made = true;
    return { text, periods };
  });
  return made;
}

describe("keptBody", () => {
  test("is made once, and answers in UTF-8", async () => {
    const asked = { snapshot: snapshotOf(), site: site(1, "one.example"), now };
    const make = () => ({ text: "é日😀", periods: [] });
    const first = keptBody(asked, "json", make);
    expect(await first.text()).toBe("é日😀");
    expect(keptBody(asked, "json", make)).toBe(first);
  });

  test.each<[string, Partial<Asking>, boolean]>([
    ["just before five seconds are over", { at: now + 4_999 }, false],
    ["after five seconds", { at: now + 5_000 }, true],
    ["a clock that was set back", { at: now - 1 }, true],
    ["another site", { siteId: 2 }, true],
    ["another kind", { kind: "calendar" }, true],
    ["another snapshot", { snapshot: snapshotOf() }, true],
  ])("%s", (_, change, expected) => {
    const snapshot = snapshotOf();
    expect(isMade({ snapshot })).toBe(true);
    expect(isMade({ snapshot, ...change })).toBe(expected);
  });

  test.each<[string, Partial<Period>]>([
    ["begins", { start: now + 100 }],
    ["ends", { end: now + 100 }],
    ["is not over as expected", { expectedEnd: now + 100 }],
    ["ends because nobody renewed it", { leaseMs: hour, leaseEnd: now + 100 }],
  ])("is made again when a period %s", (_, change) => {
    const snapshot = snapshotOf();
    isMade({ snapshot, periods: [period({ end: now + hour }), period(change)] });
    expect(isMade({ snapshot, at: now + 99 })).toBe(false);
    expect(isMade({ snapshot, at: now + 100 })).toBe(true);
  });

  test("keeps two hundred, and of more the latest", () => {
    const snapshot = snapshotOf();
    for (let siteId = 1; siteId <= 201; siteId++) isMade({ snapshot, siteId });
    expect([2, 201, 1].map((siteId) => isMade({ snapshot, siteId }))).toEqual([false, false, true]);
  });

  test("keeps eight megabytes, also after some were made again", () => {
    const snapshot = snapshotOf();
    const text = "x".repeat(2 * 1024 * 1024);
    for (const at of [now, now + 5_000, now + 10_000]) {
      for (let siteId = 1; siteId <= 4; siteId++) isMade({ snapshot, siteId, text, at });
    }
    const at = now + 10_000;
    expect([1, 2, 3, 4].map((siteId) => isMade({ snapshot, siteId, text, at }))).toEqual([false, false, false, false]);
    isMade({ snapshot, siteId: 5, at });
    expect(isMade({ snapshot, siteId: 2, at })).toBe(false);
    expect(isMade({ snapshot, siteId: 1, at })).toBe(true);
  });
});
