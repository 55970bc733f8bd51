/** Verdicts over what time and leases bring about. */
import { describe, expect, test } from "bun:test";
import { decide } from "../../src/gate/decide.ts";
import type { InstantMs, Period } from "../../src/gate/period.ts";
import type { EverywhereRecord } from "../../src/gate/snapshot.ts";
import type { Verdict } from "../../src/gate/verdict.ts";
import type { RawVisit } from "../../src/gate/visit.ts";
import { exempt, hour, now, period, record, recurring, snapshotOf, visit } from "./builders.ts";

const night = recurring([
  [now - hour, now + hour],
  [now + 3 * hour, now + 4 * hour],
]);
const readonlyNight = recurring([[now - hour, now + hour]], { id: 2, mode: "readonly" });
const leased = period({ leaseMs: hour, leaseEnd: now + hour });

/** `closed period, opens 1 h`, `open no-period` */
function said(verdict: Verdict): string {
  if (verdict.kind === "open") return `open ${verdict.why}`;
  return `closed ${verdict.why}, opens ${verdict.opensAt === null ? "?" : `${(verdict.opensAt - now) / hour} h`}`;
}

describe("decide", () => {
  test.each<[string, Partial<EverywhereRecord>, Partial<RawVisit>, number, string]>([
    ["an occurrence runs: closed until it is over", { recurring: [night] }, {}, 0, "closed period, opens 1 h"],
    ["it is over: open", { recurring: [night] }, {}, 1, "open no-period"],
    ["the next one runs: closed", { recurring: [night] }, {}, 3, "closed period, opens 4 h"],
    ["after the last: open", { recurring: [night] }, {}, 4, "open no-period"],
    [
      "a row goes on where it ends: closed until that is over",
      { recurring: [night], periods: [period({ start: now + hour, end: now + 3 * hour })] },
      {},
      0,
      "closed period, opens 4 h",
    ],
    ["a read-only one lets GET pass", { recurring: [readonlyNight] }, {}, 0, "open readonly-safe-method"],
    ["and holds POST", { recurring: [readonlyNight] }, { method: "POST" }, 0, "closed period, opens 1 h"],
    [
      "a safe visit is held by the full one beside it, and no longer",
      { recurring: [readonlyNight], periods: [period({ end: now + hour / 2 })] },
      {},
      0,
      "closed period, opens 0.5 h",
    ],
    [
      "a method and path that are listed pass a read-only one",
      {
        recurring: [readonlyNight],
        readonlyRules: [{ id: 1, siteId: 1, effect: "safe", method: "POST", path: "/search" }],
      },
      { method: "POST", target: "/search" },
      0,
      "open readonly-safe-method",
    ],
    [
      "and not a full one",
      { recurring: [night], readonlyRules: [{ id: 1, siteId: 1, effect: "safe", method: "POST", path: "/search" }] },
      { method: "POST", target: "/search" },
      0,
      "closed period, opens 1 h",
    ],
    [
      "those that are listed as unsafe are held by it",
      {
        recurring: [readonlyNight],
        readonlyRules: [{ id: 1, siteId: 1, effect: "unsafe", method: "GET", path: "/logout" }],
      },
      { target: "/logout" },
      0,
      "closed period, opens 1 h",
    ],
    [
      "unless they are exempt",
      {
        recurring: [readonlyNight],
        readonlyRules: [{ id: 1, siteId: 1, effect: "unsafe", method: "GET", path: "/logout" }],
        exemptions: [exempt("path", "/logout")],
      },
      { target: "/logout" },
      0,
      "open exempt-path",
    ],
    [
      "without a host: held while an occurrence runs",
      { recurring: [night] },
      { host: null },
      0,
      "closed unreadable-visit, opens 1 h",
    ],
    ["and not afterwards", { recurring: [night] }, { host: null }, 1, "open no-period"],
    [
      "a planned end tells when it opens",
      { periods: [period({ expectedEnd: now + hour })] },
      {},
      0,
      "closed period, opens 1 h",
    ],
    ["and does not open", { periods: [period({ expectedEnd: now + hour })] }, {}, 1, "closed period, opens ?"],
    [
      "without a host the planned end counts, too",
      { periods: [period({ expectedEnd: now + hour })] },
      { host: null },
      0,
      "closed unreadable-visit, opens 1 h",
    ],
  ])("%s", (_sentence, rules, change, hours, expected) => {
    const at = now + hours * hour;
    const own = snapshotOf({ sites: [record(rules)] });
    expect(said(decide(own, visit(change), at))).toBe(expected);
    expect(said(decide(snapshotOf({ everywhere: rules }), visit(change), at))).toBe(expected);
  });

  test.each<[string, InstantMs, number, string]>([
    ["heard of in its last third, it opens at its end", now + hour, 1, "open no-period"],
    ["and tells that end before", now + hour, 0, "closed period, opens 1 h"],
    ["not heard of since, it does not open", now, 1, "closed period, opens ?"],
    ["and tells no end", now, 0, "closed period, opens ?"],
  ])("a lease: %s", (_sentence, heardAt, hours, expected) => {
    const snapshot = snapshotOf({ sites: [record({ periods: [leased] })], heardAt });
    expect(said(decide(snapshot, visit(), now + hours * hour))).toBe(expected);
  });

  test("names the occurrence that closes, and the recurrence that yields it", () => {
    const verdict = decide(snapshotOf({ sites: [record({ recurring: [night] })] }), visit(), now);
    expect(verdict).toMatchObject({ period: { id: 0, recurrenceId: 1, name: "backup" }, chain: [{ recurrenceId: 1 }] });
  });
});

describe("what comes next is told", () => {
  const noticeLeadMs = hour;
  const soon = period({ start: now + hour });

  test.each<[string, Partial<EverywhereRecord>, number, number | null]>([
    ["from its lead on", { periods: [soon] }, 0, 1],
    ["and not before", { periods: [soon] }, -0.001, null],
    ["until it begins", { periods: [soon] }, 0.999, 1],
    ["not when it runs", { periods: [soon] }, 1, null],
    ["not of a disabled one", { periods: [{ ...soon, enabled: false }] }, 0, null],
    ["of an occurrence", { recurring: [night] }, 2, 3],
    ["of the first of several", { periods: [period({ start: now + hour / 2 }), { ...soon, id: 2 }] }, 0, 0.5],
    ["of a read-only one as well", { periods: [{ ...soon, mode: "readonly" }] }, 0, 1],
    ["never when nothing comes", {}, 0, null],
  ])("%s", (_sentence, rules, hours, startsInHours) => {
    for (const parts of [{ sites: [record(rules)] }, { everywhere: rules }]) {
      const snapshot = snapshotOf({ ...parts, policy: { noticeLeadMs } });
      const verdict = decide(snapshot, visit(), now + hours * hour);
      const told: Period | null = verdict.kind === "open" ? verdict.upcoming : null;
      expect(told?.start ?? null).toBe(startsInHours === null ? null : now + startsInHours * hour);
    }
  });

  test("not at all without a lead", () => {
    expect(decide(snapshotOf({ sites: [record({ periods: [soon] })] }), visit(), now + hour - 1)).toMatchObject({
      upcoming: null,
    });
  });

  test("to a stranger only what closes all sites", () => {
    const policyOf = { unknownHost: "open", noticeLeadMs } as const;
    const own = snapshotOf({ sites: [], policy: policyOf, everywhere: { periods: [{ ...soon, siteId: null }] } });
    expect(decide(own, visit({ host: "else.example" }), now)).toMatchObject({
      why: "unknown-host",
      upcoming: { id: 1 },
    });
  });

  test.each<[string, Partial<EverywhereRecord>, Partial<RawVisit>, string]>([
    [
      "not to whom an exemption lets in",
      { periods: [period()], exemptions: [exempt("path", "/a")] },
      { target: "/a" },
      "exempt-path",
    ],
    ["not to whom a read-only period lets in", { periods: [period({ mode: "readonly" })] }, {}, "readonly-safe-method"],
    ["not to whom nobody can place", {}, { host: null }, "no-period"],
  ])("%s", (_sentence, { periods = [], ...rules }, change, why) => {
    const sites = [record({ ...rules, periods: [...periods, { ...soon, id: 9 }] })];
    const verdict = decide(snapshotOf({ sites, policy: { noticeLeadMs } }), visit(change), now);
    expect<unknown>(verdict).toMatchObject({ kind: "open", why, upcoming: null });
  });
});
