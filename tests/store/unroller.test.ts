import { describe, expect, test } from "bun:test";
import type { OccurrenceChange, Recurrence } from "../../src/gate/recurrence.ts";
import { windowAround } from "../../src/gate/unroll-window.ts";
import { createUnroller } from "../../src/store/unroller.ts";
import { recurring } from "../gate/builders.ts";

const day = 24 * 60 * 60 * 1_000;
const start = Date.UTC(2026, 10, 20, 9);
const two = 2 * 60 * 60 * 1_000;

const recurrence = (change: Partial<Recurrence> = {}): Recurrence => ({ ...recurring([]).recurrence, ...change });
const skip = (recurrenceId: number, wall: string): OccurrenceChange => ({
  recurrenceId,
  wall,
  skipped: true,
  start: null,
  end: null,
});

describe("an unroller", () => {
  test("reaches from two days back to 400 days ahead", async () => {
    const { recurring: yielded, faults } = await createUnroller().unroll([recurrence()], [], windowAround(start));
    const { starts, ends } = yielded[0] ?? {};
    expect(faults).toEqual([]);
    // At two each night; the first is the one after 9 o'clock two days ago.
    expect([starts?.length, starts?.[0], starts?.at(-1)]).toEqual([
      402,
      Date.UTC(2026, 10, 19, 2),
      Date.UTC(2026, 10, 19, 2) + 401 * day,
    ]);
    expect(ends?.[0]).toBe(Date.UTC(2026, 10, 19, 3));
  });

  test("keeps what a rule has yielded: for sites with the same rule, and for a window that moves on", async () => {
    const unroller = createUnroller();
    const sites = [
      recurrence(),
      recurrence({ id: 2, siteId: 2, name: "other" }),
      recurrence({ id: 3, at: "03:00:00" }),
    ];
    const first = (await unroller.unroll(sites, [], windowAround(start))).recurring;
    expect(first[1]?.starts).toBe(first[0]?.starts ?? new Float64Array());
    expect(first[1]?.recurrence.id).toBe(2);
    expect(first[2]?.starts).not.toBe(first[0]?.starts);
    const near = (await unroller.unroll(sites, [], windowAround(start + day - 1))).recurring;
    expect(near[0]?.starts).toBe(first[0]?.starts ?? new Float64Array());
    const further = (await unroller.unroll(sites, [], windowAround(start + day))).recurring;
    expect(further[0]?.starts[0]).toBe(Date.UTC(2026, 10, 20, 2));
  });

  test.each<[string, Partial<Recurrence>, Partial<Recurrence>?]>([
    ["rule", { rules: "FREQ=WEEKLY;BYDAY=SU" }],
    ["zone", { timezone: "Asia/Tokyo" }],
    ["start", { at: "02:00:01" }],
    ["length", { durationMs: two }],
    ["length into an end", { durationMs: null, to: "02:30:00" }],
    ["end", { durationMs: null, to: "02:30:00" }, { durationMs: null, to: "03:00:00" }],
    ["first day", { from: "2026-12-01" }],
    ["last day", { until: "2026-12-01" }],
    ["excepted days", { except: ["2026-12-01"] }],
  ])("unrolls anew when the %s changes", async (_sentence, change, from) => {
    const unroller = createUnroller();
    const window = windowAround(start);
    const before = (await unroller.unroll([recurrence(from)], [], window)).recurring[0];
    const after = (await unroller.unroll([recurrence(change)], [], window)).recurring[0];
    const anew = (await createUnroller().unroll([recurrence(change)], [], window)).recurring[0];
    const plain = (occurrences: typeof before) => [[...(occurrences?.starts ?? [])], [...(occurrences?.ends ?? [])]];
    expect(plain(after)).toEqual(plain(anew));
    expect(plain(after)).not.toEqual(plain(before));
  });

  test("unrolls anew what somebody has changed in an occurrence, and only in that recurrence", async () => {
    const unroller = createUnroller();
    const both = [recurrence(), recurrence({ id: 2 })];
    const window = windowAround(start);
    await unroller.unroll(both, [], window);
    const { recurring: changed } = await unroller.unroll(both, [skip(2, "2026-11-22T02:00:00")], window);
    expect(changed.map(({ starts }) => starts.length)).toEqual([402, 401]);
    const { recurring: again } = await unroller.unroll(both, [], window);
    expect(again.map(({ starts }) => starts.length)).toEqual([402, 402]);
  });

  test("tells what cannot be unrolled, and unrolls the rest", async () => {
    const broken = [
      recurrence({ id: 1, timezone: "Mars/Olympus" }),
      recurrence({ id: 2 }),
      recurrence({ id: 3, siteId: null, rules: "FREQ=NEVER" }),
      recurrence({ id: 4, at: "later" }),
      recurrence({ id: 5, durationMs: null, to: null }),
      recurrence({ id: 6, from: "2026-02-31" }),
      recurrence({ id: 7, except: ["x"] }),
    ];
    const { recurring: yielded, faults } = await createUnroller().unroll(broken, [], windowAround(start));
    expect(yielded.map((occurrences) => occurrences.recurrence.id)).toEqual([2]);
    expect(faults.map(({ siteId }) => siteId)).toEqual([1, null, 1, 1, 1, 1]);
    expect(faults[0]?.message).toBe(
      'recurrence 1 yields nothing: "Mars/Olympus" is not a time zone: write one like Europe/Paris',
    );
    for (const { message } of faults) expect(message).toMatch(/^recurrence \d yields nothing: [^\n]+$/);
  });
});
