import { type Network, parseNetwork } from "./client-ip.ts";
import { LullError } from "./error.ts";
import { compileNetworks, type NetworkIndex } from "./network-index.ts";
import { canonicalPathOf } from "./path.ts";
import { compilePatterns, type PatternMatcher, parsePattern } from "./pattern.ts";
import type { InstantMs } from "./period.ts";
import type { Visit } from "./visit.ts";

export type ExemptionKind = "exact" | "path" | "pattern" | "network";

/** What passes while a site is closed. */
export interface Exemption {
  /** Rows have positive ids; exemptions of the configuration have none. */
  readonly id: number | null;
  /** null: all sites. */
  readonly siteId: number | null;
  readonly kind: ExemptionKind;
  /** An absolute path (`exact`, `path`), an RE2 pattern, or a network in CIDR form; canonical, as `canonicalExemption` makes it. */
  readonly value: string;
  readonly description: string;
  /** null: never. */
  readonly expires: InstantMs | null;
}

/** The exemptions of one site, or of all; nothing is compiled before the first visit to a closed site needs it. */
export interface CompiledExemptions {
  readonly list: readonly Exemption[];
  readonly find: (visit: Visit, now: InstantMs) => Exemption | null;
}

/** Of exemptions that are the same but for their end, only the one that lasts longest. */
interface Index {
  readonly exact: ReadonlyMap<string, Exemption>;
  readonly paths: ReadonlyMap<string, Exemption>;
  /** The lengths of `paths`: no other part of a visit's path is worth a look-up. */
  readonly pathLengths: ReadonlySet<number>;
  readonly longestPath: number;
  readonly patterns: readonly Exemption[];
  readonly matchPatterns: PatternMatcher;
  readonly networks: readonly Exemption[];
  readonly matchNetworks: NetworkIndex;
}

const howToOpen = 'to open a site use "setmaintenance off" or "downtime_end"';

/**
 * The value as it is kept and compared. A path covers whole segments, itself and what is below it, so that `/a/` is `/a`.
 * Throws a LullError for what no visit can match and for what every visit would.
 */
export function canonicalExemption(kind: ExemptionKind, value: string): string {
  switch (kind) {
    case "exact":
      return canonicalPathOf(value);
    case "path": {
      const path = withoutFinalSlash(canonicalPathOf(value));
      if (path !== "") return path;
      throw new LullError(
        "refused",
        `the path "${value}" would exempt everything: ${howToOpen}; for the front page alone use an exact exemption`,
      );
    }
    case "pattern":
      return parsePattern(value).text;
    case "network": {
      const network = parseNetwork(value);
      if (network.prefixLength > 0) return network.text;
      throw new LullError("refused", `the network "${value}" would exempt everybody: ${howToOpen}`);
    }
  }
}

/** Cheap: looks at nothing yet. What cannot be read, in rows that `canonicalExemption` did not make, exempts nothing. */
export function compileExemptions(list: readonly Exemption[]): CompiledExemptions {
  let index: Index | null = null;
  return {
    list,
    find: (visit, now) => {
      index ??= indexOf(list);
      return findIn(index, visit, now);
    },
  };
}

/**
 * An exemption that covers the visit at `now`, or null; at the instant at which it expires it covers nothing.
 * Of several it is the same one in whatever order they were listed. A visit that cannot be read is never covered.
 */
export function coveringExemption(compiled: CompiledExemptions, visit: Visit, now: InstantMs): Exemption | null {
  return compiled.list.length === 0 || visit.fault !== null ? null : compiled.find(visit, now);
}

function indexOf(list: readonly Exemption[]): Index {
  const paths = longestLasting(list, "path", withoutFinalSlash);
  const pathLengths = new Set(Array.from(paths.keys(), (path) => path.length));
  const patterns = inOrder(longestLasting(list, "pattern", (value) => value));
  const networks = inOrder(longestLasting(list, "network", (value) => value)).flatMap((exemption) => {
    const network = readNetwork(exemption.value);
    return network === null ? [] : [{ exemption, network }];
  });
  return {
    exact: longestLasting(list, "exact", (value) => value),
    paths,
    pathLengths,
    longestPath: Math.max(0, ...pathLengths),
    patterns,
    matchPatterns: compilePatterns(patterns.map(({ value }) => value)),
    networks: networks.map(({ exemption }) => exemption),
    matchNetworks: compileNetworks(networks.map(({ network }) => network)),
  };
}

function findIn(index: Index, visit: Visit, now: InstantMs): Exemption | null {
  const { path, client } = visit;
  if (path !== null) {
    const byPath = (index.exact.size === 0 ? null : alive(index.exact.get(path), now)) ?? findPath(index, path, now);
    if (byPath !== null) return byPath;
    const byPattern = index.patterns.length === 0 ? null : firstAlive(index.patterns, index.matchPatterns(path), now);
    if (byPattern !== null) return byPattern;
  }
  if (index.networks.length === 0 || !client.known || client.address === null) return null;
  return firstAlive(index.networks, index.matchNetworks(client.address), now);
}

/** Asks for `/a`, `/a/b`, `/a/b/c`, as far as there are paths of that length. */
function findPath(index: Index, path: string, now: InstantMs): Exemption | null {
  let end = 0;
  do {
    const slash = path.indexOf("/", end + 1);
    end = slash === -1 ? path.length : slash;
    if (end > index.longestPath) return null;
    const found = index.pathLengths.has(end) ? alive(index.paths.get(path.slice(0, end)), now) : null;
    if (found !== null) return found;
  } while (end < path.length);
  return null;
}

function firstAlive(list: readonly Exemption[], positions: readonly number[], now: InstantMs): Exemption | null {
  for (const position of positions) {
    const found = alive(list[position], now);
    if (found !== null) return found;
  }
  return null;
}

function alive(exemption: Exemption | undefined, now: InstantMs): Exemption | null {
  return exemption === undefined || (exemption.expires !== null && exemption.expires <= now) ? null : exemption;
}

function longestLasting(
  list: readonly Exemption[],
  kind: ExemptionKind,
  key: (value: string) => string,
): Map<string, Exemption> {
  const kept = new Map<string, Exemption>();
  for (const exemption of list) {
    if (exemption.kind !== kind) continue;
    const before = kept.get(key(exemption.value));
    if (before === undefined || lastsLonger(exemption, before)) kept.set(key(exemption.value), exemption);
  }
  return kept;
}

/** The lower id wins a tie. */
function lastsLonger(a: Exemption, b: Exemption): boolean {
  const aEnd = a.expires ?? Number.POSITIVE_INFINITY;
  const bEnd = b.expires ?? Number.POSITIVE_INFINITY;
  return aEnd === bEnd ? (a.id ?? 0) < (b.id ?? 0) : aEnd > bEnd;
}

function inOrder(kept: ReadonlyMap<string, Exemption>): readonly Exemption[] {
  return [...kept.values()].sort((a, b) => (a.value < b.value ? -1 : 1));
}

function readNetwork(value: string): Network | null {
  try {
    return parseNetwork(value);
  } catch {
    return null;
  }
}

function withoutFinalSlash(path: string): string {
  return path.endsWith("/") ? path.slice(0, -1) : path;
}
