import { describe, expect, test } from "bun:test";
import { LullError } from "../../src/gate/error.ts";
import { parseZone, zoneOf } from "../../src/time/zone.ts";

describe("parseZone", () => {
  test.each([
    ["a name", "Europe/Berlin", "Europe/Berlin"],
    ["small letters", "america/argentina/buenos_aires", "America/Argentina/Buenos_Aires"],
    ["capitals", "ASIA/TOKYO", "Asia/Tokyo"],
    ["UTC", "utc", "UTC"],
    ["a zone that is an offset by name", "Etc/GMT+5", "Etc/GMT+5"],
    ["space around it", " Europe/Berlin ", "Europe/Berlin"],
  ])("reads %s: %j", (_, text, expected) => {
    expect(parseZone(text)).toBe(expected);
  });

  test.each([
    ["nothing", ""],
    ["a place on another planet", "Mars/Olympus"],
    ["no place", "Etc/Unknown"],
    ["an offset, which has no summer time", "+01:00"],
    ["the letter for UTC", "Z"],
    ["an offset in a time", "T12:00+01:00"],
    ["an offset in a short time", "T12+01"],
    ["a zone in a time", "T1200[Europe/Berlin]"],
    ["a line break", "Europe\nBerlin"],
  ])("refuses %s: %j", (_, text) => {
    expect(zoneOf(text)).toBeNull();
    const message = `${JSON.stringify(text)} is not a time zone: write an IANA name, such as Europe/Berlin or UTC`;
    expect(() => parseZone(text)).toThrow(new LullError("usage", message));
  });

  test("reads every zone that there is, as it is written", () => {
    for (const zone of Intl.supportedValuesOf("timeZone")) expect(parseZone(zone.toLowerCase())).toBe(zone);
  });
});
