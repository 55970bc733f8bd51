import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { expectedOver, type InstantMs, isRunning, overAt, type Period } from "../../src/gate/period.ts";
import { type Occurrences, occurrencePeriod } from "../../src/gate/recurrence.ts";
import { beginning, chainFrom, compileTimeline, nextAfter, nextStart, runningAt } from "../../src/gate/timeline.ts";
import { now, period, recurring } from "./builders.ts";

const at = (id: number, start: number, end: number | null, change: Partial<Period> = {}) =>
  period({ id, start: now + start, end: end === null ? null : now + end, ...change });
const occurring = (...times: readonly (readonly [number, number])[]) =>
  recurring(times.map(([start, end]) => [now + start, now + end]));

/** `3:-1..5` is period 3 from one before to five after `now`; an occurrence has the number 0. */
function shown({ id, start, ...rest }: Period): string {
  const over = overAt({ end: rest.end, leaseEnd: rest.leaseEnd });
  return `${id}:${start - now}..${over === Number.POSITIVE_INFINITY ? "" : over - now}`;
}

interface Given {
  readonly rows?: readonly Period[];
  readonly recurring?: readonly Occurrences[];
}

const compiled = ({ rows = [], recurring: yielded = [] }: Given) => [compileTimeline(rows, yielded)];

describe("what runs now, and what begins next", () => {
  test.each<[string, Given, readonly string[], readonly string[]]>([
    ["nothing: nothing", {}, [], []],
    ["from the start on", { rows: [at(1, 0, 5)] }, ["1:0..5"], []],
    ["not before", { rows: [at(1, 1, 5)] }, [], ["1:1..5"]],
    ["not at the end", { rows: [at(1, -5, 0)] }, [], []],
    ["without an end", { rows: [at(1, -5, null)] }, ["1:-5.."], []],
    ["until its lease runs out", { rows: [at(1, -5, null, { leaseEnd: now + 1 })] }, ["1:-5..1"], []],
    ["and not from then on", { rows: [at(1, -5, 9, { leaseEnd: now })] }, [], []],
    ["disabled ones do not count", { rows: [at(1, -5, 5, { enabled: false }), at(2, 1, 5)] }, [], ["2:1..5"]],
    ["past the planned end it still runs", { rows: [at(1, -5, null, { expectedEnd: now - 1 })] }, ["1:-5.."], []],
    [
      "a long one behind many short ones is found",
      { rows: [at(1, -100, 5), ...[2, 3, 4, 5].map((id) => at(id, -10 * id, -10 * id + 1)), at(6, -1, 1)] },
      ["1:-100..5", "6:-1..1"],
      [],
    ],
    [
      "in order of starts, the lower number first",
      { rows: [at(4, 7, 8), at(3, 5, 9), at(2, 5, 6), at(1, 6, null)] },
      [],
      ["2:5..6", "3:5..9", "1:6..", "4:7..8"],
    ],
    ["occurrences run", { recurring: [occurring([-9, -8], [-1, 1], [7, 8])] }, ["0:-1..1"], ["0:7..8"]],
    ["they may overlap", { recurring: [occurring([-9, 2], [-1, 1], [0, 3])] }, ["0:-9..2", "0:-1..1", "0:0..3"], []],
    [
      "between rows in order of starts",
      { rows: [at(1, 2, 3), at(2, 6, 7)], recurring: [occurring([1, 9], [5, 9]), occurring([4, 9])] },
      [],
      ["0:1..9", "1:2..3", "0:4..9", "0:5..9", "2:6..7"],
    ],
    [
      "those of a disabled recurrence do not count",
      { recurring: [recurring([[now - 1, now + 1]], { enabled: false })] },
      [],
      [],
    ],
  ])("%s", (_sentence, given, running, next) => {
    const timelines = compiled(given);
    expect(runningAt(timelines, now).map(shown).sort()).toEqual([...running].sort());
    expect([...beginning(timelines, now)].map(shown)).toEqual([...next]);
    const first = nextAfter(timelines, now);
    expect(first === null ? [] : [shown(first)]).toEqual(next.slice(0, 1));
    expect(nextStart(timelines, now)).toBe(first?.start ?? Number.POSITIVE_INFINITY);
  });

  test("an occurrence is a period with what its recurrence says", () => {
    const yielded = recurring([[now, now + 5]], { id: 7, siteId: null, name: "n", mode: "readonly", message: "Soon" });
    expect(runningAt([compileTimeline([], [yielded])], now)).toEqual([
      period({
        id: 0,
        siteId: null,
        name: "n",
        start: now,
        end: now + 5,
        mode: "readonly",
        message: "Soon",
        recurrenceId: 7,
      }),
    ]);
  });
});

describe("the chain", () => {
  const planned = (end: number) => ({ expectedEnd: now + end });

  test.each<[string, Given, readonly string[], number | null]>([
    ["of nothing opens now", { rows: [at(1, 1, 5)] }, [], 0],
    ["ends with an occurrence", { recurring: [occurring([-1, 4], [5, 6])] }, ["0:-1..4"], 4],
    ["goes on where one adjoins", { rows: [at(1, -1, 4)], recurring: [occurring([4, 6])] }, ["1:-1..4", "0:4..6"], 6],
    [
      "goes on from occurrence to occurrence to row",
      { rows: [at(1, 7, 9)], recurring: [occurring([-1, 4], [3, 7], [10, 11])] },
      ["0:-1..4", "0:3..7", "1:7..9"],
      9,
    ],
    ["ends at the lease", { rows: [at(1, -1, 9, { leaseEnd: now + 3 })] }, ["1:-1..3"], 3],
    ["ends at the planned end of one without an end", { rows: [at(1, -1, null, planned(3))] }, ["1:-1.."], 3],
    ["and goes on from there", { rows: [at(1, -1, null, planned(3)), at(2, 3, 5)] }, ["1:-1..", "2:3..5"], 5],
    ["is unknown when the planned end is past", { rows: [at(1, -1, null, planned(0))] }, ["1:-1.."], null],
    [
      "is unknown into one without an end",
      { rows: [at(1, -1, 2), at(2, 1, null), at(3, 2, 4)] },
      ["1:-1..2", "2:1.."],
      null,
    ],
    ["is not led on by one that is contained", { rows: [at(1, -1, 9), at(2, 1, 2)] }, ["1:-1..9", "2:1..2"], 9],
    ["passes over disabled ones", { rows: [at(1, -1, 2), at(2, 2, 3, { enabled: false })] }, ["1:-1..2"], 2],
  ])("%s", (_sentence, given, periods, opens) => {
    const chain = chainFrom(compiled(given), now, () => true);
    expect(chain.periods.map(shown)).toEqual([...periods]);
    expect(chain.opensAt).toBe(opens === null ? null : now + opens);
  });

  test("takes only what counts: what does not leaves a gap", () => {
    const rows = [at(1, -1, 2), at(2, 2, 4, { mode: "readonly" }), at(3, 4, 6)];
    const full = chainFrom(compiled({ rows }), now, ({ mode }) => mode === "full");
    expect([full.periods.map(({ id }) => id), full.opensAt]).toEqual([[1], now + 2]);
    const any = chainFrom(compiled({ rows }), now, () => true);
    expect([any.periods.map(({ id }) => id), any.opensAt]).toEqual([[1, 2, 3], now + 6]);
  });
});

describe("as a model without any index has it", () => {
  const step = fc.integer({ min: -6, max: 6 }).map((steps) => now + steps);
  const length = fc.integer({ min: 1, max: 5 });
  const row = fc
    .record({
      start: step,
      length: fc.option(length),
      lease: fc.option(length),
      planned: fc.option(length),
      enabled: fc.boolean(),
      full: fc.boolean(),
    })
    .map(
      ({ start, ...drawn }): Partial<Period> => ({
        start,
        end: drawn.length === null ? null : start + drawn.length,
        leaseEnd: drawn.lease === null ? null : start + drawn.lease,
        expectedEnd: drawn.planned === null ? null : start + drawn.planned,
        enabled: drawn.enabled,
        mode: drawn.full ? "full" : "readonly",
      }),
    );
  const yielded = fc
    .record({ times: fc.array(fc.tuple(step, length), { maxLength: 5 }), enabled: fc.boolean(), full: fc.boolean() })
    .map(({ times, enabled, full }) =>
      recurring(
        times.map(([start, lasts]) => [start, start + lasts] as const).sort(([a], [b]) => a - b),
        { enabled, mode: full ? "full" : "readonly" },
      ),
    );
  const world = fc
    .array(fc.record({ rows: fc.array(row, { maxLength: 5 }), recurring: fc.array(yielded, { maxLength: 5 }) }), {
      maxLength: 3,
    })
    .map((drawn) => {
      let id = 0;
      return drawn.map(({ rows, recurring: occurrences }) => ({
        rows: rows.map((each) => period({ ...each, id: ++id })),
        occurrences,
      }));
    });

  const flat = (drawn: readonly { readonly rows: readonly Period[]; readonly occurrences: readonly Occurrences[] }[]) =>
    drawn
      .flatMap(({ rows, occurrences }) => [
        ...rows,
        ...occurrences.flatMap((each) => [...each.starts.keys()].map((index) => occurrencePeriod(each, index))),
      ])
      .filter(({ enabled }) => enabled);
  const sorted = (periods: Iterable<Period>) => [...periods].map((each) => JSON.stringify(each)).sort();

  /** When it opens, by looking at everything again after every step. */
  function opening(periods: readonly Period[], from: InstantMs): InstantMs | null {
    let opensAt: InstantMs = from;
    for (;;) {
      const reached = periods.filter(({ start, ...rest }) => start <= opensAt && (start > from || overAt(rest) > from));
      const ends = reached.map((each) => expectedOver(each, from));
      if (ends.includes(null)) return null;
      const latest = Math.max(opensAt, ...ends.map(Number));
      if (latest === opensAt || !reached.some((each) => isRunning(each, from))) return opensAt;
      opensAt = latest;
    }
  }

  test("at every instant", () => {
    fc.assert(
      fc.property(world, step, (drawn, instant) => {
        const timelines = drawn.map(({ rows, occurrences }) => compileTimeline(rows, occurrences));
        const all = flat(drawn);
        expect(sorted(runningAt(timelines, instant))).toEqual(sorted(all.filter((each) => isRunning(each, instant))));
        const later = all.filter(({ start }) => start > instant);
        const found = [...beginning(timelines, instant)];
        expect(sorted(found)).toEqual(sorted(later));
        expect(found.map(({ start }) => start)).toEqual(found.map(({ start }) => start).sort((a, b) => a - b));
        expect(nextAfter(timelines, instant)).toEqual(found[0] ?? null);
        expect(nextStart(timelines, instant)).toBe(Math.min(...later.map(({ start }) => start)));
      }),
      { numRuns: 1_000 },
    );
  });

  test("from every instant to the expected opening", () => {
    fc.assert(
      fc.property(world, step, fc.boolean(), (drawn, instant, onlyFull) => {
        const timelines = drawn.map(({ rows, occurrences }) => compileTimeline(rows, occurrences));
        const counts = ({ mode }: Period) => !onlyFull || mode === "full";
        const counting = flat(drawn).filter(counts);
        const { periods, opensAt } = chainFrom(timelines, instant, counts);
        const runs = counting.some((each) => isRunning(each, instant));
        expect(opensAt).toBe(runs ? opening(counting, instant) : instant);
        expect(periods.length > 0).toBe(runs);
        const starts = periods.map(({ start }) => start);
        expect(starts).toEqual(starts.toSorted((a, b) => a - b));
        if (opensAt === null) expect(periods.map((each) => expectedOver(each, instant))).toContain(null);
        else if (runs) {
          const held = counting.filter(
            (each) => isRunning(each, instant) || (each.start > instant && each.start <= opensAt),
          );
          expect(sorted(periods)).toEqual(sorted(held));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
