import type { ArgsDef } from "citty";
import type { Config } from "../config/keys.ts";
import type { InstantMs } from "../gate/period.ts";
import type { InstantContext } from "../time/instant.ts";
import { parseZone } from "../time/zone.ts";
import type { Given } from "./arguments.ts";
import { choiceOf } from "./choice.ts";

/** Options of every command that reads a wall time. */
export const zoneArgs: ArgsDef = {
  tz: {
    type: "string",
    valueHint: "ZONE",
    description: "IANA zone in which times are read and shown (default: the configured one)",
  },
  disambiguation: {
    type: "string",
    valueHint: "earlier|later",
    description: "which reading of a time that a change of the clocks skips or repeats (default: neither)",
  },
};

/** How times are read, and in which zone they are shown: `zoneArgs`, else the configuration. Throws LullError. */
export function clockOf(given: Given, config: Config, now: InstantMs): InstantContext {
  const zone = given.text("tz");
  return {
    now,
    timezone: zone === undefined ? config.timezone : parseZone(zone),
    disambiguation: choiceOf(given, "disambiguation", ["earlier", "later"]),
  };
}
