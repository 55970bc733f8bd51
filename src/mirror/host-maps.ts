import type { Snapshot } from "../gate/snapshot.ts";
import type { HeldSite } from "./held-site.ts";

/** The flag of hosts that are nobody's. */
export const unknownName = "unknown";

/** The maps by name. HAProxy (`map_str`, `map_end`) and Apache (`RewriteMap txt:`) read the same form. */
export const mapNames = ["hosts.map", "wildcards.map", "states.map"] as const;
export type MapName = (typeof mapNames)[number];

/** Exact hosts and their sites, and `*` with that of all others: it changes with the sites, and not when they close. */
export function hostsMap({ exactHosts, anyHost, policy, sites }: Snapshot): string {
  const { unknownHost, defaultSite } = policy;
  const instead = unknownHost === "default-site" && sites.has(defaultSite) ? String(defaultSite) : unknownName;
  const lines = [...exactHosts].map(([host, id]) => line(host, String(id)));
  return `# host, number of its site\n${lines.sort().join("")}${line("*", anyHost === null ? instead : String(anyHost))}`;
}

/** `.example.com` for `*.example.com`, the longest first: `map_end` takes the first line that fits. */
export function wildcardsMap({ wildcardHosts }: Snapshot): string {
  const hosts = [...wildcardHosts].sort(([a], [b]) => b.length - a.length || (a < b ? -1 : 1));
  return `# end of a host, number of its site\n${hosts.map(([host, id]) => line(`.${host}`, String(id))).join("")}`;
}

/** What is not open. */
export function statesMap(held: ReadonlyMap<string, HeldSite>): string {
  const lines = [...held].map(([name, { mode }]) => line(name, mode === "full" ? "closed" : "readonly"));
  return `# number of a site, closed or readonly\n${lines.sort().join("")}`;
}

function line(key: string, value: string): string {
  return `${key} ${value}\n`;
}
