import { describe, expect, test } from "bun:test";
import type { ConfigSources } from "../src/config/file.ts";
import { describeOrigin, originOf } from "../src/config/keys.ts";
import { loadConfig, policyOf } from "../src/config.ts";
import { LullError } from "../src/gate/error.ts";
import { machineWith } from "./support/machine.ts";

const SYSTEM = "/etc/lull/lull.toml";

function sourcesWith(parts: Partial<ConfigSources>): ConfigSources {
  return { flags: {}, environment: {}, machine: machineWith(), ...parts };
}

function faultsOf(parts: Partial<ConfigSources>): readonly string[] {
  try {
    loadConfig(sourcesWith(parts));
  } catch (error) {
    if (error instanceof LullError && error.kind === "usage") return error.message.split("\n");
    throw error;
  }
  return [];
}

describe("loadConfig", () => {
  test("an ordinary user without any configuration gets the defaults", () => {
    expect(loadConfig(sourcesWith({}))).toEqual({
      database: "file:/home/ada/.local/share/lull/lull.db",
      listen: ["127.0.0.1:8503"],
      adminListen: "",
      socketMode: 0o660,
      socketGroup: "",
      databaseGroup: "",
      defaultSite: 1,
      unknownHost: "default-site",
      trustedProxies: ["loopback", "unix"],
      clientAddressHeader: "X-Real-IP",
      internalIps: [],
      adminIgnoredUrls: ["/admin"],
      defaultExemptions: ["/robots.txt", "/.well-known/acme-challenge/", "/.well-known/security.txt"],
      retryAfterSeconds: 300,
      mirror: "",
      templates: "",
      maintenance503Template: "",
      publicReason: true,
      staffUrl: "",
      staff: { blockStaff: false, claims: { staff: null, superuser: null }, tokens: null, probe: null },
      timezone: "Europe/Berlin",
      longestPeriodMs: 172_800_000,
      remindAfterMs: 14_400_000,
      noticeLeadMs: 86_400_000,
      readyMaxAgeMs: 60_000,
      logLevel: "info",
      configFile: null,
      origin: {},
    });
  });

  test("the socket is listened on where its folder can hold it", () => {
    const machine = machineWith({ canHold: (folder) => folder === "/run/lull" });
    expect(loadConfig(sourcesWith({ machine })).listen).toEqual(["127.0.0.1:8503", "unix:/run/lull/lull.sock"]);
  });

  test.each([
    ["unknown", ""],
    ["no place on Earth", "Etc/Unknown"],
  ])("the time zone is UTC where the system's is %s", (_, timezone) => {
    expect(loadConfig(sourcesWith({ machine: machineWith({ timezone }) })).timezone).toBe("UTC");
  });

  test("flags win over the environment, the environment over the file, the file over defaults", () => {
    const config = loadConfig({
      flags: { "log-level": "error" },
      environment: { LULL_LOG_LEVEL: "warn", LULL_DEFAULT_SITE: "2" },
      machine: machineWith({ files: { [SYSTEM]: 'log_level = "debug"\ndefault_site = 3\nretry_after = 60\n' } }),
    });
    expect([config.logLevel, config.defaultSite, config.retryAfterSeconds, config.unknownHost]).toEqual([
      "error",
      2,
      60,
      "default-site",
    ]);
    expect(describeOrigin(originOf(config, "log_level"))).toBe("--log-level");
    expect(describeOrigin(originOf(config, "default_site"))).toBe("LULL_DEFAULT_SITE");
    expect(describeOrigin(originOf(config, "retry_after"))).toBe(SYSTEM);
    expect(describeOrigin(originOf(config, "unknown_host"))).toBe("the default");
    expect(config.configFile).toBe(SYSTEM);
  });

  test("the whole of it is frozen, and can be posted to a Worker", () => {
    const config = loadConfig(sourcesWith({ flags: { listen: "127.0.0.1:0" } }));
    expect(
      [config, config.listen, config.trustedProxies, config.origin, config.origin.listen].every(Object.isFrozen),
    ).toBe(true);
    expect(structuredClone(config)).toEqual(config);
  });

  test("the policy is the part that takes part in a verdict", () => {
    const flags = {
      "unknown-host": "closed",
      "default-site": "7",
      "notice-lead": "3h",
      "public-reason": "false",
      "block-staff": "true",
    };
    const config = loadConfig(sourcesWith({ flags }));
    expect(policyOf(config)).toEqual({
      unknownHost: "closed",
      defaultSite: 7,
      noticeLeadMs: 10_800_000,
      publicReason: false,
      blockStaff: true,
    });
  });
});

describe("the configuration file", () => {
  const files = {
    "/a/flag.toml": "default_site = 11",
    "/a/variable.toml": "default_site = 12",
    [SYSTEM]: "default_site = 13",
    "/xdg/lull/lull.toml": "default_site = 14",
    "/home/ada/.config/lull/lull.toml": "default_site = 15",
  };
  const { [SYSTEM]: _, ...personal } = files;

  test.each([
    ["the flag's", { config: "/a/flag.toml" }, { LULL_CONFIG: "/a/variable.toml" }, files, 11],
    ["the flag's, relative to the current folder", { config: "../a/flag.toml" }, {}, files, 11],
    ["the variable's", {}, { LULL_CONFIG: "/a/variable.toml" }, files, 12],
    ["the system's", {}, { XDG_CONFIG_HOME: "/xdg" }, files, 13],
    ["the one in XDG_CONFIG_HOME", {}, { XDG_CONFIG_HOME: "/xdg" }, personal, 14],
    ["the user's", {}, {}, personal, 15],
    ["the user's, when XDG_CONFIG_HOME is empty", {}, { XDG_CONFIG_HOME: "" }, personal, 15],
    ["the user's, when XDG_CONFIG_HOME is relative", {}, { XDG_CONFIG_HOME: "xdg" }, personal, 15],
    ["none", {}, {}, {}, 1],
  ])("is %s", (_name, flags, environment, texts, site) => {
    const machine = machineWith({ files: texts, workingFolder: "/b" });
    expect(loadConfig({ flags, environment, machine }).defaultSite).toBe(site);
  });

  test.each([
    ["that a flag names and is missing", { config: "/no.toml" }, {}, '--config: there is no file "/no.toml"'],
    [
      "that a variable names and is missing",
      {},
      { LULL_CONFIG: "/no.toml" },
      'LULL_CONFIG: there is no file "/no.toml"',
    ],
    [
      "that a variable names by a relative path",
      {},
      { LULL_CONFIG: "lull.toml" },
      'LULL_CONFIG: "lull.toml" is not an absolute path',
    ],
    ["with an empty name", {}, { LULL_CONFIG: "" }, 'LULL_CONFIG: "" is not an absolute path'],
  ])("%s is a fault", (_name, flags, environment, fault) => {
    const machine = machineWith({ files: { [SYSTEM]: "", "/somewhere/else/lull.toml": "" } });
    const faults = faultsOf({ flags, environment, machine });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toStartWith(fault);
  });

  test("that cannot be read is a fault, with the system's words", () => {
    const machine = machineWith({
      files: { [SYSTEM]: "" },
      readText: () => {
        throw new Error("EACCES: permission denied");
      },
    });
    expect(faultsOf({ machine })).toEqual([`${SYSTEM} cannot be read: EACCES: permission denied`]);
  });

  test.each([
    ["in the first line", "listen = [\n", 1],
    ["in the last line", 'log_level = "info"\n\n# words\nlog_level = "warn"\n', 4],
    ["in the middle", 'default_site = 1\nlisten = [\n  "127.0.0.1:1",\n]\na b = 2\ntimezone = "UTC"\n', 5],
    ["in a list of several lines", 'default_site = 1\nlisten = [\n  "a" "b",\n]\n', 2],
  ])("that is broken %s is a fault with its line", (_name, text, line) => {
    const faults = faultsOf({ machine: machineWith({ files: { [SYSTEM]: text } }) });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toStartWith(`${SYSTEM}:${line}: `);
  });
});

describe("faults", () => {
  test("all are listed, one line each, with key, place, value and what is allowed", () => {
    const faults = faultsOf({
      flags: { "retry-after": "0" },
      environment: { LULL_UNKNOWN_HOST: "maybe", LULL_LISTN: "127.0.0.1:1" },
      machine: machineWith({
        files: { [SYSTEM]: 'default_site = -4\nlog_levle = "info"\nlisten = ["nowhere", "127.0.0.1:99999"]\n' },
      }),
    });
    expect(faults).toEqual([
      `${SYSTEM}: unknown key "log_levle"; did you mean "log_level"?`,
      'environment: unknown variable "LULL_LISTN"; did you mean "LULL_LISTEN"?',
      expect.stringMatching(/^listen \(\/etc\/lull\/lull\.toml\): "nowhere" .*"127\.0\.0\.1:8503"/),
      expect.stringMatching(/^listen \(\/etc\/lull\/lull\.toml\): "127\.0\.0\.1:99999" .*"127\.0\.0\.1:8503"/),
      `default_site (${SYSTEM}): -4 is not allowed; use a whole number, at least 1`,
      'unknown_host (LULL_UNKNOWN_HOST): "maybe" is not allowed; use one of "default-site", "open", "closed"',
      'retry_after (--retry-after): "0" is not allowed; use a whole number, at least 1',
    ]);
  });

  test("a bad value is a fault even where another one wins", () => {
    const faults = faultsOf({ flags: { "default-site": "1" }, environment: { LULL_DEFAULT_SITE: "one" } });
    expect(faults).toEqual(['default_site (LULL_DEFAULT_SITE): "one" is not allowed; use a whole number, at least 1']);
  });

  test.each([
    [
      "a key of the file",
      "MAINTENANCE_BLOCK_STAFF = true",
      `${SYSTEM}: unknown key "MAINTENANCE_BLOCK_STAFF"; the keys are database, listen, `,
    ],
    ["a table of the file", "[server]\nlisten = []", `${SYSTEM}: unknown key "server"; the keys are `],
    ["a key in capitals", "LISTEN = []", `${SYSTEM}: unknown key "LISTEN"; did you mean "listen"?`],
    ["a key with dashes", "log-level = 1", `${SYSTEM}: unknown key "log-level"; did you mean "log_level"?`],
    [
      "the beginning of a key",
      'jwt_secret = "x"',
      `${SYSTEM}: unknown key "jwt_secret"; did you mean "jwt_secret_file"?`,
    ],
    [
      "the beginning of several",
      "Staff = true",
      `${SYSTEM}: unknown key "Staff"; did you mean "staff_url" or "staff_claim" or "staff_probe" or "staff_probe_headers"?`,
    ],
    [
      "a key that goes on",
      "staff_probe_headers_of_mine = []",
      `${SYSTEM}: unknown key "staff_probe_headers_of_mine"; did you mean "staff_probe_headers"?`,
    ],
    ["half a word of a key", "listened_to = 1", `${SYSTEM}: unknown key "listened_to"; the keys are `],
    ["a key that only an object has", "toString = 1", `${SYSTEM}: unknown key "toString"; the keys are `],
  ])("%s that means nothing is one", (_name, text, fault) => {
    const faults = faultsOf({ machine: machineWith({ files: { [SYSTEM]: text } }) });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toStartWith(fault);
  });

  test.each([
    ["a mistyped key", "LULL_TIMEZONES", "UTC", 'unknown variable "LULL_TIMEZONES"; did you mean "LULL_TIMEZONE"?'],
    [
      "a key in small letters",
      "LULL_listen",
      "127.0.0.1:1",
      'unknown variable "LULL_listen"; did you mean "LULL_LISTEN"?',
    ],
    [
      "the beginning of a key",
      "LULL_JWT_SECRET",
      "x",
      'unknown variable "LULL_JWT_SECRET"; did you mean "LULL_JWT_SECRET_FILE"?',
    ],
    ["what looks like a bypass", "LULL_BYPASS_URLS", "x", 'unknown variable "LULL_BYPASS_URLS"; the keys are '],
    ["a port, which is no key", "LULL_PORT", "8503", 'unknown variable "LULL_PORT"; the keys are '],
  ])("%s in the environment is one", (_name, variable, value, fault) => {
    const faults = faultsOf({ environment: { [variable]: value } });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toStartWith(`environment: ${fault}`);
  });

  test("a flag that means nothing is one", () => {
    expect(faultsOf({ flags: { default_site: "1" } })).toEqual([
      'command line: unknown flag "--default_site"; did you mean "default-site"?',
    ]);
  });

  test.each([
    ["the place of the file", "LULL_CONFIG", SYSTEM],
    ["a variable that is not set", "LULL_LISTN", undefined],
    ["another program's", "LULLABY", "1"],
    ["the link of lull run", "LULL_BYPASS_URL", "https://shop.example/.lull/bypass/x"],
    ["one of several tokens of lull run", "LULL_BYPASS_TOKEN_12", "x"],
    ["Kubernetes's service", "LULL_SERVICE_HOST", "10.0.0.1"],
    ["Kubernetes's port", "LULL_PORT", "tcp://10.0.0.1:8503"],
    ["Kubernetes's named port", "LULL_SERVICE_PORT_CHECKS", "8503"],
    ["Kubernetes's port in detail", "LULL_PORT_8503_TCP_ADDR", "10.0.0.1"],
    ["Kubernetes's service of another name", "LULL_BLUE_PORT_8503_TCP", "tcp://10.0.0.1:8503"],
  ])("%s in the environment is none", (_name, variable, value) => {
    const machine = machineWith({ files: { [SYSTEM]: "" } });
    expect(faultsOf({ environment: { [variable]: value }, machine })).toEqual([]);
  });
});
