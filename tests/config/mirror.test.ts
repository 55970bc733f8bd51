import { expect, test } from "bun:test";
import { loadConfig } from "../../src/config.ts";
import { machineWith } from "../support/machine.ts";

const mirrorOf = (value: string) =>
  loadConfig({ flags: {}, environment: { LULL_MIRROR: value }, machine: machineWith() }).mirror;

test.each([
  ["is nothing unless it is set", "", ""],
  ["is an absolute folder", "/var/lib/lull/mirror", "/var/lib/lull/mirror"],
  ["is the same with a slash at its end, or a detour", "/var/lib/x/../lull/mirror/", "/var/lib/lull/mirror"],
  ["may be called like one that is lost", "/srv/run/mirror", "/srv/run/mirror"],
])("the mirror %s", (_sentence, given, expected) => {
  expect(mirrorOf(given)).toBe(expected);
});

test.each([
  ["a folder that depends on where one stands", "mirror", "an absolute folder"],
  ["the root of all folders", "/", "an absolute folder"],
  ["a folder that a boot empties", "/run/lull/mirror", "empty after every boot"],
  ["the same by its other name", "/var/run/mirror", "empty after every boot"],
  ["the same by a detour", "/var/lib/../../run/mirror", "empty after every boot"],
])("%s is refused", (_sentence, given, why) => {
  expect(() => mirrorOf(given)).toThrow(why);
});
