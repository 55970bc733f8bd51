import { isAbsolute, join, resolve } from "node:path";
import { SYSTEM_CONFIG_FILE, userFolder } from "./database.ts";
import type { Machine } from "./machine.ts";

export interface ConfigFile {
  /** null: there is none, which is no fault as long as nobody named one. */
  readonly path: string | null;
  /** In the order of the file. */
  readonly entries: readonly (readonly [key: string, value: unknown])[];
  readonly faults: readonly string[];
}

/** What a configuration is made of. */
export interface ConfigSources {
  /** Names without `--`: `config`, `database`, `default-site`. */
  readonly flags: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly machine: Machine;
}

type Place =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "none" }
  | { readonly kind: "refused"; readonly fault: string };

/** Finds and reads the configuration file: `--config`, else `LULL_CONFIG`, else the system's, else the user's. */
export function readConfigFile(sources: ConfigSources): ConfigFile {
  const place = placeOf(sources);
  switch (place.kind) {
    case "found":
      return parseFile(place.path, sources.machine);
    case "none":
      return { path: null, entries: [], faults: [] };
    case "refused":
      return { path: null, entries: [], faults: [place.fault] };
  }
}

function placeOf({ flags, environment, machine }: ConfigSources): Place {
  const flag = flags["config"];
  const variable = environment["LULL_CONFIG"];
  if (flag !== undefined) return named(flag === "" ? "" : resolve(machine.workingFolder, flag), "--config", machine);
  if (variable !== undefined) return named(variable, "LULL_CONFIG", machine);
  if (machine.exists(SYSTEM_CONFIG_FILE)) return { kind: "found", path: SYSTEM_CONFIG_FILE };
  const folder = userFolder(environment["XDG_CONFIG_HOME"], { machine, below: ".config" });
  const path = folder === null ? null : join(folder, "lull", "lull.toml");
  return path !== null && machine.exists(path) ? { kind: "found", path } : { kind: "none" };
}

/** A file that somebody named must be there, and the variable must not make it depend on the current folder. */
function named(path: string, by: string, machine: Machine): Place {
  if (!isAbsolute(path)) {
    return {
      kind: "refused",
      fault: `${by}: ${JSON.stringify(path)} is not an absolute path; name the configuration file in full`,
    };
  }
  if (!machine.exists(path)) {
    return { kind: "refused", fault: `${by}: there is no file ${JSON.stringify(path)}; make it, or name another` };
  }
  return { kind: "found", path };
}

function parseFile(path: string, machine: Machine): ConfigFile {
  let written: string;
  try {
    written = machine.readText(path);
  } catch (error) {
    return { path, entries: [], faults: [`${path} cannot be read: ${firstLineOf(error)}`] };
  }
  try {
    return { path, entries: Object.entries(Bun.TOML.parse(written)), faults: [] };
  } catch (error) {
    const fault = `${path}:${faultyLineOf(written)}: ${firstLineOf(error)}`;
    return { path, entries: [], faults: [fault] };
  }
}

function firstLineOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split("\n", 1).join("");
}

/** The number of the line on which the first broken statement begins. Bun's error tells the place of the call instead. */
function faultyLineOf(written: string): number {
  const lines = written.split("\n");
  let good = lines.length - 1;
  while (good > 0 && !isToml(lines.slice(0, good).join("\n"))) good--;
  const next = lines.findIndex((line, index) => index >= good && /^\s*[^\s#]/.test(line));
  return (next === -1 ? good : next) + 1;
}

function isToml(written: string): boolean {
  try {
    Bun.TOML.parse(written);
    return true;
  } catch {
    return false;
  }
}
