import { configurationExemptions } from "../config/exemptions.ts";
import type { Config } from "../config/keys.ts";
import { loadConfig, policyOf } from "../config.ts";
import type { SnapshotSettings } from "../store/settings.ts";
import type { Given } from "./arguments.ts";
import type { Shell } from "./shell.ts";

/** The configuration for one command: its options are the flags. Throws LullError. */
export function configFor(shell: Shell, given: Given): Config {
  const flags: Record<string, string> = {};
  for (const key of ["database", "config"]) {
    const value = given.text(key);
    if (value !== undefined) flags[key] = value;
  }
  const listen = given.list("listen").join(",");
  if (listen !== "") flags["listen"] = listen;
  return loadConfig({ flags, environment: shell.environment, machine: shell.machine });
}

export function settingsOf(config: Config): SnapshotSettings {
  return { policy: policyOf(config), exemptions: configurationExemptions(config) };
}
