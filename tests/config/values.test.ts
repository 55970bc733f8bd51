import { describe, expect, test } from "bun:test";
import type { Config, ConfigKey } from "../../src/config/keys.ts";
import { environmentVariableOf, flagOf } from "../../src/config/keys.ts";
import { loadConfig } from "../../src/config.ts";
import { LullError } from "../../src/gate/error.ts";
import { machineWith } from "../support/machine.ts";

const FILE = "/etc/lull/lull.toml";

function fromFile(toml: string): Config {
  return loadConfig({ flags: {}, environment: {}, machine: machineWith({ files: { [FILE]: toml } }) });
}

function fromEnvironment(key: ConfigKey, value: string): Config {
  return loadConfig({ flags: {}, environment: { [environmentVariableOf(key)]: value }, machine: machineWith() });
}

function faultOf(load: () => Config): string {
  try {
    load();
  } catch (error) {
    if (error instanceof LullError && error.kind === "usage") return error.message;
    throw error;
  }
  throw new Error("it was accepted");
}

describe("values that hold in the file", () => {
  test.each<[string, string, Partial<Config>]>([
    [
      "addresses of both families and a socket",
      'listen = ["0.0.0.0:80", "[::1]:8503", "unix:/run/x.sock"]',
      { listen: ["0.0.0.0:80", "[::1]:8503", "unix:/run/x.sock"] },
    ],
    ["an IPv6 address, made canonical", 'listen = ["[0:0::0:1]:08503"]', { listen: ["[::1]:8503"] }],
    ["any port twice", 'listen = ["127.0.0.1:0", "127.0.0.1:0"]', { listen: ["127.0.0.1:0", "127.0.0.1:0"] }],
    ["an address for administration", 'admin_listen = "127.0.0.1:8504"', { adminListen: "127.0.0.1:8504" }],
    ["no address for administration", 'admin_listen = ""', { adminListen: "" }],
    ["permission bits", 'socket_mode = "0666"', { socketMode: 0o666 }],
    ["permission bits without zero", 'socket_mode = "600"', { socketMode: 0o600 }],
    [
      "groups by name and number",
      'socket_group = "www-data"\ndatabase_group = "33"',
      { socketGroup: "www-data", databaseGroup: "33" },
    ],
    ["no group", 'socket_group = ""', { socketGroup: "" }],
    ["a site", "default_site = 42", { defaultSite: 42 }],
    ["unknown hosts open", 'unknown_host = "open"', { unknownHost: "open" }],
    ["unknown hosts closed", 'unknown_host = "closed"', { unknownHost: "closed" }],
    [
      "proxies",
      'trusted_proxies = ["loopback", "10.0.0.0/8", "2001:db8::1"]',
      { trustedProxies: ["loopback", "10.0.0.0/8", "2001:db8::1"] },
    ],
    ["no proxies", "trusted_proxies = []", { trustedProxies: [] }],
    ["a header", 'client_address_header = "CF-Connecting-IP"', { clientAddressHeader: "CF-Connecting-IP" }],
    ["networks", 'internal_ips = ["10.0.0.0/8", "2001:db8::/32"]', { internalIps: ["10.0.0.0/8", "2001:db8::/32"] }],
    [
      "paths and patterns",
      'admin_ignored_urls = ["/manage", "^api/v[12]/"]',
      { adminIgnoredUrls: ["/manage", "^api/v[12]/"] },
    ],
    ["no paths", "admin_ignored_urls = []\ndefault_exemptions = []", { adminIgnoredUrls: [], defaultExemptions: [] }],
    ["seconds", "retry_after = 1", { retryAfterSeconds: 1 }],
    ["seconds as text", 'retry_after = "120"', { retryAfterSeconds: 120 }],
    ["a duration", 'retry_after = "5m"', { retryAfterSeconds: 300 }],
    ["an ISO duration", 'ready_max_age = "PT2M"', { readyMaxAgeMs: 120_000 }],
    ["an age in seconds", "ready_max_age = 90", { readyMaxAgeMs: 90_000 }],
    ["a longest period", 'longest_period = "72h"', { longestPeriodMs: 259_200_000 }],
    ["a reminder", 'remind_after = "PT30M"', { remindAfterMs: 1_800_000 }],
    ["a lead", 'notice_lead = "2d"', { noticeLeadMs: 172_800_000 }],
    [
      "templates",
      'templates = "/srv/lull"\nmaintenance_503_template = "/srv/503.html"',
      { templates: "/srv/lull", maintenance503Template: "/srv/503.html" },
    ],
    ["no templates", 'templates = ""\nmaintenance_503_template = ""', { templates: "", maintenance503Template: "" }],
    ["no public reasons", "public_reason = false", { publicReason: false }],
    ["public reasons as text", 'public_reason = "true"', { publicReason: true }],
    ["a way in for staff, by path", 'staff_url = "/admin/?next=/ü"', { staffUrl: "/admin/?next=/ü" }],
    ["a way in at the root", 'staff_url = "/"', { staffUrl: "/" }],
    ["a way in elsewhere", 'staff_url = "https://Admin.example"', { staffUrl: "https://admin.example/" }],
    ["no way in", 'staff_url = ""', { staffUrl: "" }],
    ["the only status", "status_code = 503", {}],
    ["the only status as text", 'status_code = "503"', {}],
    ["a time zone", 'timezone = "Asia/Tokyo"', { timezone: "Asia/Tokyo" }],
    ["a time zone in small letters", 'timezone = "europe/london"', { timezone: "Europe/London" }],
    ["a log level", 'log_level = "debug"', { logLevel: "debug" }],
  ])("%s", (_, toml, expected) => {
    expect(fromFile(toml)).toMatchObject(expected);
  });
});

describe("values that hold in the environment, and as flags", () => {
  test.each<[string, ConfigKey, string, Partial<Config>]>([
    ["a list", "listen", "127.0.0.1:1, [::1]:2", { listen: ["127.0.0.1:1", "[::1]:2"] }],
    ["an empty list", "admin_ignored_urls", "", { adminIgnoredUrls: [] }],
    ["a list of one", "internal_ips", "192.0.2.0/24", { internalIps: ["192.0.2.0/24"] }],
    ["a number", "default_site", "7", { defaultSite: 7 }],
    ["a number of seconds", "retry_after", "30", { retryAfterSeconds: 30 }],
    ["a duration", "ready_max_age", "1m30s", { readyMaxAgeMs: 90_000 }],
    ["a longest period", "longest_period", "1w", { longestPeriodMs: 604_800_000 }],
    ["a reminder", "remind_after", "90m", { remindAfterMs: 5_400_000 }],
    ["a lead", "notice_lead", "1h 30m", { noticeLeadMs: 5_400_000 }],
    ["permission bits", "socket_mode", "0600", { socketMode: 0o600 }],
    ["no public reasons", "public_reason", "false", { publicReason: false }],
    ["public reasons", "public_reason", "true", { publicReason: true }],
    ["a way in for staff", "staff_url", "/admin/", { staffUrl: "/admin/" }],
    ["the only status", "status_code", "503", {}],
    [
      "a key with a number in it",
      "maintenance_503_template",
      "/srv/503.html",
      { maintenance503Template: "/srv/503.html" },
    ],
  ])("%s", (_, key, value, expected) => {
    expect(fromEnvironment(key, value)).toMatchObject(expected);
    expect(loadConfig({ flags: { [flagOf(key)]: value }, environment: {}, machine: machineWith() })).toMatchObject(
      expected,
    );
  });
});

describe("values that do not hold", () => {
  test.each([
    ["a list that is text", 'listen = "127.0.0.1:1"', '"127.0.0.1:1"', 'a list, such as ["127.0.0.1:8503"]'],
    ["an entry that is a number", "listen = [8503]", "8503", "text, such as"],
    ["no address at all", "listen = []", "[]", "at least one address"],
    ["an address twice", 'listen = ["[::1]:1", "[0::1]:1"]', '"[::1]:1"', "once"],
    ["a host name", 'listen = ["localhost:8503"]', '"localhost:8503"', "an address, not a name"],
    ["a name in brackets", 'listen = ["[localhost]:8503"]', '"[localhost]:8503"', "an address, not a name"],
    ["an IPv6 zone", 'listen = ["[fe80::1%eth0]:8503"]', "fe80::1%eth0", "an address, not a name"],
    ["a port alone", 'listen = ["8503"]', '"8503"', "address with a port"],
    ["an address alone", 'listen = ["127.0.0.1"]', '"127.0.0.1"', "address with a port"],
    ["an IPv6 address without brackets", 'listen = ["::1:8503"]', '"::1:8503"', "[::1]:8503"],
    ["a port that is too high", 'listen = ["127.0.0.1:65536"]', '"127.0.0.1:65536"', "address with a port"],
    ["a relative socket", 'listen = ["unix:lull.sock"]', '"unix:lull.sock"', "absolute path"],
    ["a socket whose path is too long", `listen = ["unix:/${"a".repeat(99)}"]`, "aaa", "at most 99 bytes"],
    [
      "an address for administration that checks have",
      'listen = ["127.0.0.1:1"]\nadmin_listen = "127.0.0.1:1"',
      '"127.0.0.1:1"',
      "of its own",
    ],
    ["an address for administration that is none", 'admin_listen = "here"', '"here"', "address with a port"],
    ["permission bits as a number", "socket_mode = 660", "660", 'such as "0660"'],
    ["permission bits that are not octal", 'socket_mode = "0680"', '"0680"', 'such as "0660"'],
    ["permission bits with set-id", 'socket_mode = "4660"', '"4660"', 'such as "0660"'],
    ["a group with a space", 'socket_group = "www data"', '"www data"', "group"],
    ["a site zero", "default_site = 0", "0", "at least 1"],
    ["half a site", "default_site = 1.5", "1.5", "whole number"],
    ["an infinite site", "default_site = inf", "Infinity", "whole number"],
    ["a truth for a name", "unknown_host = true", "true", '"default-site", "open", "closed"'],
    ["a name in capitals", 'log_level = "INFO"', '"INFO"', '"debug", "info", "warn", "error"'],
    ["a proxy that is no network", 'trusted_proxies = ["10.0.0.0/33"]', '"10.0.0.0/33"', ""],
    ["a header with a space", 'client_address_header = "X Real IP"', '"X Real IP"', "X-Real-IP"],
    ["a header with an underscore", 'client_address_header = "X_Real_IP"', '"X_Real_IP"', "without underscores"],
    ["an empty header", 'client_address_header = ""', '""', "X-Real-IP"],
    ["a network that is a name", 'internal_ips = ["office"]', '"office"', ""],
    ["a proxy with a line break", 'trusted_proxies = ["a\\n1"]', '"a\\n1"', ""],
    ["a pattern that does not compile", 'admin_ignored_urls = ["^("]', '"^("', ""],
    ["an empty pattern", 'default_exemptions = [""]', '""', ""],
    ["no seconds", "retry_after = 0", "0", "at least 1"],
    ["part of a second", "retry_after = 0.5", "0.5", 'such as "5m"'],
    ["a duration in words", 'retry_after = "soon"', '"soon"', "45m"],
    ["a time for an age", "ready_max_age = 10:00:00", '"10:00:00"', 'such as "5m"'],
    ["a duration that is a number", "longest_period = 48", "48", 'such as "48h"'],
    ["a duration without its unit", 'remind_after = "4"', '"4"', "4h for hours"],
    ["no duration", 'notice_lead = "0s"', '"0s"', "at least 1s"],
    ["an empty duration", 'longest_period = ""', '""', "45m"],
    ["a duration in months", 'longest_period = "P1M"', '"P1M"', "count days"],
    ["an offset in a time for a zone", 'timezone = "T12:00+01:00"', '"T12:00+01:00"', '"Europe/Berlin"'],
    ["a relative folder", 'templates = "templates"', '"templates"', "an absolute folder"],
    ["a relative file", 'maintenance_503_template = "503.html"', '"503.html"', "an absolute file"],
    ["a truth that is a number", "public_reason = 1", "1", "use true or false"],
    ["a truth that is a word", 'public_reason = "no"', '"no"', "use true or false"],
    ["a truth in capitals", 'public_reason = "FALSE"', '"FALSE"', "use true or false"],
    ["no truth", 'public_reason = ""', '""', "use true or false"],
    ["a way in without its slash", 'staff_url = "admin/"', '"admin/"', 'a path that begins with one "/"'],
    ["a way in to any host", 'staff_url = "//evil.example/"', '"//evil.example/"', 'a path that begins with one "/"'],
    ["the same with a backslash", 'staff_url = "/\\\\evil.example/"', '"/\\\\evil.example/"', "a path"],
    ["a way in that is a script", 'staff_url = "javascript:alert(1)"', '"javascript:alert(1)"', "a path"],
    ["a way in with a line break", 'staff_url = "/a\\nb"', '"/a\\nb"', "a path"],
    ["a way in with a space", 'staff_url = "/a b"', '"/a b"', "a path"],
    [
      "a way in with a password",
      'staff_url = "https://a:b@c.example/"',
      '"https://a:b@c.example/"',
      "a user name or password",
    ],
    ["a way in that is too long", `staff_url = "/${"a".repeat(2_000)}"`, "aaa", "a path"],
    ["a page that is found", "status_code = 200", "200", "503: with Retry-After it is the only status"],
    ["a page that is gone", "status_code = 410", "410", "404 and 410 pages are dropped"],
    ["a redirect for a status", "status_code = 302", "302", 'set by "lull site set SITE --redirect URL"'],
    ["a status in words", 'status_code = "unavailable"', '"unavailable"', "503"],
    ["an almost right status", "status_code = 503.5", "503.5", "503"],
    ["a place that is no time zone", 'timezone = "Mars/Olympus"', '"Mars/Olympus"', '"Europe/Berlin"'],
    ["a bare offset", 'timezone = "+01:00"', '"+01:00"', '"Europe/Berlin"'],
    ["a value with a line break", 'timezone = "a\\nb"', '"a\\nb"', '"Europe/Berlin"'],
  ])("%s", (_, toml, quoted, says) => {
    const fault = faultOf(() => fromFile(toml));
    const key = toml.slice(toml.lastIndexOf("\n") + 1, toml.lastIndexOf(" = "));
    expect(fault).toStartWith(key);
    expect(fault).toContain(quoted);
    expect(fault).toContain(says);
    expect(fault).not.toContain("\n");
  });

  test("a value of any length makes a short fault", () => {
    expect(faultOf(() => fromEnvironment("timezone", "x".repeat(100_000))).length).toBeLessThan(300);
  });
});
