import { nearestName } from "../nearest-name.ts";
import { type ConfigSources, readConfigFile } from "./file.ts";
import { CONFIG_KEYS, type ConfigKey, environmentVariableOf, flagOf } from "./keys.ts";
import type { Given } from "./rules.ts";

/** Everything that was written somewhere, and the names that mean nothing. */
export interface Gathered {
  readonly configFile: string | null;
  /** The later ones win. */
  readonly given: ReadonlyMap<ConfigKey, readonly Given[]>;
  readonly faults: readonly string[];
}

/**
 * Variables that begin with `LULL_` and are no keys: the place of the configuration file, the bypasses that `lull run`
 * gives its command, and what Kubernetes sets in every container beside a service that is named `lull` or
 * `lull-something`. Its `LULL_PORT=tcp://10.0.0.1:8503` is known by its value, so that a person's `LULL_PORT=8503` is
 * not ignored in silence.
 */
function isNoKey(variable: string, value: string): boolean {
  if (/^LULL_(?:\w+_)?PORT$/.test(variable)) return /^(?:tcp|udp|sctp):\/\//.test(value);
  return /^LULL_(?:CONFIG|BYPASS_(?:URL|TOKEN)(?:_\d+)?|(?:\w+_)?SERVICE_(?:HOST|PORT(?:_\w+)?)|(?:\w+_)?PORT_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)$/.test(
    variable,
  );
}

const BY_FLAG: ReadonlyMap<string, ConfigKey> = new Map(CONFIG_KEYS.map((key) => [flagOf(key), key]));
const BY_VARIABLE: ReadonlyMap<string, ConfigKey> = new Map(
  CONFIG_KEYS.map((key) => [environmentVariableOf(key), key]),
);
const BY_NAME: ReadonlyMap<string, ConfigKey> = new Map(CONFIG_KEYS.map((key) => [key, key]));

/** Collects file, environment and flags, in this order. */
export function gather(sources: ConfigSources): Gathered {
  const file = readConfigFile(sources);
  const given = new Map<ConfigKey, Given[]>();
  const faults = [...file.faults];

  function add(key: ConfigKey, value: Given): void {
    given.set(key, [...(given.get(key) ?? []), value]);
  }

  for (const [name, value] of file.entries) {
    const key = BY_NAME.get(name);
    if (key !== undefined) add(key, { value, origin: { kind: "file", path: file.path ?? "" } });
    else faults.push(`${file.path}: unknown key ${JSON.stringify(name)}${suggestion(name, BY_NAME)}`);
  }
  for (const [variable, value] of Object.entries(sources.environment)) {
    if (value === undefined || !/^LULL_./.test(variable) || isNoKey(variable, value)) continue;
    const key = BY_VARIABLE.get(variable);
    if (key !== undefined) add(key, { value, origin: { kind: "environment", variable } });
    else faults.push(`environment: unknown variable ${JSON.stringify(variable)}${suggestion(variable, BY_VARIABLE)}`);
  }
  for (const [flag, value] of Object.entries(sources.flags)) {
    if (flag === "config") continue;
    const key = BY_FLAG.get(flag);
    if (key !== undefined) add(key, { value, origin: { kind: "flag", flag } });
    else faults.push(`command line: unknown flag ${JSON.stringify(`--${flag}`)}${suggestion(flag, BY_FLAG)}`);
  }
  return { configFile: file.path, given, faults };
}

function suggestion(name: string, known: ReadonlyMap<string, ConfigKey>): string {
  const nearest = nearestName(name, [...known.keys()]);
  const meant = nearest === null ? sharingBeginning(name, [...known.keys()]) : [nearest];
  return meant.length === 0
    ? `; the keys are ${CONFIG_KEYS.join(", ")}`
    : `; did you mean ${meant.map((each) => JSON.stringify(each)).join(" or ")}?`;
}

/** Those that go on where the name ends, in whole words; else the longest that it goes on from: `jwt_secret`, `listen_address`. */
function sharingBeginning(name: string, candidates: readonly string[]): readonly string[] {
  const written = wordsOf(name);
  const longer = candidates.filter((each) => wordsOf(each).startsWith(written));
  if (longer.length > 0) return longer;
  const shorter = candidates.filter((each) => written.startsWith(wordsOf(each)));
  return shorter.toSorted((one, other) => other.length - one.length).slice(0, 1);
}

function wordsOf(name: string): string {
  return `${name.toLowerCase().replaceAll("-", "_")}_`;
}
