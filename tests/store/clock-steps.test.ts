import { expect, test } from "bun:test";
import { createClockSteps } from "../../src/store/clock-steps.ts";

const second = 1_000;
const graceMs = 40 * second;

/** Readings as `seconds of the clock, seconds of the steady one`, and what was heard until, in seconds. */
test.each<[string, readonly (readonly [number, number, number])[]]>([
  [
    "as the clock goes",
    [
      [100, 10, 100],
      [101, 11, 101],
      [150, 60, 150],
    ],
  ],
  [
    "late on both clocks is no step",
    [
      [100, 10, 100],
      [700, 610, 700],
    ],
  ],
  [
    "slewed by less than a second is none",
    [
      [100, 10, 100],
      [101.9, 11, 101.9],
    ],
  ],
  [
    "set forward: as before, until there was time for renewals",
    [
      [100, 10, 100],
      [401, 11, 101],
      [440, 50, 140],
      [442, 52, 442],
    ],
  ], // prettier-ignore
  [
    "set forward twice: from the second time on",
    [
      [100, 10, 100],
      [401, 11, 101],
      [731, 41, 131],
      [760, 70, 160],
      [772, 82, 772],
    ],
  ], // prettier-ignore
  [
    "slept, as the steady clock has: a step as well",
    [
      [100, 10, 100],
      [400, 10.5, 100.5],
    ],
  ],
  [
    "set back: as the clock says",
    [
      [100, 10, 100],
      [41, 11, 41],
      [42, 12, 42],
    ],
  ],
])("%s", (_sentence, readings) => {
  const steps = createClockSteps();
  const heard = readings.map(([now, steady]) =>
    steps.heardAt({ now: now * second, steadyMs: steady * second }, graceMs),
  );
  expect(heard).toEqual(readings.map(([, , until]) => until * second));
});
