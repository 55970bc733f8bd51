import { dirname, isAbsolute, resolve } from "node:path";
import { databaseRule, defaultDatabase } from "./config/database.ts";
import { kindOfEntry } from "./config/exemptions.ts";
import type { ConfigSources } from "./config/file.ts";
import { type Config, type ConfigKey, describeOrigin, type Origin } from "./config/keys.ts";
import { formatListenAddress, parseListenAddress } from "./config/listen.ts";
import type { Machine } from "./config/machine.ts";
import {
  attempt,
  choice,
  duration,
  list,
  positiveInteger,
  type Rule,
  read,
  refuse,
  seconds,
  text,
  textOrEmpty,
  truth,
} from "./config/rules.ts";
import { gather } from "./config/sources.ts";
import { takeStaff } from "./config/staff.ts";
import { parseTrust } from "./gate/client-ip.ts";
import { LullError } from "./gate/error.ts";
import { canonicalExemption } from "./gate/exemption.ts";
import { canonicalRedirect } from "./gate/redirect.ts";
import type { Policy } from "./gate/snapshot.ts";
import { zoneOf } from "./time/zone.ts";

const HOUR_MS = 3_600_000;
const DEFAULT_ADDRESS = "127.0.0.1:8503";
const SOCKET_FOLDER = "/run/lull";
const DEFAULT_SOCKET = `unix:${SOCKET_FOLDER}/lull.sock`;

/**
 * Defaults, then the file, then the environment, then flags; the later ones win, and all must hold.
 * Throws one LullError `usage` with a line for every fault. Looks at no database.
 */
export function loadConfig(sources: ConfigSources): Config {
  const { machine } = sources;
  const gathered = gather(sources);
  const faults = [...gathered.faults];
  const origin: Partial<Record<ConfigKey, Origin>> = {};

  function take<Value>(key: ConfigKey, rule: Rule<Value>, fallback: Value): Value {
    let value = fallback;
    for (const given of gathered.given.get(key) ?? []) {
      const reading = rule(given);
      if (reading.kind === "read") {
        value = reading.value;
        origin[key] = given.origin;
      } else {
        faults.push(...reading.faults.map((fault) => `${key} (${describeOrigin(given.origin)}): ${fault}`));
      }
    }
    return value;
  }

  const database = defaultDatabase(sources.environment, machine);
  if (database === null && !gathered.given.has("database")) {
    faults.push('database: this user has no home folder to keep it in; set it to "file:" and an absolute path');
  }
  const givenZone = take<string | null>("timezone", timezone, null);
  // For whoever looks for what other programs let one choose: there is one answer, and the fault says why.
  take("status_code", statusCode, 503);
  const config: Config = {
    database: take("database", databaseRule(machine.workingFolder), database ?? ""),
    listen: take("listen", listenAddresses, defaultListen(machine)),
    adminListen: take("admin_listen", adminListen, ""),
    socketMode: take("socket_mode", socketMode, 0o660),
    socketGroup: take("socket_group", groupName, ""),
    databaseGroup: take("database_group", groupName, ""),
    defaultSite: take("default_site", positiveInteger, 1),
    unknownHost: take("unknown_host", choice(["default-site", "open", "closed"]), "default-site"),
    trustedProxies: take("trusted_proxies", trustedProxies, ["loopback", "unix"]),
    clientAddressHeader: take("client_address_header", headerName, "X-Real-IP"),
    internalIps: take("internal_ips", networks, []),
    adminIgnoredUrls: take("admin_ignored_urls", pathsAndPatterns, ["/admin"]),
    defaultExemptions: take("default_exemptions", pathsAndPatterns, [
      "/robots.txt",
      "/.well-known/acme-challenge/",
      "/.well-known/security.txt",
    ]),
    retryAfterSeconds: take("retry_after", seconds, 300),
    mirror: take("mirror", mirrorFolder, ""),
    templates: take("templates", textOrEmpty("an absolute folder", isAbsolute), ""),
    maintenance503Template: take("maintenance_503_template", textOrEmpty("an absolute file", isAbsolute), ""),
    publicReason: take("public_reason", truth, true),
    staffUrl: take("staff_url", staffUrl, ""),
    staff: takeStaff(take, faults),
    // Looked up when it is needed: the first use of time zones takes longer than a whole command.
    get timezone() {
      return givenZone ?? zoneOf(machine.timezone) ?? "UTC";
    },
    longestPeriodMs: take("longest_period", duration, 48 * HOUR_MS),
    remindAfterMs: take("remind_after", duration, 4 * HOUR_MS),
    noticeLeadMs: take("notice_lead", duration, 24 * HOUR_MS),
    readyMaxAgeMs: take("ready_max_age", seconds, 60) * 1_000,
    logLevel: take("log_level", choice(["debug", "info", "warn", "error"]), "info"),
    configFile: gathered.configFile,
    origin,
  };
  if (config.listen.includes(config.adminListen) && !isAnyPort(config.adminListen)) {
    faults.push(
      `admin_listen: ${JSON.stringify(config.adminListen)} is in listen as well; administration needs an address of its own`,
    );
  }
  if (faults.length > 0) throw new LullError("usage", faults.join("\n"));
  // By descriptors: values would look the time zone up.
  for (const { value } of Object.values(Object.getOwnPropertyDescriptors(config))) Object.freeze(value);
  for (const value of Object.values(origin)) Object.freeze(value);
  return Object.freeze(config);
}

/** The part of the configuration that takes part in a verdict. */
export function policyOf(config: Config): Policy {
  const { unknownHost, defaultSite, noticeLeadMs, publicReason, staff } = config;
  return { unknownHost, defaultSite, noticeLeadMs, publicReason, blockStaff: staff.blockStaff };
}

function defaultListen(machine: Machine): readonly string[] {
  return machine.canHold(SOCKET_FOLDER) ? [DEFAULT_ADDRESS, DEFAULT_SOCKET] : [DEFAULT_ADDRESS];
}

/** Listeners on port 0 get different ports, so the same text may stand twice. */
function isAnyPort(address: string): boolean {
  return !address.startsWith("unix:") && address.endsWith(":0");
}

const listenAddress = (value: string) => attempt(value, () => formatListenAddress(parseListenAddress(value)));

const listenAddresses: Rule<readonly string[]> = (given) => {
  const reading = list(DEFAULT_ADDRESS, listenAddress)(given);
  if (reading.kind === "refused") return reading;
  if (reading.value.length === 0) return refuse([], `at least one address, such as ["${DEFAULT_ADDRESS}"]`);
  const repeated = reading.value.find(
    (address, index) => !isAnyPort(address) && reading.value.indexOf(address) < index,
  );
  return repeated === undefined ? reading : refuse(repeated, "every address once");
};

const adminListen: Rule<string> = text("an address with a port, or nothing", (value) =>
  value === "" ? read(value) : listenAddress(value),
);

const MODE = 'octal permission bits as text, such as "0660"';
const socketMode: Rule<number> = text(MODE, (value) =>
  /^0?[0-7]{3}$/.test(value) ? read(Number.parseInt(value, 8)) : refuse(value, MODE),
);

const groupName: Rule<string> = textOrEmpty('the name or number of a group, such as "www-data"', (value) =>
  /^\w[\w.-]*$/.test(value),
);

const trustedProxies: Rule<readonly string[]> = list("10.0.0.0/8", (entry) =>
  attempt(entry, () => {
    parseTrust([entry]);
    return entry;
  }),
);

// A token of RFC 9110. Underscores are left out: servers take X_Real_IP for X-Real-IP, so whoever sends it could pass for the proxy.
const HEADER = 'a header name without underscores, such as "X-Real-IP"';
const headerName: Rule<string> = text(HEADER, (value) =>
  /^[!#$%&'*+.^`|~0-9A-Za-z-]{1,64}$/.test(value) ? read(value) : refuse(value, HEADER),
);

const networks: Rule<readonly string[]> = list("192.0.2.0/24", (entry) =>
  attempt(entry, () => canonicalExemption("network", entry)),
);

const pathsAndPatterns: Rule<readonly string[]> = list("/admin", (entry) =>
  attempt(entry, () => {
    canonicalExemption(kindOfEntry(entry), entry);
    return entry;
  }),
);

const MIRROR = 'an absolute folder, such as "/var/lib/lull/mirror"';
const mirrorFolder: Rule<string> = text(MIRROR, (value) => {
  if (value === "") return read(value);
  if (!isAbsolute(value) || value.includes("\0")) return refuse(value, MIRROR);
  const folder = resolve(value);
  if (folder === dirname(folder)) return refuse(value, MIRROR);
  // Proxies would find every site open until the sidecar has started.
  if (/^\/(?:var\/)?run(?:\/|$)/.test(folder)) return refuse(value, `${MIRROR}; this one is empty after every boot`);
  return read(folder);
});

const STAFF_URL =
  'a path that begins with one "/", such as "/admin/", or an address such as "https://admin.example.com/"';
const staffUrl: Rule<string> = text(STAFF_URL, (value) => {
  if (value === "" || /^\/(?![/\\])[^\s\p{Cc}\\]{0,1999}$/u.test(value)) return read(value);
  return /^https?:/i.test(value) ? attempt(value, () => canonicalRedirect(value)) : refuse(value, STAFF_URL);
});

const STATUS_CODE =
  '503: with Retry-After it is the only status that tells search engines, caches and clients to keep what they have and to come back; with 200 the maintenance page is indexed, with 404 and 410 pages are dropped, and a redirect is set by "lull site set SITE --redirect URL"';
const statusCode: Rule<503> = ({ value }) =>
  value === 503 || (typeof value === "string" && value.trim() === "503") ? read(503) : refuse(value, STATUS_CODE);

const ZONE = 'an IANA time zone, such as "Europe/Berlin" or "UTC"';
const timezone: Rule<string> = text(ZONE, (value) => {
  const zone = zoneOf(value);
  return zone === null ? refuse(value, ZONE) : read(zone);
});
