/** What lull makes of rules in zones, against dateutil and zoneinfo of Python, which it does not use. */
import { describe, expect, test } from "bun:test";
import { seededIntegers } from "../bench/random.ts";
import { needProgram } from "../support/debian.ts";
import { agreedPlaces, allZones, compareWithOracle } from "../support/recurrence-comparison.ts";

const CASES = 100_000;
/** Zones of the system's tables; some more come and go with their versions. */
const FEWEST_ZONES = 400;
const LIMIT_MS = 300_000;

describe.skipIf((await needProgram("dateutil")) === null)("the oracle", () => {
  test(
    `agrees on ${CASES} rules around every clock change of every zone from 2000 to 2037`,
    async () => {
      const places = await agreedPlaces(await allZones());
      for (const line of places.leftOut) console.log(`left out, ${line}`);
      expect(places.zoneCount).toBeGreaterThan(FEWEST_ZONES);
      expect(CASES).toBeGreaterThan(places.places.length);
      const { count, yieldingCount, mismatches } = await compareWithOracle(seededIntegers(5545), places, CASES);
      const where = `${places.zoneCount} zones with ${places.places.length} places`;
      console.log(`${count} rules in ${where}: ${yieldingCount} yield something, ${mismatches.length} mismatches`);
      expect(mismatches.slice(0, 5)).toEqual([]);
      expect(yieldingCount).toBeGreaterThan(CASES / 2);
    },
    LIMIT_MS,
  );
});
