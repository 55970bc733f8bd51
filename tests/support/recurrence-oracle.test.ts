/** A part of tests/faults/recurrence-oracle.test.ts, in a second or two. */
import { describe, expect, test } from "bun:test";
import { seededIntegers } from "../bench/random.ts";
import { needProgram } from "./debian.ts";
import { agreedPlaces, compareWithOracle } from "./recurrence-comparison.ts";

const CASES = 2_000;
const ZONES = [
  "America/New_York",
  "Europe/Paris",
  "Australia/Lord_Howe",
  "Pacific/Apia",
  "Africa/Casablanca",
  "Asia/Kolkata",
];

describe.skipIf((await needProgram("dateutil")) === null)("the oracle", () => {
  test(`agrees on ${CASES} rules around the clock changes of some zones`, async () => {
    const places = await agreedPlaces(ZONES);
    expect(places.leftOut).toEqual([]);
    const { yieldingCount, mismatches } = await compareWithOracle(seededIntegers(5545), places, CASES);
    expect(mismatches.slice(0, 5)).toEqual([]);
    expect(yieldingCount).toBeGreaterThan(CASES / 2);
  });
});
