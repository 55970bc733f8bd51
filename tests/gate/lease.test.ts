import { describe, expect, test } from "bun:test";
import { asHeard, mayRunOut } from "../../src/gate/lease.ts";
import { isRunning } from "../../src/gate/period.ts";
import { now, period } from "./builders.ts";

/** In milliseconds; its last third begins at -20_000. */
const leaseMs = 60_000;

describe("a lease", () => {
  test.each([
    ["not when nobody has heard since it was taken", -leaseMs, false],
    ["not just before its last third", -20_001, false],
    ["from the beginning of its last third on", -20_000, true],
    ["at its end", 0, true],
    ["long after it", 3 * leaseMs, true],
    ["not when the clock of who heard was wrong", Number.NEGATIVE_INFINITY, false],
  ])("may run out: %s", (_sentence, heardMs, expected) => {
    const leased = period({ leaseMs, leaseEnd: now });
    expect(mayRunOut(leased, now + heardMs)).toBe(expected);
    expect(asHeard(leased, now + heardMs)).toEqual(expected ? leased : { ...leased, leaseEnd: null });
    expect(isRunning(asHeard(leased, now + heardMs), now - 1)).toBe(true);
    expect(isRunning(asHeard(leased, now + heardMs), now)).toBe(!expected);
  });

  test("that is none never runs out, and changes nothing", () => {
    const lasting = period();
    expect(mayRunOut(lasting, Number.POSITIVE_INFINITY)).toBe(false);
    expect(asHeard(lasting, now)).toBe(lasting);
  });

  test("that nobody has heard of leaves the end of its period as it is", () => {
    const ending = period({ end: now + 5, leaseMs, leaseEnd: now });
    const heard = asHeard(ending, 0);
    expect([isRunning(heard, now), isRunning(heard, now + 5)]).toEqual([true, false]);
  });

  test("without a length may run out only when somebody heard at its end", () => {
    const broken = period({ leaseMs: null, leaseEnd: now });
    expect([mayRunOut(broken, now - 1), mayRunOut(broken, now)]).toEqual([false, true]);
  });
});
