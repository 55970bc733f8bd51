import type { UnknownHost } from "../gate/snapshot.ts";
import type { StaffConfig } from "./staff.ts";

/** The keys as they stand in the file. `LULL_` and the key in capitals is the variable, `--default-site` the flag of `default_site`. */
export const CONFIG_KEYS = [
  "database",
  "listen",
  "admin_listen",
  "socket_mode",
  "socket_group",
  "database_group",
  "default_site",
  "unknown_host",
  "trusted_proxies",
  "client_address_header",
  "internal_ips",
  "admin_ignored_urls",
  "default_exemptions",
  "retry_after",
  "mirror",
  "templates",
  "maintenance_503_template",
  "public_reason",
  "staff_url",
  "block_staff",
  "staff_claim",
  "superuser_claim",
  "jwt_keys",
  "jwt_secret_file",
  "jwt_algorithms",
  "jwt_issuer",
  "jwt_audience",
  "jwt_cookie",
  "jwt_clock_skew",
  "jwt_staff",
  "jwt_superuser",
  "staff_probe",
  "superuser_probe",
  "staff_probe_headers",
  "status_code",
  "timezone",
  "longest_period",
  "remind_after",
  "notice_lead",
  "ready_max_age",
  "log_level",
] as const;

export type ConfigKey = (typeof CONFIG_KEYS)[number];

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Where a value came from. */
export type Origin =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "environment"; readonly variable: string }
  | { readonly kind: "flag"; readonly flag: string };

/** Everything that can be configured, checked and frozen; plain data that can be posted to a Worker. */
export interface Config {
  /** `file:/absolute/path`, percent-encoded. */
  readonly database: string;
  /** Never empty; `parseListenAddress` takes them apart. */
  readonly listen: readonly string[];
  /** Empty: none. */
  readonly adminListen: string;
  /** Permission bits of unix sockets. */
  readonly socketMode: number;
  /** Name or number; empty: the process's own. */
  readonly socketGroup: string;
  /** Name or number; empty: database, keys and tokens are for their owner alone. */
  readonly databaseGroup: string;
  readonly defaultSite: number;
  readonly unknownHost: UnknownHost;
  /** As `parseTrust` takes them. */
  readonly trustedProxies: readonly string[];
  readonly clientAddressHeader: string;
  /** Networks whose clients pass while a site is closed, canonical. */
  readonly internalIps: readonly string[];
  /** Paths (with a leading `/`) and patterns that stay reachable, as they were written. */
  readonly adminIgnoredUrls: readonly string[];
  /** Like `adminIgnoredUrls`. */
  readonly defaultExemptions: readonly string[];
  /** What Retry-After says when the opening is unknown. */
  readonly retryAfterSeconds: number;
  /** Absolute folder of the files from which proxies answer without the sidecar; empty: none. */
  readonly mirror: string;
  /** Absolute folder; empty: the built-in templates. */
  readonly templates: string;
  /** Absolute file; empty: none. */
  readonly maintenance503Template: string;
  /** Whether visitors are told why a site is or will be closed. */
  readonly publicReason: boolean;
  /** Where the page's staff link leads: a path, or an absolute http or https URL; empty: there is no link. */
  readonly staffUrl: string;
  readonly staff: StaffConfig;
  /** IANA name of the zone in which people write and read times. */
  readonly timezone: string;
  /** A longer period is refused unless it is forced. */
  readonly longestPeriodMs: number;
  /** After so long, and again every time it has passed, a running period without an end is logged. */
  readonly remindAfterMs: number;
  /** How long before a planned period visitors are told. */
  readonly noticeLeadMs: number;
  /** An older snapshot is reported as not ready. */
  readonly readyMaxAgeMs: number;
  readonly logLevel: LogLevel;
  /** The file that was read; null: none. */
  readonly configFile: string | null;
  /** Of every key that was given; the others have their defaults. `originOf` reads it. */
  readonly origin: Readonly<Partial<Record<ConfigKey, Origin>>>;
}

export function environmentVariableOf(key: ConfigKey): string {
  return `LULL_${key.toUpperCase()}`;
}

/** Without the leading `--`. */
export function flagOf(key: ConfigKey): string {
  return key.replaceAll("_", "-");
}

export function originOf(config: Config, key: ConfigKey): Origin {
  return config.origin[key] ?? { kind: "default" };
}

/** For messages: `/etc/lull/lull.toml`, `LULL_LISTEN`, `--listen`, `the default`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case "default":
      return "the default";
    case "file":
      return origin.path;
    case "environment":
      return origin.variable;
    case "flag":
      return `--${origin.flag}`;
  }
}
