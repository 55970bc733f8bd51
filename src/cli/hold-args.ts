import type { ArgsDef } from "citty";
import type { Config } from "../config/keys.ts";
import { LullError } from "../gate/error.ts";
import { parseDuration } from "../time/duration.ts";
import type { Given } from "./arguments.ts";
import { choiceOf } from "./choice.ts";

/** A shorter lease could not be renewed in time. */
const shortestLeaseMs = 10_000;

/** What can be said of everything that closes, beside when. */
export const holdArgs: ArgsDef = {
  mode: {
    type: "string",
    valueHint: "full|readonly",
    description: "readonly lets GET, HEAD and OPTIONS through (full)",
  },
  message: { type: "string", valueHint: "TEXT", description: "shown to held visitors" },
  reason: { type: "string", valueHint: "TEXT", description: "why, for status, audit, and visitors" },
  owner: { type: "string", valueHint: "NAME", description: "who is shown as holding it (user@host)" },
};

/** For commands that may be told to close for longer than the configuration allows. */
export const longestArgs: ArgsDef = {
  force: { type: "boolean", description: "also when it is longer than the setting longest_period" },
};

/** What these options say, and `--name`. Throws LullError. */
export function holdOf(given: Given, config: Config, defaultName: string) {
  return {
    name: given.text("name") ?? defaultName,
    mode: choiceOf(given, "mode", ["full", "readonly"]) ?? "full",
    owner: given.text("owner"),
    message: given.text("message") ?? "",
    longestMs: longestOf(given, config),
  };
}

/** The longest that it may last, in milliseconds; null: `--force`. */
export function longestOf(given: Given, config: Config): number | null {
  return given.flag("force") ? null : config.longestPeriodMs;
}

/** The lease in milliseconds; null: none is wanted. Throws LullError. */
export function leaseOf(given: Given): number | null {
  const lease = given.text("lease");
  if (lease === undefined) return null;
  const leaseMs = parseDuration(lease);
  if (leaseMs >= shortestLeaseMs) return leaseMs;
  throw new LullError("usage", `--lease "${lease}" is too short to be renewed in time; give 10s or more`);
}
